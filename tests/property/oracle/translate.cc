#include "property/oracle/translate.h"

#include <sodium.h>

#include <array>
#include <set>

#include "cpp/store/message_view.h"

#include "property/oracle/history.h"
#include "property/world/context.h"

namespace enishi::property {
namespace {

using model::Command;

/// The first 16 bytes of its BLAKE2b-256 in hex; empty for none.
std::string picture_id_of(const std::string& picture) {
  if (picture.empty()) return {};
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(picture.data()), picture.size(),
                     nullptr, 0);
  return hex({reinterpret_cast<const char*>(hash.data()), 16});
}

/// "ERROR_CODE_NOT_FOUND" -> "NOT_FOUND".
std::string without(std::string name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

std::optional<Command> talk_of(const v1::ClientFrame& frame, const History& history) {
  const auto name = [&](const std::string& id) { return history.name_of(id); };
  switch (frame.body_case()) {
    case v1::ClientFrame::kSend: {
      const auto& m = frame.send();
      return Command{.what = "send",
                     .conversation = name(m.conversation_id()),
                     .text = m.body(),
                     .list = {m.mentions().begin(), m.mentions().end()},
                     .seq = m.reply_to(),
                     .rev = m.draft_rev(),
                     .mentions_all = m.mentions_all()};
    }
    case v1::ClientFrame::kRead: {
      const auto& m = frame.read();
      return Command{
          .what = "read", .conversation = name(m.conversation_id()), .seq = m.read_through_seq(), .rev = m.rev()};
    }
    case v1::ClientFrame::kMarkUnread: {
      const auto& m = frame.mark_unread();
      return Command{.what = "mark_unread",
                     .conversation = name(m.conversation_id()),
                     .seq = m.unread_from_seq(),
                     .rev = m.base_rev()};
    }
    case v1::ClientFrame::kSetFlag: {
      const auto& m = frame.set_flag();
      const bool mute = m.kind() == v1::REGISTER_KIND_MUTE;
      return Command{.what = mute ? "mute" : "pin", .conversation = name(m.conversation_id()), .on = m.on()};
    }
    case v1::ClientFrame::kGroupNew: {
      const auto& m = frame.group_new();
      return Command{.what = "group_new", .text = m.title(), .list = {m.handles().begin(), m.handles().end()}};
    }
    case v1::ClientFrame::kGroupAdd:
      return Command{.what = "add",
                     .conversation = name(frame.group_add().conversation_id()),
                     .handle = frame.group_add().handle()};
    case v1::ClientFrame::kGroupRemove:
      return Command{.what = "remove",
                     .conversation = name(frame.group_remove().conversation_id()),
                     .handle = frame.group_remove().handle()};
    case v1::ClientFrame::kGroupLeave:
      return Command{.what = "leave",
                     .conversation = name(frame.group_leave().conversation_id()),
                     .handle = frame.group_leave().successor()};
    case v1::ClientFrame::kGroupTitle:
      return Command{.what = "title",
                     .conversation = name(frame.group_title().conversation_id()),
                     .text = frame.group_title().title()};
    default:
      return std::nullopt;
  }
}

std::optional<Command> change_of(const v1::ClientFrame& frame, const History& history) {
  const auto name = [&](const std::string& id) { return history.name_of(id); };
  switch (frame.body_case()) {
    case v1::ClientFrame::kEdit: {
      const auto& m = frame.edit();
      return Command{.what = "edit",
                     .conversation = name(m.conversation_id()),
                     .text = m.body(),
                     .list = {m.mentions().begin(), m.mentions().end()},
                     .seq = m.seq(),
                     .mentions_all = m.mentions_all()};
    }
    case v1::ClientFrame::kDelete: {
      const auto& m = frame.delete_();
      return Command{.what = "delete", .conversation = name(m.conversation_id()), .seq = m.seq()};
    }
    case v1::ClientFrame::kReact: {
      const auto& m = frame.react();
      return Command{
          .what = "react", .conversation = name(m.conversation_id()), .text = m.emoji(), .seq = m.seq(), .on = m.on()};
    }
    case v1::ClientFrame::kPinMessage: {
      const auto& m = frame.pin_message();
      return Command{.what = "pin_message", .conversation = name(m.conversation_id()), .seq = m.seq(), .on = m.on()};
    }
    case v1::ClientFrame::kForward: {
      const auto& m = frame.forward();
      return Command{.what = "forward",
                     .conversation = name(m.conversation_id()),
                     .from = name(m.from_conversation_id()),
                     .seq = m.from_seq()};
    }
    case v1::ClientFrame::kSetMessageFlag: {
      const auto& m = frame.set_message_flag();
      const bool star = m.kind() == v1::REGISTER_KIND_STAR;
      return Command{
          .what = star ? "star" : "hide", .conversation = name(m.conversation_id()), .seq = m.seq(), .on = m.on()};
    }
    default:
      return std::nullopt;
  }
}

std::string tie_request(v1::TieAction action) {
  switch (action) {
    case v1::TIE_ACTION_ASK:
      return "ask";
    case v1::TIE_ACTION_ACCEPT:
      return "accept";
    case v1::TIE_ACTION_DECLINE:
      return "decline";
    case v1::TIE_ACTION_END:
      return "end";
    case v1::TIE_ACTION_BLOCK:
      return "block";
    default:
      return "unblock";
  }
}

std::optional<Command> account_of(const v1::ClientFrame& frame, const History& history, const Notes& notes) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kJoin: {
      const auto& m = frame.join();
      return Command{.what = "join",
                     .handle = m.handle(),
                     .text = m.name(),
                     .name = m.device_name(),
                     .key = hex(m.key()),
                     .secret = hex(m.secret())};
    }
    case v1::ClientFrame::kRecover: {
      const auto& m = frame.recover();
      return Command{.what = "recover", .name = m.device_name(), .key = hex(m.key()), .secret = m.code()};
    }
    case v1::ClientFrame::kTieChange:
      return Command{.what = tie_request(frame.tie_change().action()), .handle = frame.tie_change().handle()};
    case v1::ClientFrame::kInviteMake: {
      const auto& m = frame.invite_make();
      return Command{.what = "invite", .secret = hex(m.secret()), .uses = m.uses(), .expires_in_s = m.expires_in_s()};
    }
    case v1::ClientFrame::kInviteRevoke: {
      const auto known = notes.invitations.find(frame.invite_revoke().id());
      return Command{.what = "uninvite", .secret = known == notes.invitations.end() ? "none" : known->second};
    }
    case v1::ClientFrame::kPairDecide: {
      const auto newcomer = notes.newcomers.find(hex(frame.pair_decide().key()));
      if (!frame.pair_decide().approve() || newcomer == notes.newcomers.end()) return std::nullopt;
      return Command{.what = "pair", .name = newcomer->second, .key = newcomer->first};
    }
    case v1::ClientFrame::kDeviceRevoke:
      return Command{.what = "revoke", .key = history.key_of(frame.device_revoke().id())};
    case v1::ClientFrame::kRecoveryCodesMake: {
      Command command{.what = "codes"};
      for (const auto& hash : frame.recovery_codes_make().hashes()) command.list.push_back(notes.codes.at(hash));
      return command;
    }
    default:
      return std::nullopt;
  }
}

/// What a member keeps to himself, or says of himself.
std::optional<Command> own_of(const v1::ClientFrame& frame, const std::string& device, const History& history) {
  const auto name = [&](const std::string& id) { return history.name_of(id); };
  switch (frame.body_case()) {
    case v1::ClientFrame::kPutDraft: {
      const auto& m = frame.put_draft();
      return Command{.what = "put_draft",
                     .conversation = name(m.conversation_id()),
                     .text = m.text(),
                     .seq = m.reply_to(),
                     .rev = m.base_rev(),
                     .at = m.caret(),
                     .on = m.keep_replaced()};
    }
    case v1::ClientFrame::kDropKept: {
      const auto& m = frame.drop_kept();
      const auto number =
          history.kept_number(history.owner(device), history.conversation(m.conversation_id()), m.rev());
      return Command{.what = "drop_kept", .conversation = name(m.conversation_id()), .seq = m.place(), .rev = number};
    }
    case v1::ClientFrame::kStored:
      return Command{.what = "stored",
                     .conversation = name(frame.stored().conversation_id()),
                     .seq = frame.stored().through_seq()};
    case v1::ClientFrame::kSetReceipts:
      return Command{.what = "receipts", .on = frame.set_receipts().on()};
    case v1::ClientFrame::kSetProfile:
      return Command{.what = "profile", .text = frame.set_profile().name(), .at = frame.set_profile().hue()};
    case v1::ClientFrame::kSetPicture: {
      const auto& picture = frame.set_picture().picture();
      return Command{.what = "picture", .text = picture_id_of(picture), .at = picture.size()};
    }
    default:
      return std::nullopt;
  }
}

std::string text_of(const model::Head& head) {
  return "head " + std::to_string(head.head) + " marker " + std::to_string(head.marker) + " rev " +
         std::to_string(head.rev) + " unread " + std::to_string(head.unread) + " mentions " +
         std::to_string(head.mentions);
}

/// What the changes made of a message, as the device shows it.
void put_state(model::Slot& slot, const v1::Event& event) {
  const auto& state = event.state();
  slot.deleted = client::is_deleted(event);
  slot.body = client::text_of_message(event);
  slot.edits = static_cast<model::Seq>(state.edits_size());
  if (slot.edits != 0) {
    slot.people.clear();
    for (const auto& person : state.people()) slot.people.insert(person.handle());
    slot.mentions_all = state.mentions_all();
  }
  for (const auto& reaction : state.reactions())
    slot.reactions.emplace_back(reaction.emoji(),
                                std::vector<std::string>(reaction.handles().begin(), reaction.handles().end()));
  slot.pinned = state.pinned_seq() != 0;
  slot.forwarded_from = event.forwarded_from();
}

model::Slot slot_of(const v1::Event& event) {
  model::Slot slot{without(v1::EventKind_Name(event.kind()), "EVENT_KIND_"),
                   event.author(),
                   event.device_name(),
                   hex(event.client_id()),
                   "",
                   event.reply_to()};
  const bool has_text = event.kind() != v1::EVENT_KIND_CREATED;
  if (has_text) slot.body = event.body();
  for (const auto& person : event.people()) slot.people.insert(person.handle());
  slot.mentions_all = event.mentions_all();
  slot.target = event.target_seq();
  slot.on = event.on();
  if (event.kind() == v1::EVENT_KIND_MESSAGE) put_state(slot, event);
  return slot;
}

}  // namespace

std::optional<Command> command_of(const v1::ClientFrame& frame, const std::string& device, const History& history,
                                  const Notes& notes) {
  auto command = talk_of(frame, history);
  if (!command) command = change_of(frame, history);
  if (!command) command = account_of(frame, history, notes);
  if (!command) command = own_of(frame, device, history);
  if (!command) return command;
  const bool keyed = command->what == "join" || command->what == "recover";
  if (!keyed) command->device = device;
  command->client_id = hex(frame.client_id());
  return command;
}

std::string error_of(const v1::ServerFrame& answer) {
  return answer.has_error() ? without(v1::ErrorCode_Name(answer.error().code()), "ERROR_CODE_") : std::string();
}

std::string difference(const Command& command, const model::Answer& expected, const v1::ServerFrame& answer) {
  const auto error = error_of(answer);
  if (error != expected.error)
    return "the model says " + (expected.error.empty() ? "done" : expected.error) + ", the daemon " +
           (error.empty() ? "done" : error);
  if (answer.has_error()) {
    const bool same = expected.error != "STALE_REV" || answer.error().current_rev() == expected.head.rev;
    return same ? ""
                : "current_rev is " + std::to_string(answer.error().current_rev()) + ", not " +
                      std::to_string(expected.head.rev);
  }
  static const std::set<std::string> kWritten = {"send", "edit", "delete", "react", "pin_message", "forward"};
  if (kWritten.contains(command.what)) {
    const auto& sent = answer.sent();
    if (!answer.has_sent() || sent.seq() != expected.seq || sent.duplicate() != expected.duplicate)
      return "sent as seq " + std::to_string(sent.seq()) + (sent.duplicate() ? " again" : "") +
             ", the model: " + std::to_string(expected.seq) + (expected.duplicate ? " again" : "");
  } else if (command.what == "read" || command.what == "mark_unread") {
    const auto& head = answer.marked().head();
    const model::Head got{head.head(), head.marker(), head.rev(), head.unread(), head.mentions()};
    if (!answer.has_marked() || got != expected.head)
      return "marked as " + text_of(got) + ", the model: " + text_of(expected.head);
  } else if (command.what == "group_new") {
    const auto id = hex(answer.group_made().conversation_id());
    if (id != expected.conversation) return "made group " + id + ", the model: " + expected.conversation;
  } else if (command.what == "put_draft") {
    const auto& put = answer.draft_put();
    if (!answer.has_draft_put() || put.rev() != expected.rev || put.won() != expected.won)
      return "the draft's rev is " + std::to_string(put.rev()) + (put.won() ? ", won" : ", lost") +
             ", the model: " + std::to_string(expected.rev) + (expected.won ? ", won" : ", lost");
  } else if (answer.has_tie_changed()) {
    const auto tie = without(v1::TieState_Name(answer.tie_changed().state()), "TIE_STATE_");
    if ((tie == "UNSPECIFIED" ? "" : tie) != expected.tie) return "tie is " + tie + ", the model: " + expected.tie;
  } else if (answer.has_joined() && answer.joined().inviter() != expected.inviter) {
    return "inviter is " + answer.joined().inviter() + ", the model: " + expected.inviter;
  }
  return "";
}

model::View::Chat chat_of(client::Replica& replica, const client::ConversationView& view, bool with_slots) {
  model::View::Chat chat{
      without(v1::ConversationKind_Name(view.kind), "CONVERSATION_KIND_"), "", {}, view.muted, view.pinned, {}, {}};
  if (view.kind == v1::CONVERSATION_KIND_GROUP) chat.title = view.title;
  chat.head = {view.head, view.marker, view.rev, view.unread, view.mentions};
  for (const auto& interval : view.intervals) chat.intervals.emplace_back(interval.joined.value, interval.left.value);
  if (!with_slots) return chat;
  const auto events = replica.events(view.id, 1, ~0ULL, ~std::size_t{0}, false);
  if (!events) throw Broken{"a device cannot read its events"};
  const auto marks = replica.marks(view.id, *events);
  if (!marks) throw Broken{"a device cannot read its events"};
  for (const auto& event : *events) {
    auto& slot = chat.slots[event.seq()] = slot_of(event);
    slot.starred = marks->starred.contains(event.seq());
    slot.hidden = marks->hidden.contains(event.seq());
  }
  return chat;
}

namespace {

std::vector<v1::Register> registers_of(client::Replica& replica, v1::RegisterKind kind) {
  auto all = replica.registers(kind);
  if (!all) throw Broken{"a device cannot read its store"};
  return *std::move(all);
}

model::Profile profile_of(const v1::Person& person) { return {person.name(), person.hue(), hex(person.picture_id())}; }

/// Drafts and receipts: the registers of a conversation that the views of the library do not show all of.
void put_own(client::Replica& replica, const client::ConversationView& view, model::View::Chat& chat) {
  const auto done = replica.store().read([&](client::Rows& rows) {
    if (const auto draft = rows.find_register(v1::REGISTER_KIND_DRAFT, view.id.view()))
      chat.draft = {draft->rev(),   draft->text(),     draft->removed() ? "" : draft->device_name(),
                    draft->caret(), draft->reply_to(), draft->removed() ? draft->seq() : 0};
    for (std::uint64_t place = 1; place <= core::kKeptDraftsMax; ++place) {
      const auto kept = rows.find_register(v1::REGISTER_KIND_KEPT_DRAFT, client::message_key(view.id, place));
      if (kept && !kept->removed()) chat.kept[place] = {kept->rev(), kept->text(), kept->device_name()};
    }
    if (const auto stored = rows.find_register(v1::REGISTER_KIND_STORED, view.id.view())) chat.stored = stored->seq();
    if (const auto read = rows.find_register(v1::REGISTER_KIND_READ_THROUGH, view.id.view()))
      chat.read_through = read->seq();
  });
  if (!done) throw Broken{"a device cannot read its store"};
}

}  // namespace

model::View view_of(client::Replica& replica, const std::string& me) {
  model::View view;
  const auto chats = replica.conversations();
  const auto ties = replica.registers(v1::REGISTER_KIND_TIE);
  const auto blocks = replica.registers(v1::REGISTER_KIND_BLOCK);
  const auto devices = replica.registers(v1::REGISTER_KIND_DEVICE);
  if (!chats || !ties || !blocks || !devices) throw Broken{"a device cannot read its store"};
  for (const auto& chat : *chats) {
    auto name = hex(chat.id.view());
    if (chat.kind == v1::CONVERSATION_KIND_SELF) name = model::Model::self_id(me);
    if (chat.kind == v1::CONVERSATION_KIND_DIRECT) name = model::Model::direct_id(me, chat.peer.handle());
    put_own(replica, chat, view.chats[name] = chat_of(replica, chat, true));
  }
  for (const auto& tie : *ties)
    if (tie.tie() == v1::TIE_STATE_MUTUAL) view.people[tie.person().handle()] = profile_of(tie.person());
  for (const auto& own : registers_of(replica, v1::REGISTER_KIND_PROFILE)) view.people[me] = profile_of(own.person());
  view.no_receipts = !registers_of(replica, v1::REGISTER_KIND_NO_RECEIPTS).empty();
  for (const auto& tie : *ties) view.ties[tie.person().handle()] = without(v1::TieState_Name(tie.tie()), "TIE_STATE_");
  for (const auto& block : *blocks) view.ties[block.person().handle()] = "BLOCKED";
  for (const auto& device : *devices) view.devices.insert(device.device_name());
  return view;
}

}  // namespace enishi::property
