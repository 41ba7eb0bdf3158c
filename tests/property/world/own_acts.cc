// What people keep to themselves, or say of themselves: drafts, receipts, who they are. Worded here, frame by frame;
// what a device of the client library does of itself comes beside it.
#include <iterator>

#include "cpp/requests.h"
#include "cpp/store/replica.h"
#include "property/world/people.h"

namespace enishi::property {
namespace {

std::optional<v1::Register> own_register(Device& device, v1::RegisterKind kind, std::string_view key) {
  std::optional<v1::Register> found;
  const auto done = device.replica().store().read([&](client::Rows& rows) { found = rows.find_register(kind, key); });
  expect(done.has_value(), "a device cannot read its store");
  return found;
}

/// What is typed on `draft`: a little more, a little less, something else, or nothing.
std::string typed_on(const std::string& draft, const Op& op, std::uint64_t number) {
  switch (op.how % 7) {
    case 0:
      return "";
    case 1: {
      auto half = draft.size() / 2;
      while (half > 0 && (static_cast<unsigned char>(draft[half]) & 0xC0U) == 0x80U) --half;  // no half letters
      return draft.substr(0, half);
    }
    case 2:
      return draft;
    case 3:
    case 4:
      return "draft " + std::to_string(number);
    default:
      return draft + "\xC3\xA9" + std::to_string(number % 10);
  }
}

}  // namespace

void People::put_draft(const Op& op, Device& device, const core::PublicId& id) {
  const auto held = own_register(device, v1::REGISTER_KIND_DRAFT, id.view());
  const auto draft = held ? held->text() : std::string();
  const auto rev = held ? held->rev() : 0;
  if (op.kind == OpKind::send_draft) {
    auto frame = client::requests::send(device.new_client_id(), id, draft + (op.how % 3 == 0 ? "" : " and so on"));
    if (op.how % 5 == 0) frame.mutable_send()->set_body("something quite different");
    frame.mutable_send()->set_draft_rev(op.much % 5 == 0 ? 0 : rev - (op.much % 5 == 1 && rev > 0 ? 1 : 0));
    // Whoever sends it has seen what it clears.
    oracle_.typed.on_sent({device.handle(), std::string(id.view())}, draft);
    oracle_.typed.on_sent({device.handle(), std::string(id.view())}, frame.send().body());
    return ask(device, frame);
  }
  v1::ClientFrame frame;
  if (op.kind == OpKind::drop_kept) {
    auto& drop = *frame.mutable_drop_kept();
    const auto place = 1 + op.much % core::kKeptDraftsMax;
    const auto kept = own_register(device, v1::REGISTER_KIND_KEPT_DRAFT, client::message_key(id, place));
    drop.set_conversation_id(std::string(id.view()));
    drop.set_place(static_cast<std::uint32_t>(place));
    drop.set_rev(op.how % 6 == 0 ? op.how % 3 : kept ? kept->rev() : 1);
    if (kept) oracle_.typed.on_sent({device.handle(), std::string(id.view())}, kept->text());
    return device.ask(std::move(frame));
  }
  auto& put = *frame.mutable_put_draft();
  put.set_conversation_id(std::string(id.view()));
  put.set_base_rev(op.much % 4 == 0 && rev > 0 ? rev - 1 : rev);
  put.set_text(typed_on(draft, op, ++texts_));
  // Of the two bytes of a letter one is no place for a caret, so the end of the text is nearly always beyond it.
  put.set_caret(op.how % 11 == 5 ? static_cast<std::uint32_t>(put.text().size()) : op.much % 3 == 0 ? 1 : 0);
  if (put.text().empty() && op.how % 3 != 0) put.set_caret(0);
  put.set_reply_to(op.how % 5);
  // No field of this device shows it: what it replaces was not seen.
  put.set_keep_replaced(true);
  device.ask(std::move(frame));
}

void People::uninvite(const Op& op, Device& device) {
  const auto& made = oracle_.notes.invitations;  // anybody's
  if (made.empty()) return;
  const auto one = std::next(made.begin(), static_cast<std::ptrdiff_t>(op.much % made.size()));
  ask(device, client::requests::invite_revoke(device.new_client_id(), client::id_of(one->first)));
}

}  // namespace enishi::property
