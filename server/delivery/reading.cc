#include "delivery/reading.h"

#include <algorithm>
#include <unordered_map>

#include "core/derived/rank.h"
#include "core/planted.h"
#include "delivery/reading/catching_up.h"
#include "delivery/reading/snapshot.h"
#include "wire/encode.h"
#include "wire/since.h"

namespace enishi::delivery {
namespace {

using core::Errc;
using core::Seq;

constexpr std::size_t kInvitationsMax = 1000;  // proto Invitations

/// Answers the queries of one Query::what each, on an open snapshot.
class Answerer {
 public:
  Answerer(Snapshot& snapshot, const Query& query, const ReadingLimits& limits, core::WallTime now,
           core::Position read_at)
      : snapshot_(snapshot), query_(query), limits_(limits), now_(now), read_at_(read_at) {
    answer_.to = query.from;
  }

  void operator()(const FindDevice& find) {
    DeviceFound found;
    found.read_at = read_at_;
    found.device = reader().device_by_public(find.device);
    if (found.device) {
      const auto& member = snapshot_.member_of(found.device->member);
      found.handle = member.handle;
      found.name = member.name;
      found.hue = member.hue;
      found.picture_id = member.picture_id;
      found.member_public = member.public_id;
      if (member.inviter) found.inviter = snapshot_.member_of(member.inviter).handle;
      found.rseq = reader().newest_rseq(member.id);
    }
    answer_.what = std::move(found);
  }

  void operator()(const PreviewInvitation& preview) {
    const auto row = reader().invitation_by_hash(preview.secret_hash);
    if (!row) return refuse(Errc::invitation_unknown);
    answer_.gives_try_back = true;
    if (row->revoked) return refuse(Errc::invitation_revoked);
    if (row->used >= row->uses) return refuse(Errc::invitation_spent);
    if (now_ >= row->expires_at) return refuse(Errc::invitation_expired);
    const auto inviter = row->inviter ? row->inviter : reader().counters().owner;
    core::Member member;
    if (inviter) member = snapshot_.member_of(inviter);
    say(wire::encode_invitation_preview(request(), member.handle, member.name, *row));
  }

  void operator()(const CatchUp& from) {
    answer_.what = catch_up(snapshot_, query_.sender.member, from, read_at_, limits_, answer_.frames);
  }

  void operator()(const PageOf& page) {
    const auto membership = reader().membership(me(), page.conversation);
    if (!membership || !membership->is_open()) return refuse(Errc::not_found);
    const auto head = reader().log_end(membership->conversation).head;
    const Seq visible{std::max<std::uint64_t>(1, membership->intervals.front().joined.value)};
    auto first = std::max(page.first, visible);
    auto last = page.last ? std::min(page.last, head) : head;
    if (first > last) return say(wire::encode_page(request(), snapshot_, page.conversation, {}, {}, head, {}, {}, {}));
    const std::uint64_t slots = std::min<std::uint64_t>(page.limit, last.value - first.value + 1);
    if (page.newest_first)
      first = Seq{last.value - slots + 1};
    else
      last = Seq{first.value + slots - 1};
    auto events = reader().events(membership->conversation, first, last, slots, storage::From::oldest);
    std::erase_if(events, [&](const auto& event) { return !membership->covers(event.seq); });
    // Twice: what a page has no room for anyhow is not looked into.
    const auto ranges = skipped_ranges(*membership, first, last).size();
    cut(events, {}, ranges, first, last, page.newest_first);
    const auto states = states_of(reader(), events, head);
    cut(events, states, ranges, first, last, page.newest_first);
    say(wire::encode_page(request(), snapshot_, page.conversation, first, last, head, events, states,
                          skipped_ranges(*membership, first, last)));
  }

  void operator()(const ChangesOf& changes) {
    constexpr std::size_t kChangesPerAnswer = 500;
    const auto membership = reader().membership(me(), changes.conversation);
    if (!membership || !membership->is_open()) return refuse(Errc::not_found);
    const auto id = membership->conversation;
    const auto head = reader().log_end(id).head;
    const auto found = reader().changes_since(id, changes.first, kChangesPerAnswer);
    std::string next =
        found.size() < kChangesPerAnswer ? std::string() : wire::write_since(Seq{found.back().seq.value + 1});
    std::map<Seq, core::Event> messages;
    wire::MessageStates states;
    std::size_t bytes = 0;
    for (const auto& change : found) {
      if (messages.contains(change.target) || !membership->covers(change.target)) continue;
      auto message = reader().event(id, change.target);
      if (!message) throw core::StoreError{Errc::store_broken};
      states.merge(states_of(reader(), {*message}, head));
      bytes += wire::encoded_size(*message, wire::state_in(states, change.target));
      if (!messages.empty() && bytes > limits_.page_bytes) {
        next = wire::write_since(change.seq);
        break;
      }
      messages.emplace(change.target, *std::move(message));
    }
    std::vector<core::Event> events;
    for (auto& [seq, message] : messages) events.push_back(std::move(message));
    say(wire::encode_changes(request(), snapshot_, changes.conversation, events, states, next));
  }

  void operator()(const ReceiptsOf& of) {
    const auto membership = reader().membership(me(), of.conversation);
    if (!membership || !membership->is_open()) return refuse(Errc::not_found);
    const auto id = membership->conversation;
    std::vector<wire::ReceiptView> found;
    for (const auto& interval : reader().open_intervals(id)) {
      if (interval.member == me() || !is_mutual(interval.member)) continue;
      const auto seq_of = [&](core::RegisterKind kind) {
        const auto row = reader().find_register(interval.member, kind, id.value);
        return row ? row->seq : Seq{};
      };
      const bool both = gives_receipts(me()) && gives_receipts(interval.member);
      wire::ReceiptView view{
          of.conversation, snapshot_.member_of(interval.member).handle, seq_of(core::RegisterKind::stored), {}};
      if (both) view.read = seq_of(core::RegisterKind::read_through);
      if (view.delivered || view.read) found.push_back(std::move(view));
    }
    std::ranges::sort(found, {}, &wire::ReceiptView::handle);
    answer_.frames = wire::encode_receipts(request(), of.conversation, found);
  }

  void operator()(const PictureOf& of) {
    const auto peer = may_see(of);
    const auto bytes = peer ? reader().picture(peer->id) : std::string();
    if (bytes.empty()) return refuse(Errc::not_found);
    say(wire::encode_picture(request(), peer->picture_id, bytes));
  }

  void operator()(const MembersOf& of) {
    const auto membership = reader().membership(me(), of.conversation);
    if (!membership || !membership->is_open()) return refuse(Errc::not_found);
    const auto& conversation = snapshot_.conversation_of(membership->conversation);
    std::vector<wire::MemberRow> rows;
    const bool is_group = conversation.kind == core::ConversationKind::group;
    for (const auto& interval : reader().open_intervals(conversation.id)) {
      const auto id = interval.member;
      // A direct conversation outlives its tie, what the other shows of himself does not.
      rows.push_back(
          {snapshot_.member_of(id), is_group && id == conversation.owner, is_group || id == me() || is_mutual(id)});
    }
    std::ranges::sort(rows, {}, [](const auto& row) { return row.member.handle; });
    answer_.frames = wire::encode_members(request(), of.conversation, rows);
  }

  void operator()(const ListHeads&) {
    std::vector<std::pair<core::Position, wire::HeadView>> found;
    for_each_membership([&](const core::Membership& membership) {
      const auto end = reader().log_end(membership.conversation);
      found.emplace_back(end.position, snapshot_.head_of(me(), membership, end));
    });
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<wire::HeadView> heads;
    for (auto& [position, head] : found) heads.push_back(std::move(head));
    answer_.frames = wire::encode_heads(request(), heads);
  }

  void operator()(const ListInvitations&) {
    auto rows = reader().invitations_of(me());
    if (rows.size() > kInvitationsMax) rows.resize(kInvitationsMax);
    answer_.frames = wire::encode_invitations(request(), rows, now_);
  }
  void operator()(const ListDevices& list) {
    answer_.frames =
        wire::encode_devices(request(), reader().devices_of(me()), query_.sender.device, list.online, now_);
  }

  void operator()(const Resolve& resolve) {
    Resolved resolved;
    resolved.typing = resolve.typing;
    resolved.read_at = read_at_;
    resolved.handle = snapshot_.member_of(me()).handle;
    for (const auto& name : resolve.conversations) {
      const auto membership = reader().membership(me(), name);
      if (!membership || !membership->is_open()) {
        resolved.all_found = false;
        continue;
      }
      auto members = std::make_shared<std::vector<core::MemberId>>();
      if (!resolve.typing || shows_typing(membership->conversation))
        for (const auto& interval : reader().open_intervals(membership->conversation))
          members->push_back(interval.member);
      resolved.found.emplace_back(name, membership->conversation);
      resolved.audiences.push_back(std::move(members));
    }
    answer_.what = std::move(resolved);
  }

  void operator()(const ResolveTies& resolve) {
    TiesResolved resolved;
    resolved.read_at = read_at_;
    resolved.watch = resolve.watch;
    resolved.all = resolve.handles.empty();
    for (const auto& handle : resolve.handles) {
      // One look-up of the handle and one of the asker's own tie, whether there is anybody or not.
      const auto peer = reader().member_by_handle(handle);
      const bool mutual = is_mutual(peer ? peer->id : core::MemberId{});
      resolved.ties.emplace_back(handle, mutual ? peer->id : core::MemberId{});
    }
    if (resolve.handles.empty())
      for (const auto& row : reader().registers_of(me(), core::RegisterKind::tie))
        if (row.tie == core::TieState::mutual)
          resolved.ties.emplace_back(snapshot_.member_of(core::MemberId{row.object}).handle,
                                     core::MemberId{row.object});
    answer_.what = std::move(resolved);
  }

  void operator()(const BatonOf& of) {
    const auto devices = reader().devices_of(me());
    const auto asking = std::ranges::find(devices, query_.sender.device, &core::Device::id);
    if (asking == devices.end()) return refuse(Errc::not_found);
    BatonChecked checked{of.baton, {}, {}, asking->name, asking->public_id};
    if (of.baton) {
      // Both are looked up, whether the first is there or not.
      const auto membership = reader().membership(me(), of.baton->conversation);
      const auto to = std::ranges::find(devices, of.baton->device, &core::Device::public_id);
      const bool is_fit =
          to != devices.end() && to != asking && (!to->revoked || ENISHI_PLANT("baton_to_revoked_device"));
      if (!is_fit || !membership || !membership->is_open()) return refuse(Errc::not_found);
      checked.to = to->id;
      checked.to_name = to->name;
    }
    answer_.what = std::move(checked);
  }

  Answer take() { return std::move(answer_); }

 private:
  storage::Reader& reader() { return snapshot_.reader(); }
  [[nodiscard]] core::MemberId me() const { return query_.sender.member; }
  [[nodiscard]] std::uint64_t request() const { return query_.from.request; }
  bool is_mutual(core::MemberId peer) {
    const auto row = reader().find_register(me(), core::RegisterKind::tie, peer.value);
    return row && !row->removed && row->tie == core::TieState::mutual;
  }
  bool gives_receipts(core::MemberId member) {
    const auto row = reader().find_register(member, core::RegisterKind::no_receipts, 0);
    return !row || row->removed;
  }
  /// Looks at the asker's own memberships and ties; the same reads whether there is such a person or not.
  std::optional<core::Member> may_see(const PictureOf& of) {
    const auto peer = reader().member_by_handle(of.handle);
    const auto id = peer ? peer->id : core::MemberId{};
    if (id == me()) return peer;
    if (of.conversation.is_zero()) return is_mutual(id) ? peer : std::nullopt;
    const auto membership = reader().membership(me(), of.conversation);
    if (!membership || !membership->is_open()) return std::nullopt;
    const auto members = reader().open_intervals(membership->conversation);
    if (std::ranges::find(members, id, &core::Interval::member) == members.end()) return std::nullopt;
    // As in MembersOf.
    const bool is_group = snapshot_.conversation_of(membership->conversation).kind == core::ConversationKind::group;
    return is_group || is_mutual(id) ? peer : std::nullopt;
  }
  /// The history of a direct conversation outlives its tie, its signals do not.
  bool shows_typing(core::ConversationId id) {
    const auto& row = snapshot_.conversation_of(id);
    return row.kind != core::ConversationKind::direct || is_mutual(row.owner == me() ? row.peer : row.owner);
  }
  void say(wire::Frame frame) { answer_.frames.push_back(std::move(frame)); }
  void refuse(Errc code) { say(wire::encode_error(request(), code)); }

  template <class Visit>
  void for_each_membership(Visit&& visit) {
    constexpr std::size_t kPage = 500;
    core::ConversationId after;
    for (;;) {
      const auto page = reader().memberships(me(), after, kPage);
      for (const auto& membership : page) visit(membership);
      if (page.size() < kPage) return;
      after = page.back().conversation;
    }
  }

  /// Keeps the page below page_bytes: drops events at the end that is asked for last, and moves that end.
  void cut(std::vector<core::Event>& events, const wire::MessageStates& states, std::size_t ranges, Seq& first,
           Seq& last, bool newest_first) const {
    constexpr std::size_t kSkippedBytes = 24;
    std::size_t bytes = ranges * kSkippedBytes, kept = 0;
    while (kept < events.size()) {
      const auto& event = newest_first ? events[events.size() - 1 - kept] : events[kept];
      bytes += wire::encoded_size(event, wire::state_in(states, event.seq));
      if (kept > 0 && bytes > limits_.page_bytes) break;
      ++kept;
    }
    if (kept == events.size()) return;
    if (newest_first) {
      events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(kept));
      first = events.front().seq;
    } else {
      events.resize(kept);
      last = events.back().seq;
    }
  }

  Snapshot& snapshot_;
  const Query& query_;
  const ReadingLimits& limits_;
  core::WallTime now_;
  core::Position read_at_;
  Answer answer_;
};

}  // namespace

Answer answer(storage::Reader& reader, const Query& query, const ReadingLimits& limits, core::WallTime now) {
  try {
    const OpenSnapshot open(reader);
    Snapshot snapshot(reader);
    Answerer answerer(snapshot, query, limits, now, open.newest());
    std::visit(answerer, query.what);
    return answerer.take();
  } catch (const core::StoreError&) {
    Answer failed;
    failed.to = query.from;
    failed.store_failed = true;
    failed.gives_try_back = std::holds_alternative<PreviewInvitation>(query.what);
    return failed;
  }
}

}  // namespace enishi::delivery
