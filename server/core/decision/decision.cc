#include "core/decision/decision.h"

#include <utility>

#include "core/planted.h"
#include "core/text.h"

namespace enishi::core {
namespace {

template <class T, class... Any>
constexpr bool kIsOneOf = (std::is_same_v<T, Any> || ...);

/// Requests whose outcome is kept under their client_id. The others say the same however often they are repeated
/// (MarkRead, SetFlag), are keyed by the device's key (Join, Recover, PairPresent), or leave nothing behind.
template <class T>
constexpr bool kIsKept =
    kIsOneOf<T, Send, MarkUnread, InviteMake, InviteRevoke, PairDecide, DeviceRevoke, RecoveryCodesMake, TieChange,
             GroupNew, GroupAdd, GroupRemove, GroupLeave, GroupTitle, Edit, Delete, React, PinMessage, Forward>;
/// Requests that are answered with the event they made.
template <class T>
constexpr bool kIsWritten = kIsOneOf<T, Send, Edit, Delete, React, PinMessage, Forward>;
/// Requests of sessions that have proven nothing yet, and of the daemon itself.
template <class T>
constexpr bool kIsOpen = kIsOneOf<T, Join, PairPresent, Recover, DeviceSeen>;

}  // namespace

Result<Outcome> Decision::decide(const Command& command) {
  command_ = &command;
  change_.position = Position{state_.counters.position.value + 1};
  return std::visit(
      [&](const auto& body) -> Result<Outcome> {
        using Body = std::decay_t<decltype(body)>;
        bool by_operator = false;
        if constexpr (std::is_same_v<Body, InviteMake>) by_operator = body.by_operator;
        if (!kIsOpen<Body> && !by_operator)
          if (const auto proven = check_sender(); !proven) return proven.error();
        if (kIsKept<Body> && !by_operator) {
          auto repeat = check_repeat();
          if (!repeat) return repeat.error();
          if (*repeat) return std::move(**repeat);
        }
        return decide(body);
      },
      command.body);
}

Change Decision::take() {
  if (is_durable())
    state_.counters.position = change_.position;
  else
    change_.position = {};
  return std::move(change_);
}

bool Decision::is_durable() const noexcept {
  return !(change_.members.empty() && change_.devices.empty() && change_.invitations.empty() &&
           change_.recovery_cleared.empty() && change_.recovery_codes.empty() && change_.conversations.empty() &&
           change_.intervals.empty() && change_.events.empty() && change_.registers.empty() && !change_.request);
}

Result<void> Decision::check_sender() const {
  if (!command_->sender.member) return Errc::wrong_state;
  const auto* device = state_.device(command_->sender.device);
  if (ENISHI_PLANT("revoked_device_committed")) return {};
  if (!device || device->revoked || device->generation != command_->sender.generation) return Errc::device_revoked;
  return {};
}

Result<std::optional<Outcome>> Decision::check_repeat() {
  if (command_->client_id.is_zero()) return Errc::bad_request;
  const auto* kept = state_.request(command_->sender.member, command_->client_id);
  if (!kept) return std::optional<Outcome>{};
  // The digest goes with the content that was destroyed: then any content of its kind is taken for the old one.
  const bool is_text =
      std::visit([](const auto& body) { return kIsWritten<std::decay_t<decltype(body)>>; }, command_->body);
  if (kept->digest != command_->digest && !(is_text && kept->digest == Digest{})) return Errc::client_id_reused;
  return std::visit(
      [&](const auto& body) -> std::optional<Outcome> {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (kIsWritten<Body>) return Sent{body.conversation, kept->seq, kept->at, true};
        if constexpr (std::is_same_v<Body, MarkUnread>) return Marked{kept->conversation};
        if constexpr (std::is_same_v<Body, GroupNew>) return GroupMade{kept->conversation};
        if constexpr (std::is_same_v<Body, TieChange>)
          return TieChanged{body.handle, static_cast<TieState>(kept->value & 0xFF), (kept->value & 0x100) != 0};
        if constexpr (std::is_same_v<Body, InviteMake>) {
          const auto* row = state_.invitation(body.secret_hash);
          ENISHI_ASSERT(row != nullptr);
          return InvitationMade{*row};
        }
        return Done{};
      },
      command_->body);
}

Result<Membership*> Decision::open_membership(const PublicId& conversation) {
  auto* membership = state_.membership(command_->sender.member, conversation);
  if (!membership || !membership->is_open()) return Errc::not_found;
  return membership;
}

Result<Membership*> Decision::group_membership(const PublicId& conversation) {
  auto membership = open_membership(conversation);
  if (membership && state_.conversation_of((*membership)->conversation).kind != ConversationKind::group)
    return Errc::not_found;
  return membership;
}

Result<Member*> Decision::tied(const std::string& handle) {
  if (!is_handle(handle)) return Errc::not_found;
  auto* peer = state_.member_by_handle(handle);
  if (state_.tie(command_->sender.member, number_of(handle, peer)) != TieState::mutual) return Errc::not_found;
  return peer;
}

MemberId Decision::number_of(const std::string& handle, const Member* peer) {
  constexpr std::uint64_t kNobody = 1ULL << 62;  // members are counted from 1, and SQLite's numbers end at 2^63
  return peer ? peer->id : MemberId{kNobody | std::hash<std::string>{}(handle) >> 2};
}

Event& Decision::append(LiveConversation& live, EventKind kind, std::string body, std::vector<MemberId> people) {
  const auto author = command_->sender.member;
  Event event;
  event.position = change_.position;
  event.conversation = live.row.id;
  event.seq = Seq{live.end.head.value + 1};
  event.kind = kind;
  event.author = author;
  event.device = command_->sender.device;
  event.client_id = command_->client_id;
  event.at = now_;
  event.body = std::move(body);
  event.people = std::move(people);
  event.rank = live.end.rank + (event.is_countable() ? 1 : 0);
  event.author_rank = state_.author_rank(live, author) + (event.is_countable() ? 1 : 0);
  state_.touch(live);
  live.end = {event.seq, event.position, event.rank};
  live.author_ranks[author] = event.author_rank;
  return change_.events.emplace_back(std::move(event));
}

Register& Decision::write(MemberId member, RegisterKind kind, std::uint64_t object, bool removed) {
  Register row;
  row.member = member;
  row.kind = kind;
  row.object = object;
  row.position = change_.position;
  row.rseq = state_.next_rseq(member);
  row.removed = removed;
  row.by_device = member == command_->sender.member ? command_->sender.device : DeviceId{};
  row.at = now_;
  state_.put(row);
  return change_.registers.emplace_back(std::move(row));
}

void Decision::write_marker(MemberId member, ConversationId conversation, std::uint64_t rev, Seq seq) {
  auto& row = write(member, RegisterKind::marker, conversation.value);
  row.rev = rev;
  row.seq = seq;
  state_.put(row);
  change_.recount.emplace_back(member, conversation);
}

void Decision::write_tie(MemberId member, MemberId peer, TieState tie) {
  auto& row = write(member, RegisterKind::tie, peer.value, tie == TieState::none);
  row.tie = tie;
  state_.put(row);
}

LiveConversation& Decision::new_conversation(ConversationKind kind, std::string title, MemberId owner, MemberId peer) {
  Conversation row{
      ConversationId{++state_.counters.conversation}, entropy_.public_id(), kind, std::move(title), owner, peer, now_};
  change_.conversations.push_back(row);
  return state_.put_conversation(row);
}

void Decision::enter(LiveConversation& live, MemberId member, Seq joined) {
  const auto* earlier = state_.live_register(member, RegisterKind::marker, live.row.id.value);
  const auto rev = earlier ? earlier->rev + 1 : 1;
  const Interval interval{live.row.id, member, joined, {}, change_.position};
  state_.put_interval(live.row.public_id, interval);
  change_.intervals.push_back(interval);
  write(member, RegisterKind::membership, live.row.id.value);
  write_marker(member, live.row.id, rev, joined);
}

void Decision::leave(LiveConversation& live, MemberId member, Seq left) {
  Interval interval = *live.open_interval(member);
  interval.left = left;
  state_.put_interval(live.row.public_id, interval);
  change_.intervals.push_back(interval);
  write(member, RegisterKind::membership, live.row.id.value, true);
}

void Decision::remember(ConversationId conversation, Seq seq, std::uint64_t value) {
  RequestRecord row{command_->sender.member, command_->client_id, command_->digest, conversation, seq, value, now_};
  change_.request = row;
  state_.put(std::move(row));
}

void Decision::recount_shared(MemberId member, MemberId peer) {
  for (const auto& row : state_.lookup().registers_of(member, RegisterKind::membership)) {
    if (!state_.membership(peer, ConversationId{row.object})) continue;
    if (const auto* own = state_.membership(member, ConversationId{row.object}); own && own->is_open())
      change_.recount.emplace_back(member, own->conversation);
  }
}

}  // namespace enishi::core
