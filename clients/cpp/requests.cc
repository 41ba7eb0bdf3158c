#include "cpp/requests.h"

#include <algorithm>

#include "core/text.h"

namespace enishi::client::requests {
namespace {

std::string text_of(std::string_view view) { return std::string(view); }

Frame with(const ClientId& id) {
  Frame frame;
  frame.set_client_id(text_of(id.view()));
  return frame;
}

/// The people that a text mentions, as it stands there: handles in lower case after an "@" that begins a word.
template <class Message>
void put_mentions(Message& message, std::string_view body) {
  constexpr std::size_t kMentionsMax = 50;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c >= 'A' && c <= 'Z');
  };
  for (auto at = body.find('@'); at != std::string_view::npos; at = body.find('@', at + 1)) {
    if (at > 0 && (is_word(body[at - 1]) || body[at - 1] == '@')) continue;
    std::string handle;
    for (auto end = at + 1; end < body.size() && is_word(body[end]); ++end)
      handle.push_back(body[end] >= 'A' && body[end] <= 'Z' ? static_cast<char>(body[end] + ('a' - 'A')) : body[end]);
    if (handle == "all" || handle == "here") {
      message.set_mentions_all(true);
    } else if (core::is_handle(handle) && static_cast<std::size_t>(message.mentions_size()) < kMentionsMax &&
               std::ranges::find(message.mentions(), handle) == message.mentions().end()) {
      message.add_mentions(handle);
    }
  }
}

}  // namespace

Frame send(const ClientId& id, const PublicId& conversation, std::string_view body, std::uint64_t reply_to,
           std::uint64_t draft_rev) {
  auto frame = with(id);
  auto& send = *frame.mutable_send();
  send.set_conversation_id(text_of(conversation.view()));
  send.set_body(text_of(body));
  send.set_reply_to(reply_to);
  send.set_draft_rev(draft_rev);
  put_mentions(send, body);
  return frame;
}

Frame put_draft(const LocalDraft& draft) {
  Frame frame;
  auto& put = *frame.mutable_put_draft();
  put.set_conversation_id(text_of(draft.conversation.view()));
  put.set_base_rev(draft.base_rev);
  put.set_text(draft.text);
  put.set_caret(draft.caret);
  put.set_reply_to(draft.reply_to);
  put.set_keep_replaced(draft.beside);
  return frame;
}

Frame drop_kept(const PublicId& conversation, std::uint32_t place, std::uint64_t rev) {
  Frame frame;
  auto& drop = *frame.mutable_drop_kept();
  drop.set_conversation_id(text_of(conversation.view()));
  drop.set_place(place);
  drop.set_rev(rev);
  return frame;
}

Frame edit(const ClientId& id, const PublicId& conversation, std::uint64_t seq, std::string_view body) {
  auto frame = with(id);
  auto& edit = *frame.mutable_edit();
  edit.set_conversation_id(text_of(conversation.view()));
  edit.set_seq(seq);
  edit.set_body(text_of(body));
  put_mentions(edit, body);
  return frame;
}

Frame delete_message(const ClientId& id, const PublicId& conversation, std::uint64_t seq) {
  auto frame = with(id);
  frame.mutable_delete_()->set_conversation_id(text_of(conversation.view()));
  frame.mutable_delete_()->set_seq(seq);
  return frame;
}

Frame react(const ClientId& id, const PublicId& conversation, std::uint64_t seq, std::string_view emoji, bool on) {
  auto frame = with(id);
  auto& react = *frame.mutable_react();
  react.set_conversation_id(text_of(conversation.view()));
  react.set_seq(seq);
  react.set_emoji(text_of(emoji));
  react.set_on(on);
  return frame;
}

Frame pin_message(const ClientId& id, const PublicId& conversation, std::uint64_t seq, bool on) {
  auto frame = with(id);
  auto& pin = *frame.mutable_pin_message();
  pin.set_conversation_id(text_of(conversation.view()));
  pin.set_seq(seq);
  pin.set_on(on);
  return frame;
}

Frame forward(const ClientId& id, const PublicId& to, const PublicId& from, std::uint64_t seq) {
  auto frame = with(id);
  auto& forward = *frame.mutable_forward();
  forward.set_conversation_id(text_of(to.view()));
  forward.set_from_conversation_id(text_of(from.view()));
  forward.set_from_seq(seq);
  return frame;
}

Frame set_message_flag(const PublicId& conversation, std::uint64_t seq, v1::RegisterKind kind, bool on) {
  Frame frame;
  auto& flag = *frame.mutable_set_message_flag();
  flag.set_conversation_id(text_of(conversation.view()));
  flag.set_seq(seq);
  flag.set_kind(kind);
  flag.set_on(on);
  return frame;
}

Frame changed(const PublicId& conversation, std::string_view since) {
  Frame frame;
  frame.mutable_changed()->set_conversation_id(text_of(conversation.view()));
  frame.mutable_changed()->set_since(text_of(since));
  return frame;
}

Frame read(const PublicId& conversation, std::uint64_t through, std::uint64_t rev) {
  Frame frame;
  auto& read = *frame.mutable_read();
  read.set_conversation_id(text_of(conversation.view()));
  read.set_read_through_seq(through);
  read.set_rev(rev);
  return frame;
}

Frame mark_unread(const ClientId& id, const PublicId& conversation, std::uint64_t base_rev, std::uint64_t from) {
  auto frame = with(id);
  auto& mark = *frame.mutable_mark_unread();
  mark.set_conversation_id(text_of(conversation.view()));
  mark.set_base_rev(base_rev);
  mark.set_unread_from_seq(from);
  return frame;
}

Frame fetch(const PublicId& conversation, std::uint64_t from, std::uint64_t to, std::uint32_t limit,
            bool newest_first) {
  Frame frame;
  auto& fetch = *frame.mutable_fetch();
  fetch.set_conversation_id(text_of(conversation.view()));
  fetch.set_from_seq(from);
  fetch.set_to_seq(to);
  fetch.set_limit(limit);
  fetch.set_newest_first(newest_first);
  return frame;
}

Frame list() {
  Frame frame;
  frame.mutable_list();
  return frame;
}

Frame set_flag(const PublicId& conversation, v1::RegisterKind kind, bool on) {
  Frame frame;
  auto& flag = *frame.mutable_set_flag();
  flag.set_conversation_id(text_of(conversation.view()));
  flag.set_kind(kind);
  flag.set_on(on);
  return frame;
}

Frame group_new(const ClientId& id, std::string_view title, std::span<const std::string> handles) {
  auto frame = with(id);
  frame.mutable_group_new()->set_title(text_of(title));
  for (const auto& handle : handles) frame.mutable_group_new()->add_handles(handle);
  return frame;
}

Frame group_add(const ClientId& id, const PublicId& group, std::string_view handle) {
  auto frame = with(id);
  frame.mutable_group_add()->set_conversation_id(text_of(group.view()));
  frame.mutable_group_add()->set_handle(text_of(handle));
  return frame;
}

Frame group_remove(const ClientId& id, const PublicId& group, std::string_view handle) {
  auto frame = with(id);
  frame.mutable_group_remove()->set_conversation_id(text_of(group.view()));
  frame.mutable_group_remove()->set_handle(text_of(handle));
  return frame;
}

Frame group_leave(const ClientId& id, const PublicId& group, std::string_view successor) {
  auto frame = with(id);
  frame.mutable_group_leave()->set_conversation_id(text_of(group.view()));
  frame.mutable_group_leave()->set_successor(text_of(successor));
  return frame;
}

Frame group_title(const ClientId& id, const PublicId& group, std::string_view title) {
  auto frame = with(id);
  frame.mutable_group_title()->set_conversation_id(text_of(group.view()));
  frame.mutable_group_title()->set_title(text_of(title));
  return frame;
}

Frame stored(const PublicId& conversation, std::uint64_t through) {
  Frame frame;
  frame.mutable_stored()->set_conversation_id(text_of(conversation.view()));
  frame.mutable_stored()->set_through_seq(through);
  return frame;
}

Frame receipts_ask(const PublicId& conversation) {
  Frame frame;
  frame.mutable_receipts_ask()->set_conversation_id(text_of(conversation.view()));
  return frame;
}

Frame set_receipts(bool on) {
  Frame frame;
  frame.mutable_set_receipts()->set_on(on);
  return frame;
}

Frame set_profile(std::string_view name, std::uint32_t hue) {
  Frame frame;
  frame.mutable_set_profile()->set_name(text_of(name));
  frame.mutable_set_profile()->set_hue(hue);
  return frame;
}

Frame set_picture(std::string_view picture) {
  Frame frame;
  frame.mutable_set_picture()->set_picture(text_of(picture));
  return frame;
}

Frame picture_fetch(std::string_view handle, const PublicId& conversation) {
  Frame frame;
  frame.mutable_picture_fetch()->set_handle(text_of(handle));
  if (!conversation.is_zero()) frame.mutable_picture_fetch()->set_conversation_id(text_of(conversation.view()));
  return frame;
}

Frame member_list(const PublicId& conversation) {
  Frame frame;
  frame.mutable_member_list()->set_conversation_id(text_of(conversation.view()));
  return frame;
}

Frame tie(const ClientId& id, v1::TieAction action, std::string_view handle) {
  auto frame = with(id);
  frame.mutable_tie_change()->set_action(action);
  frame.mutable_tie_change()->set_handle(text_of(handle));
  return frame;
}

Frame invite_make(const ClientId& id, const Secret& secret, std::uint32_t uses, std::chrono::seconds lifetime,
                  std::string_view note) {
  auto frame = with(id);
  auto& make = *frame.mutable_invite_make();
  make.set_secret(text_of(secret.view()));
  make.set_uses(uses);
  make.set_expires_in_s(static_cast<std::uint32_t>(lifetime.count()));
  make.set_note(text_of(note));
  return frame;
}

Frame invite_list() {
  Frame frame;
  frame.mutable_invite_list();
  return frame;
}

Frame invite_revoke(const ClientId& id, const PublicId& invitation) {
  auto frame = with(id);
  frame.mutable_invite_revoke()->set_id(text_of(invitation.view()));
  return frame;
}

Frame pair_offer(const Secret& secret) {
  Frame frame;
  frame.mutable_pair_offer()->set_secret(text_of(secret.view()));
  return frame;
}

Frame pair_decide(const ClientId& id, const Secret& secret, const core::PublicKey& newcomer, bool approve) {
  auto frame = with(id);
  auto& decide = *frame.mutable_pair_decide();
  decide.set_secret(text_of(secret.view()));
  decide.set_key(text_of(newcomer.view()));
  decide.set_approve(approve);
  return frame;
}

Frame device_list() {
  Frame frame;
  frame.mutable_device_list();
  return frame;
}

Frame device_revoke(const ClientId& id, const PublicId& device) {
  auto frame = with(id);
  frame.mutable_device_revoke()->set_id(text_of(device.view()));
  return frame;
}

Frame recovery_codes_make(const ClientId& id, std::span<const core::SecretHash> hashes) {
  auto frame = with(id);
  for (const auto& hash : hashes) frame.mutable_recovery_codes_make()->add_hashes(text_of(hash.view()));
  return frame;
}

Frame set_mode(v1::PresenceState mode) {
  Frame frame;
  frame.mutable_set_mode()->set_mode(mode);
  return frame;
}

Frame watch(std::span<const std::string> handles, bool all) {
  Frame frame;
  for (const auto& handle : handles) frame.mutable_watch()->add_handles(handle);
  frame.mutable_watch()->set_all(all);
  return frame;
}

Frame focus(std::span<const PublicId> conversations, bool all) {
  Frame frame;
  for (const auto& id : conversations) frame.mutable_focus()->add_conversation_ids(text_of(id.view()));
  frame.mutable_focus()->set_all(all);
  return frame;
}

Frame typing(const PublicId& conversation) {
  Frame frame;
  frame.mutable_typing()->set_conversation_id(text_of(conversation.view()));
  return frame;
}

Frame presence_ask(std::span<const std::string> handles) {
  Frame frame;
  frame.mutable_presence_ask();
  for (const auto& handle : handles) frame.mutable_presence_ask()->add_handles(handle);
  return frame;
}

Frame invite_preview(const Secret& secret) {
  Frame frame;
  frame.mutable_invite_preview()->set_secret(text_of(secret.view()));
  return frame;
}

Frame join(const Secret& secret, std::string_view handle, std::string_view name, std::string_view device_name,
           const core::PublicKey& key) {
  Frame frame;
  auto& join = *frame.mutable_join();
  join.set_secret(text_of(secret.view()));
  join.set_handle(text_of(handle));
  join.set_name(text_of(name));
  join.set_device_name(text_of(device_name));
  join.set_key(text_of(key.view()));
  return frame;
}

Frame pair_present(const Secret& secret, std::string_view device_name, const core::PublicKey& key) {
  Frame frame;
  auto& present = *frame.mutable_pair_present();
  present.set_secret(text_of(secret.view()));
  present.set_name(text_of(device_name));
  present.set_key(text_of(key.view()));
  return frame;
}

Frame recover(std::string_view code, std::string_view device_name, const core::PublicKey& key) {
  Frame frame;
  auto& recover = *frame.mutable_recover();
  recover.set_code(text_of(code));
  recover.set_device_name(text_of(device_name));
  recover.set_key(text_of(key.view()));
  return frame;
}

}  // namespace enishi::client::requests
