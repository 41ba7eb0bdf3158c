#include "property/oracle/known.h"

#include <utility>
#include <variant>

#include "property/world/context.h"

namespace enishi::property {
namespace {

// No default, no generic case: the compiler asks for what is missing.
struct ModelName {
  using Name = std::string;
  Name operator()(const core::Send&) const { return "send"; }
  Name operator()(const core::MarkRead&) const { return "read"; }
  Name operator()(const core::MarkUnread&) const { return "mark_unread"; }
  Name operator()(const core::SetFlag& flag) const { return flag.kind == core::RegisterKind::mute ? "mute" : "pin"; }
  Name operator()(const core::Join&) const { return "join"; }
  Name operator()(const core::InviteMake&) const { return "invite"; }
  Name operator()(const core::InviteRevoke&) const { return "uninvite"; }
  Name operator()(const core::PairOffer&) const { return ""; }
  Name operator()(const core::PairPresent&) const { return ""; }
  Name operator()(const core::PairDecide&) const { return "pair"; }
  Name operator()(const core::DeviceRevoke&) const { return "revoke"; }
  Name operator()(const core::RecoveryCodesMake&) const { return "codes"; }
  Name operator()(const core::Recover&) const { return "recover"; }
  Name operator()(const core::TieChange& change) const {
    switch (change.action) {
      case core::TieAction::ask:
        return "ask";
      case core::TieAction::accept:
        return "accept";
      case core::TieAction::decline:
        return "decline";
      case core::TieAction::end:
        return "end";
      case core::TieAction::block:
        return "block";
      case core::TieAction::unblock:
        return "unblock";
    }
    return "";
  }
  Name operator()(const core::GroupNew&) const { return "group_new"; }
  Name operator()(const core::GroupAdd&) const { return "add"; }
  Name operator()(const core::GroupRemove&) const { return "remove"; }
  Name operator()(const core::GroupLeave&) const { return "leave"; }
  Name operator()(const core::GroupTitle&) const { return "title"; }
  Name operator()(const core::DeviceSeen&) const { return ""; }
  Name operator()(const core::Edit&) const { return "edit"; }
  Name operator()(const core::Delete&) const { return "delete"; }
  Name operator()(const core::React&) const { return "react"; }
  Name operator()(const core::PinMessage&) const { return "pin_message"; }
  Name operator()(const core::Forward&) const { return "forward"; }
  Name operator()(const core::SetMessageFlag& flag) const {
    return flag.kind == core::RegisterKind::star ? "star" : "hide";
  }
  Name operator()(const core::PutDraft&) const { return "put_draft"; }
  Name operator()(const core::DropKept&) const { return "drop_kept"; }
  Name operator()(const core::Stored&) const { return "stored"; }
  Name operator()(const core::SetReceipts&) const { return "receipts"; }
  Name operator()(const core::SetProfile&) const { return "profile"; }
  Name operator()(const core::SetPicture&) const { return "picture"; }
};

}  // namespace

std::string model_name_of(const core::CommandBody& body) { return std::visit(ModelName{}, body); }

std::set<std::string> all_model_names() {
  std::set<std::string> names;
  [&]<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
    (names.insert(model_name_of(core::CommandBody(std::in_place_index<kIndex>))), ...);
  }
  (std::make_index_sequence<std::variant_size_v<core::CommandBody>>{});
  names.erase("");
  return names;
}

bool wants_answer(const core::CommandBody& body) { return !std::holds_alternative<core::DeviceSeen>(body); }

const char* model_name_of(core::EventKind kind) {
  switch (kind) {
    case core::EventKind::message:
      return "MESSAGE";
    case core::EventKind::created:
      return "CREATED";
    case core::EventKind::added:
      return "ADDED";
    case core::EventKind::removed:
      return "REMOVED";
    case core::EventKind::left:
      return "LEFT";
    case core::EventKind::titled:
      return "TITLED";
    case core::EventKind::edited:
      return "EDITED";
    case core::EventKind::deleted:
      return "DELETED";
    case core::EventKind::reacted:
      return "REACTED";
    case core::EventKind::pinned:
      return "PINNED";
  }
  throw Broken{"an event of a kind that the oracle does not know"};
}

JudgedBy judged_by(v1::ClientFrame::BodyCase request) {
  using F = v1::ClientFrame;
  switch (request) {
    case F::kJoin:
    case F::kRecover:
    case F::kSend:
    case F::kRead:
    case F::kMarkUnread:
    case F::kSetFlag:
    case F::kEdit:
    case F::kDelete:
    case F::kReact:
    case F::kPinMessage:
    case F::kGroupNew:
    case F::kGroupAdd:
    case F::kGroupRemove:
    case F::kGroupLeave:
    case F::kGroupTitle:
    case F::kForward:
    case F::kSetMessageFlag:
    case F::kPutDraft:
    case F::kDropKept:
    case F::kTieChange:
    case F::kStored:
    case F::kSetReceipts:
    case F::kInviteMake:
    case F::kInviteRevoke:
    case F::kPairDecide:
    case F::kDeviceRevoke:
    case F::kRecoveryCodesMake:
    case F::kSetProfile:
    case F::kSetPicture:
      return JudgedBy::model;
    case F::kFetch:
    case F::kList:
    case F::kChanged:
    case F::kReceiptsAsk:
    case F::kMemberList:
    case F::kPictureFetch:
    case F::kDeviceList:
    case F::kInviteList:
      return JudgedBy::model_view;
    case F::kHello:
    case F::kProve:
    case F::kInvitePreview:
    case F::kPairPresent:
    case F::kProbe:
    case F::kPairOffer:
    case F::kSetMode:
    case F::kWatch:
    case F::kFocus:
    case F::kTyping:
    case F::kPresenceAsk:
    case F::kBaton:
    case F::kBatonAsk:
    case F::kBatonTake:
    case F::BODY_NOT_SET:
      return JudgedBy::elsewhere;
  }
  throw Broken{"a request that the oracle does not know"};
}

}  // namespace enishi::property
