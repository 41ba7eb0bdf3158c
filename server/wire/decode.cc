// One ClientFrame -> one Request.
#include "enishi/v1/frame.pb.h"
#include "wire/request.h"
#include "wire/since.h"

namespace enishi::wire {
namespace {

using core::Errc;
using core::Seq;
using Body = core::Result<RequestBody>;

constexpr int kListMax = 1000;

/// Reads fields of fixed size; remembers whether one was malformed.
class Fields {
 public:
  explicit Fields(HashSecret hash_secret) : hash_secret_(hash_secret) {}
  template <class Fixed>
  Fixed fixed(const std::string& bytes) {
    Fixed value;
    if (!value.assign(bytes)) bad_ = true;
    return value;
  }
  core::PublicId id(const std::string& bytes) { return fixed<core::PublicId>(bytes); }
  core::PublicKey key(const std::string& bytes) { return fixed<core::PublicKey>(bytes); }
  /// A link's secret: 16 bytes, of which only the hash goes on.
  core::SecretHash secret(const std::string& bytes) {
    if (bytes.size() != 16) bad_ = true;
    return hash_secret_(bytes);
  }
  core::SecretHash code(const std::string& bytes) { return hash_secret_(bytes); }
  void require(bool condition) { bad_ = bad_ || !condition; }
  template <class Value>
  Body done(Value value, Errc when_bad = Errc::bad_request) const {
    if (bad_) return when_bad;
    return RequestBody{core::CommandBody{std::move(value)}};
  }
  template <class Value>
  Body asked(Value value) const {
    if (bad_) return Errc::bad_request;
    return RequestBody{std::move(value)};
  }

 private:
  HashSecret hash_secret_;
  bool bad_ = false;
};

template <class Repeated>
std::vector<std::string> strings(const Repeated& from) {
  return {from.begin(), from.end()};
}

template <class Message>
core::Mentions mentions_of(const Message& from) {
  return {strings(from.mentions()), from.mentions_all()};
}

Body decode_before_welcome(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kHello: {
      const auto& m = frame.hello();
      fields.require(m.mode() >= 0 && m.mode() <= v1::PRESENCE_STATE_BACKGROUND);
      const auto mode = m.mode() == v1::PRESENCE_STATE_UNSPECIFIED ? Presence::active : static_cast<Presence>(m.mode());
      return fields.asked(Hello{fields.id(m.device_id()), m.cursor(), mode, m.ticket()});
    }
    case v1::ClientFrame::kProve: {
      const auto& m = frame.prove();
      fields.require(m.client_nonce().size() == 32 && m.signature().size() == 64);
      return fields.asked(Prove{m.origin(), m.client_nonce(), m.signature()});
    }
    case v1::ClientFrame::kInvitePreview:
      return RequestBody{InvitePreview{fields.secret(frame.invite_preview().secret())}};
    case v1::ClientFrame::kJoin: {
      const auto& m = frame.join();
      core::Join join{fields.secret(m.secret()), m.handle(), m.name(), m.device_name(), {}};
      if (m.secret().size() != 16) return Errc::invitation_unknown;
      join.key = fields.key(m.key());
      return fields.done(std::move(join));
    }
    case v1::ClientFrame::kPairPresent: {
      const auto& m = frame.pair_present();
      if (m.secret().size() != 16) return Errc::pairing_unknown;
      return fields.done(core::PairPresent{fields.secret(m.secret()), m.name(), fields.key(m.key())});
    }
    case v1::ClientFrame::kRecover: {
      const auto& m = frame.recover();
      return fields.done(core::Recover{fields.code(m.code()), m.device_name(), fields.key(m.key())});
    }
    case v1::ClientFrame::kProbe:
      return RequestBody{Probe{}};
    default:
      return Errc::unsupported;
  }
}

Body decode_conversation(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSend: {
      const auto& m = frame.send();
      return fields.done(
          core::Send{fields.id(m.conversation_id()), m.body(), Seq{m.reply_to()}, mentions_of(m), m.draft_rev()});
    }
    case v1::ClientFrame::kRead: {
      const auto& m = frame.read();
      return fields.done(core::MarkRead{fields.id(m.conversation_id()), Seq{m.read_through_seq()}, m.rev()});
    }
    case v1::ClientFrame::kMarkUnread: {
      const auto& m = frame.mark_unread();
      return fields.done(core::MarkUnread{fields.id(m.conversation_id()), m.base_rev(), Seq{m.unread_from_seq()}});
    }
    case v1::ClientFrame::kFetch: {
      const auto& m = frame.fetch();
      fields.require(m.limit() <= 500);
      return fields.asked(Fetch{fields.id(m.conversation_id()), Seq{m.from_seq()}, Seq{m.to_seq()},
                                m.limit() == 0 ? 50 : m.limit(), m.newest_first()});
    }
    case v1::ClientFrame::kList:
      return RequestBody{List{}};
    case v1::ClientFrame::kSetFlag: {
      const auto& m = frame.set_flag();
      fields.require(m.kind() == v1::REGISTER_KIND_MUTE || m.kind() == v1::REGISTER_KIND_PIN);
      return fields.done(
          core::SetFlag{fields.id(m.conversation_id()), static_cast<core::RegisterKind>(m.kind()), m.on()});
    }
    case v1::ClientFrame::kGroupNew: {
      const auto& m = frame.group_new();
      fields.require(m.handles_size() <= kListMax);
      return fields.done(core::GroupNew{m.title(), strings(m.handles())});
    }
    case v1::ClientFrame::kGroupAdd:
      return fields.done(core::GroupAdd{fields.id(frame.group_add().conversation_id()), frame.group_add().handle()});
    case v1::ClientFrame::kGroupRemove:
      return fields.done(
          core::GroupRemove{fields.id(frame.group_remove().conversation_id()), frame.group_remove().handle()});
    case v1::ClientFrame::kGroupLeave:
      return fields.done(
          core::GroupLeave{fields.id(frame.group_leave().conversation_id()), frame.group_leave().successor()});
    case v1::ClientFrame::kGroupTitle:
      return fields.done(
          core::GroupTitle{fields.id(frame.group_title().conversation_id()), frame.group_title().title()});
    default:
      return Errc::unsupported;
  }
}

Body decode_change(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kEdit: {
      const auto& m = frame.edit();
      return fields.done(core::Edit{fields.id(m.conversation_id()), Seq{m.seq()}, m.body(), mentions_of(m)});
    }
    case v1::ClientFrame::kDelete:
      return fields.done(core::Delete{fields.id(frame.delete_().conversation_id()), Seq{frame.delete_().seq()}});
    case v1::ClientFrame::kReact: {
      const auto& m = frame.react();
      return fields.done(core::React{fields.id(m.conversation_id()), Seq{m.seq()}, m.emoji(), m.on()});
    }
    case v1::ClientFrame::kPinMessage: {
      const auto& m = frame.pin_message();
      return fields.done(core::PinMessage{fields.id(m.conversation_id()), Seq{m.seq()}, m.on()});
    }
    case v1::ClientFrame::kForward: {
      const auto& m = frame.forward();
      return fields.done(
          core::Forward{fields.id(m.conversation_id()), fields.id(m.from_conversation_id()), Seq{m.from_seq()}});
    }
    case v1::ClientFrame::kSetMessageFlag: {
      const auto& m = frame.set_message_flag();
      fields.require(m.kind() == v1::REGISTER_KIND_STAR || m.kind() == v1::REGISTER_KIND_HIDE);
      return fields.done(core::SetMessageFlag{fields.id(m.conversation_id()), Seq{m.seq()},
                                              static_cast<core::RegisterKind>(m.kind()), m.on()});
    }
    case v1::ClientFrame::kChanged: {
      const auto& m = frame.changed();
      const auto first = read_since(m.since());
      fields.require(first.has_value());
      return fields.asked(Changed{fields.id(m.conversation_id()), first.value_or(Seq{})});
    }
    default:
      return Errc::unsupported;
  }
}

Body decode_drafts(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kPutDraft: {
      const auto& m = frame.put_draft();
      return fields.done(core::PutDraft{fields.id(m.conversation_id()), m.base_rev(), m.text(), m.caret(),
                                        Seq{m.reply_to()}, m.keep_replaced()});
    }
    case v1::ClientFrame::kDropKept: {
      const auto& m = frame.drop_kept();
      fields.require(m.place() >= 1 && m.place() <= core::kKeptDraftsMax);
      return fields.done(core::DropKept{fields.id(m.conversation_id()), m.place(), m.rev()});
    }
    case v1::ClientFrame::kStored:
      return fields.done(core::Stored{fields.id(frame.stored().conversation_id()), Seq{frame.stored().through_seq()}});
    case v1::ClientFrame::kReceiptsAsk:
      return fields.asked(ReceiptsAsk{fields.id(frame.receipts_ask().conversation_id())});
    case v1::ClientFrame::kSetReceipts:
      return fields.done(core::SetReceipts{frame.set_receipts().on()});
    default:
      return Errc::unsupported;
  }
}

Body decode_profile(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSetProfile:
      return fields.done(core::SetProfile{frame.set_profile().name(), frame.set_profile().hue()});
    case v1::ClientFrame::kSetPicture: {
      const auto& bytes = frame.set_picture().picture();
      core::SetPicture set{{}, bytes};
      if (!bytes.empty()) fields.require(set.picture_id.assign(fields.code(bytes).view().substr(0, 16)));
      return fields.done(std::move(set));
    }
    case v1::ClientFrame::kPictureFetch: {
      const auto& m = frame.picture_fetch();
      const auto& in = m.conversation_id();
      return fields.asked(PictureFetch{m.handle(), in.empty() ? core::PublicId{} : fields.id(in)});
    }
    case v1::ClientFrame::kMemberList:
      return fields.asked(MemberList{fields.id(frame.member_list().conversation_id())});
    default:
      return Errc::unsupported;
  }
}

Body decode_baton(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kBaton: {
      const auto& m = frame.baton();
      fields.require(m.anchor_offset() < 1000);
      const auto wanted_by = m.wanted_by().empty() ? core::PublicId{} : fields.id(m.wanted_by());
      return fields.asked(Baton{fields.id(m.device_id()), fields.id(m.conversation_id()), Seq{m.anchor_seq()},
                                m.anchor_offset(), m.caret(), m.draft_rev(), wanted_by});
    }
    case v1::ClientFrame::kBatonAsk:
      return RequestBody{BatonAsk{}};
    case v1::ClientFrame::kBatonTake:
      return fields.asked(BatonTake{fields.id(frame.baton_take().baton_id())});
    default:
      return Errc::unsupported;
  }
}

Body decode_people(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kTieChange: {
      const auto& m = frame.tie_change();
      fields.require(m.action() >= v1::TIE_ACTION_ASK && m.action() <= v1::TIE_ACTION_UNBLOCK);
      return fields.done(core::TieChange{static_cast<core::TieAction>(m.action()), m.handle()});
    }
    case v1::ClientFrame::kInviteMake: {
      const auto& m = frame.invite_make();
      fields.require(m.expires_in_s() >= 1 && m.expires_in_s() <= 366U * 86400U);
      return fields.done(core::InviteMake{fields.secret(m.secret()), m.uses(), std::chrono::seconds{m.expires_in_s()},
                                          m.note(), false});
    }
    case v1::ClientFrame::kInviteList:
      return RequestBody{InviteList{}};
    case v1::ClientFrame::kInviteRevoke:
      return fields.done(core::InviteRevoke{fields.id(frame.invite_revoke().id())});
    case v1::ClientFrame::kPairOffer:
      return fields.done(core::PairOffer{fields.secret(frame.pair_offer().secret())});
    case v1::ClientFrame::kPairDecide: {
      const auto& m = frame.pair_decide();
      return fields.done(core::PairDecide{fields.secret(m.secret()), fields.key(m.key()), m.approve()});
    }
    case v1::ClientFrame::kDeviceList:
      return RequestBody{DeviceList{}};
    case v1::ClientFrame::kDeviceRevoke:
      return fields.done(core::DeviceRevoke{fields.id(frame.device_revoke().id())});
    case v1::ClientFrame::kRecoveryCodesMake: {
      const auto& m = frame.recovery_codes_make();
      fields.require(m.hashes_size() <= 100);
      core::RecoveryCodesMake make;
      for (const auto& hash : m.hashes()) make.hashes.push_back(fields.fixed<core::SecretHash>(hash));
      return fields.done(std::move(make));
    }
    default:
      return Errc::unsupported;
  }
}

Body decode_signals(const v1::ClientFrame& frame, Fields fields) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSetMode: {
      const auto mode = frame.set_mode().mode();
      fields.require(mode >= v1::PRESENCE_STATE_ACTIVE && mode <= v1::PRESENCE_STATE_BACKGROUND);
      return fields.asked(SetMode{static_cast<Presence>(mode)});
    }
    case v1::ClientFrame::kWatch:
      if (frame.watch().handles_size() > kListMax) return Errc::limit_reached;
      return RequestBody{Watch{strings(frame.watch().handles()), frame.watch().all()}};
    case v1::ClientFrame::kFocus: {
      if (frame.focus().conversation_ids_size() > kListMax) return Errc::limit_reached;
      Focus focus{{}, frame.focus().all()};
      for (const auto& id : frame.focus().conversation_ids()) focus.conversations.push_back(fields.id(id));
      return fields.asked(std::move(focus));
    }
    case v1::ClientFrame::kTyping:
      return fields.asked(Typing{fields.id(frame.typing().conversation_id())});
    case v1::ClientFrame::kPresenceAsk:
      if (frame.presence_ask().handles_size() > kListMax) return Errc::limit_reached;
      return RequestBody{PresenceAsk{strings(frame.presence_ask().handles())}};
    default:
      return Errc::unsupported;
  }
}

/// The request's own message, serialised anew: equal for equal requests whatever their request_id.
std::string content_of(const v1::ClientFrame& frame) {
  v1::ClientFrame bare = frame;
  bare.clear_request_id();
  bare.DiscardUnknownFields();
  return bare.SerializeAsString();
}

}  // namespace

core::Result<Request> decode(std::string_view payload, HashSecret hash_secret) {
  v1::ClientFrame frame;
  if (!frame.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) return Errc::protocol_violation;
  Request request;
  request.id = frame.request_id();
  const Fields fields(hash_secret);
  for (const auto part : {decode_conversation, decode_change, decode_drafts, decode_before_welcome, decode_people,
                          decode_profile, decode_signals, decode_baton}) {
    request.body = part(frame, fields);
    if (request.body || request.body.error() != Errc::unsupported) break;
  }
  if (request.id == 0) request.body = Errc::bad_request;
  if (!frame.client_id().empty()) {
    if (!request.client_id.assign(frame.client_id())) request.body = Errc::bad_request;
    request.content = content_of(frame);
  }
  return request;
}

}  // namespace enishi::wire
