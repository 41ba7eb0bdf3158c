#include "cpp/session/request_book.h"

#include <algorithm>
#include <utility>

namespace enishi::client {
namespace {

// A server that says "later" without saying when is not asked more often than this.
constexpr Instant kPutOffAtLeast{50};

/// More of this answer follows in another frame. Takes the word back, so that the joined answer does not say so.
bool take_more(v1::ServerFrame& frame) {
  const auto take = [](auto& list) {
    const bool more = list.more();
    list.set_more(false);
    return more;
  };
  switch (frame.body_case()) {
    case v1::ServerFrame::kHeads:
      return take(*frame.mutable_heads());
    case v1::ServerFrame::kInvitations:
      return take(*frame.mutable_invitations());
    case v1::ServerFrame::kDevices:
      return take(*frame.mutable_devices());
    case v1::ServerFrame::kPresences:
      return take(*frame.mutable_presences());
    case v1::ServerFrame::kReceipts:
      return take(*frame.mutable_receipts());
    case v1::ServerFrame::kMemberViews:
      return take(*frame.mutable_member_views());
    default:
      return false;
  }
}

bool is_later(const v1::ServerFrame& frame) {
  return frame.has_error() && frame.error().code() >= 200 && frame.error().code() < 300;
}

}  // namespace

std::uint64_t RequestBook::add(v1::ClientFrame frame, AnswerCallback callback, OnLoss on_loss) {
  const auto id = next_id();
  frame.set_request_id(id);
  entries_.emplace(
      id, Entry{std::move(frame), std::move(callback), on_loss, false, std::nullopt, std::nullopt, std::nullopt});
  return id;
}

std::vector<v1::ClientFrame> RequestBook::take(Instant now, std::size_t window) {
  std::vector<v1::ClientFrame> frames;
  for (auto& [id, entry] : entries_) {
    entry.offered = true;
    if (unanswered_ >= window || entry.sent || (entry.not_before && *entry.not_before > now)) continue;
    entry.sent = true;
    entry.not_before.reset();
    entry.put_off.reset();
    ++unanswered_;
    frames.push_back(entry.frame);
  }
  full_ = unanswered_ >= window;
  return frames;
}

bool RequestBook::answer(std::uint64_t request_id, v1::ServerFrame& frame, Instant now, bool keep) {
  const auto at = entries_.find(request_id);
  if (at == entries_.end() || !at->second.sent) return false;
  if (is_later(frame) && at->second.on_loss == OnLoss::repeat) {
    at->second.sent = false;
    at->second.not_before = now + std::max(kPutOffAtLeast, Instant{frame.error().retry_after_ms()});
    at->second.put_off = std::move(*frame.mutable_error());
    --unanswered_;
    return true;
  }
  const bool more = take_more(frame);
  auto& pieces = at->second.pieces;
  if (pieces && pieces->body_case() == frame.body_case())
    pieces->MergeFrom(frame);
  else
    pieces = std::move(frame);
  if (more) return true;
  Answer answer;
  answer.frame = *std::exchange(pieces, std::nullopt);
  auto callback = at->second.callback;
  // Out of the book before the callback, which may add to it or stop the machine.
  if (!keep) {
    --unanswered_;
    entries_.erase(at);
  }
  if (callback) callback(answer);
  return true;
}

void RequestBook::on_disconnected() {
  std::vector<AnswerCallback> lost;
  unanswered_ = 0;
  full_ = false;
  for (auto at = entries_.begin(); at != entries_.end();) {
    if (at->second.offered && at->second.on_loss == OnLoss::fail) {
      lost.push_back(std::move(at->second.callback));
      at = entries_.erase(at);
    } else {
      at->second.sent = false;
      at->second.pieces.reset();
      ++at;
    }
  }
  for (const auto& callback : lost)
    if (callback) callback(Answer{{}, true});
}

void RequestBook::fail_all() {
  const auto entries = std::exchange(entries_, {});
  unanswered_ = 0;
  full_ = false;
  for (const auto& [id, entry] : entries)
    if (entry.callback) entry.callback(Answer{{}, true});
}

std::optional<v1::Error> RequestBook::put_off() const {
  std::optional<v1::Error> longest;
  for (const auto& [id, entry] : entries_)
    if (entry.put_off && (!longest || longest->retry_after_ms() < entry.put_off->retry_after_ms()))
      longest = entry.put_off;
  return longest;
}

std::optional<Instant> RequestBook::wakeup_at() const {
  std::optional<Instant> soonest;
  if (full_) return soonest;  // an answer makes room, no time does
  for (const auto& [id, entry] : entries_)
    if (!entry.sent && entry.not_before && (!soonest || *entry.not_before < *soonest)) soonest = entry.not_before;
  return soonest;
}

}  // namespace enishi::client
