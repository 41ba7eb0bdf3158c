#include "property/real/judge.h"

#include <algorithm>

#include "auth/seals.h"
#include "property/world/context.h"

namespace enishi::property::real {
namespace {

using core::Command;

/// `frame`, of the right device and with the right number, may be what `command` was understood from. Two sessions of a
/// device number their requests alike, so what has no client_id of its own is told apart by its content.
bool fits(const v1::ClientFrame& frame, const Command& command) {
  core::ClientId id;
  static_cast<void>(id.assign(frame.client_id()));
  if (id != command.client_id) return false;
  const auto& body = command.body;
  if (const auto* join = std::get_if<core::Join>(&body)) return frame.join().key() == join->key.view();
  if (const auto* recover = std::get_if<core::Recover>(&body)) return frame.recover().key() == recover->key.view();
  if (const auto* present = std::get_if<core::PairPresent>(&body))
    return frame.pair_present().key() == present->key.view();
  if (const auto* offer = std::get_if<core::PairOffer>(&body))
    return frame.has_pair_offer() && auth::hash_secret(frame.pair_offer().secret()) == offer->secret_hash;
  if (const auto* send = std::get_if<core::Send>(&body)) return frame.has_send() && frame.send().body() == send->body;
  if (const auto* mark = std::get_if<core::MarkRead>(&body))
    return frame.has_read() && frame.read().conversation_id() == mark->conversation.view() &&
           frame.read().read_through_seq() == mark->through.value && frame.read().rev() == mark->rev;
  if (const auto* flag = std::get_if<core::SetFlag>(&body))
    return frame.has_set_flag() && frame.set_flag().conversation_id() == flag->conversation.view() &&
           frame.set_flag().kind() == static_cast<v1::RegisterKind>(flag->kind) && frame.set_flag().on() == flag->on;
  if (const auto* flag = std::get_if<core::SetMessageFlag>(&body)) {
    const auto& wanted = frame.set_message_flag();
    return frame.has_set_message_flag() && wanted.conversation_id() == flag->conversation.view() &&
           wanted.seq() == flag->target.value && wanted.kind() == static_cast<v1::RegisterKind>(flag->kind) &&
           wanted.on() == flag->on;
  }
  if (const auto* stored = std::get_if<core::Stored>(&body))
    return frame.has_stored() && frame.stored().conversation_id() == stored->conversation.view() &&
           frame.stored().through_seq() == stored->through.value;
  if (const auto* receipts = std::get_if<core::SetReceipts>(&body))
    return frame.has_set_receipts() && frame.set_receipts().on() == receipts->on;
  if (const auto* profile = std::get_if<core::SetProfile>(&body))
    return frame.has_set_profile() && frame.set_profile().name() == profile->name &&
           frame.set_profile().hue() == profile->hue;
  if (const auto* picture = std::get_if<core::SetPicture>(&body))
    return frame.has_set_picture() && frame.set_picture().picture() == picture->bytes;
  return true;
}

}  // namespace

void Judge::rethrow() {
  const auto guard = lock();
  if (!broken_.empty()) throw Broken{broken_};
}

void Judge::on_sent(const std::string& device, std::string_view frame) {
  v1::ClientFrame sent;
  expect(sent.ParseFromArray(frame.data(), static_cast<int>(frame.size())), "a client encoded what nobody can read");
  auto& same = sent_[{device, sent.request_id()}];
  const auto is_same = [&](const v1::ClientFrame& other) { return other.SerializeAsString() == frame; };
  if (std::ranges::none_of(same, is_same)) same.push_back(std::move(sent));
}

void Judge::on_operator(const core::ReplyAddress& from, model::Command command) {
  const auto guard = lock();
  oracle_.on_operator(from, std::move(command));
}

v1::ClientFrame Judge::frame_of(const Command& command) const {
  const auto device = oracle_.history.key_of(command.sender.device);
  if (const auto frames = sent_.find({device, command.reply_to.request}); frames != sent_.end())
    for (const auto& frame : frames->second)
      if (fits(frame, command)) return frame;
  throw Broken{"the sequencer got a command that no client sent: request " + std::to_string(command.reply_to.request) +
               " of " + (device.empty() ? "a stranger" : device.substr(0, 4)) + ", kind " +
               std::to_string(command.body.index())};
}

void Judge::on_command(const Command& command) {
  const auto guard = lock();
  if (is_dead_ || !broken_.empty()) return;
  const bool wants_answer = !std::holds_alternative<core::DeviceSeen>(command.body);
  const auto* invitation = std::get_if<core::InviteMake>(&command.body);
  const bool of_operator = invitation != nullptr && invitation->by_operator;
  try {
    if (wants_answer && !of_operator) {
      const auto device = oracle_.history.key_of(command.sender.device);
      oracle_.on_request(command.reply_to, device, frame_of(command).SerializeAsString());
    }
  } catch (const Broken& broken) {
    broken_ = broken.what;
  }
  asked_.push_back({command.reply_to, wants_answer});
}

void Judge::wait_until_idle() {
  auto guard = lock();
  judged_.wait(guard, [this] { return asked_.empty() || is_dead_ || !broken_.empty(); });
}

bool Judge::is_idle() {
  const auto guard = lock();
  return asked_.empty();
}

void Judge::on_commit_begins() {
  mutex_.lock();
  in_commit_ = true;
}

void Judge::on_commit_ends(bool done, const core::Batch* written) {
  commit_failed_ = !done;
  written_.reset();
  if (written != nullptr) written_ = *written;
}

Judge::Lock Judge::lock_after_commit() {
  if (std::exchange(in_commit_, false)) return {mutex_, std::adopt_lock};
  return lock();
}

void Judge::on_group(const sequencer::Group& group, core::WallTime at) {
  const auto guard = lock_after_commit();
  const auto is_answered = [&](const Asked& asked) {
    return !asked.wants_answer || std::ranges::any_of(group.replies, [&](const auto& r) { return r.to == asked.to; });
  };
  std::vector<Asked> decided;
  while (!asked_.empty() && is_answered(asked_.front())) {
    decided.push_back(asked_.front());
    asked_.pop_front();
  }
  judge(decided, &group, at);
}

void Judge::on_death(core::WallTime at) {
  const auto guard = lock_after_commit();
  judge({asked_.begin(), asked_.end()}, nullptr, at);
  asked_.clear();
  is_dead_ = true;
}

void Judge::judge(const std::vector<Asked>& commands, const sequencer::Group* group, core::WallTime at) {
  const auto written = std::exchange(written_, std::nullopt);
  const bool failed = std::exchange(commit_failed_, false);
  try {
    if (broken_.empty()) oracle_.judge(commands, {group, written ? &*written : nullptr, failed, at});
  } catch (const Broken& broken) {
    broken_ = broken.what;
  }
  judged_.notify_all();
}

void Judge::forget_commands() {
  const auto guard = lock();
  asked_.clear();
  is_dead_ = false;
}

}  // namespace enishi::property::real
