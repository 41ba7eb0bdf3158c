// The baton's frames.
#include "wire/encode_internal.h"

namespace enishi::wire {

Frame encode_baton_passed(const core::PublicId& id, std::string_view from_device, const Baton& baton) {
  v1::ServerFrame frame;
  auto& passed = *frame.mutable_baton_passed();
  passed.set_baton_id(bytes_of(id));
  passed.set_from_device(std::string(from_device));
  passed.set_conversation_id(bytes_of(baton.conversation));
  passed.set_anchor_seq(baton.anchor.value);
  passed.set_anchor_offset(baton.anchor_offset);
  passed.set_caret(baton.caret);
  passed.set_draft_rev(baton.draft_rev);
  return finish(frame);
}

Frame encode_baton_wanted(const core::PublicId& by_device, std::string_view by_name) {
  v1::ServerFrame frame;
  frame.mutable_baton_wanted()->set_by_device(bytes_of(by_device));
  frame.mutable_baton_wanted()->set_by_name(std::string(by_name));
  return finish(frame);
}

Frame encode_baton_taken(std::string_view device, const core::PublicId& conversation) {
  v1::ServerFrame frame;
  frame.mutable_baton_taken()->set_device(std::string(device));
  frame.mutable_baton_taken()->set_conversation_id(bytes_of(conversation));
  return finish(frame);
}

}  // namespace enishi::wire
