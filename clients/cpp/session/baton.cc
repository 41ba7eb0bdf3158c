#include "cpp/session/baton.h"

#include "cpp/requests.h"
#include "cpp/session_machine.h"

namespace enishi::client {

namespace requests {

Frame baton(const PublicId& device, const BatonPlace& place, const PublicId& wanted_by) {
  Frame frame;
  auto& baton = *frame.mutable_baton();
  baton.set_device_id(std::string(device.view()));
  baton.set_conversation_id(std::string(place.conversation.view()));
  baton.set_anchor_seq(place.anchor_seq);
  baton.set_anchor_offset(place.anchor_offset);
  baton.set_caret(place.caret);
  baton.set_draft_rev(place.draft_rev);
  if (!wanted_by.is_zero()) baton.set_wanted_by(std::string(wanted_by.view()));
  return frame;
}

Frame baton_ask() {
  Frame frame;
  frame.mutable_baton_ask();
  return frame;
}

Frame baton_take(const PublicId& baton) {
  Frame frame;
  frame.mutable_baton_take()->set_baton_id(std::string(baton.view()));
  return frame;
}

}  // namespace requests

void SessionMachine::on_baton(const v1::ServerFrame& frame) {
  if (frame.has_baton_passed()) {
    const auto& passed = frame.baton_passed();
    const BatonPlace place{id_of(passed.conversation_id()), passed.anchor_seq(), passed.anchor_offset(), passed.caret(),
                           passed.draft_rev()};
    tell(happening::BatonPassed{id_of(passed.baton_id()), passed.from_device(), place});
  } else if (frame.has_baton_wanted()) {
    tell(happening::BatonWanted{id_of(frame.baton_wanted().by_device()), frame.baton_wanted().by_name()});
  } else {
    tell(happening::BatonTaken{frame.baton_taken().device(), id_of(frame.baton_taken().conversation_id())});
  }
}

void SessionMachine::set_focused(std::optional<core::PublicId> conversation) {
  if (std::exchange(settings_.focused, conversation) == conversation || !is_welcome()) return;
  subscribe(focus());
  flush_requests();
}

v1::ClientFrame SessionMachine::focus() const {
  if (!settings_.focused) return requests::focus({}, settings_.focus_all);
  return requests::focus(std::span(&*settings_.focused, 1), false);
}

}  // namespace enishi::client
