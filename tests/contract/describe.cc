#include "contract/describe.h"

#include <type_traits>

namespace enishi::test {
namespace {

std::string word(const std::string& text) { return "'" + text + "'"; }
std::string word(core::WallTime at) { return std::to_string(at.time_since_epoch().count()); }
template <class Tag>
std::string word(const core::Id<Tag>& id) {
  return std::to_string(id.value);
}
template <std::size_t N, class Tag>
std::string word(const core::Bytes<N, Tag>& bytes) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string hex;
  for (const auto byte : bytes.value) {
    hex += kDigits[byte / 16];
    hex += kDigits[byte % 16];
  }
  return hex;
}
std::string word(const std::vector<core::MemberId>& people) {
  std::string all = "[";
  for (const auto id : people) all += word(id) + " ";
  return all + "]";
}
template <class Number>
requires(std::is_integral_v<Number> || std::is_enum_v<Number>) std::string word(Number number) {
  return std::to_string(static_cast<std::uint64_t>(number));
}

template <class... Fields>
std::string words(const char* noun, const Fields&... fields) {
  std::string all = noun;
  ((all += " " + word(fields)), ...);
  return all;
}

}  // namespace

std::string describe(const core::Member& row) {
  return words("member", row.id, row.public_id, row.handle, row.name, row.inviter, row.joined_at, row.joined, row.hue,
               row.picture_id);
}
std::string describe(const core::Device& row) {
  return words("device", row.id, row.public_id, row.member, row.name, row.key, row.generation, row.created_at,
               row.last_seen, row.revoked);
}
std::string describe(const core::Invitation& row) {
  return words("invitation", row.id, row.public_id, row.secret_hash, row.inviter, row.uses, row.used, row.created_at,
               row.expires_at, row.revoked, row.note);
}
std::string describe(const core::RecoveryCode& row) { return words("code", row.member, row.hash, row.used_by); }
std::string describe(const core::Conversation& row) {
  return words("conversation", row.id, row.public_id, row.kind, row.title, row.owner, row.peer, row.created_at);
}
std::string describe(const core::Interval& row) {
  return words("interval", row.conversation, row.member, row.joined, row.left, row.since);
}
std::string describe(const core::Membership& row) {
  return words("membership", row.conversation) + "\n" + describe(row.intervals);
}
std::string describe(const core::Event& row) {
  return words("event", row.position, row.conversation, row.seq, row.kind, row.author, row.device, row.client_id,
               row.at, row.reply_to, row.body, row.people, row.rank, row.author_rank, row.target, row.target_author,
               row.counted, row.on, row.mentions_all, row.former_people, row.former_mentions_all, row.destroyed,
               row.origin, row.origin_at);
}
std::string describe(const core::Register& row) {
  return words("register", row.member, row.kind, row.object, row.position, row.rseq, row.removed, row.rev, row.seq,
               row.by_device, row.tie, row.at, row.text, row.caret, row.reply_to);
}
std::string describe(const core::RequestRecord& row) {
  return words("request", row.author, row.client_id, row.digest, row.conversation, row.seq, row.value, row.at);
}
std::string describe(const core::Incarnation& row) { return words("incarnation", row.number, row.random, row.first); }
std::string describe(const core::LogEnd& row) { return words("end", row.head, row.position, row.rank); }
std::string describe(const core::Counters& row) {
  return words("counters", row.member, row.device, row.conversation, row.invitation, row.position, row.owner);
}

}  // namespace enishi::test
