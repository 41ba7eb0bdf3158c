// What the tests of drafts share.
#pragma once

#include "unit/client/scripted.h"

namespace enishi::client::scene {

inline LocalDraft typed(std::string text, std::uint64_t base_rev = 0) {
  const auto caret = static_cast<std::uint32_t>(text.size());
  return {id(kChat), base_rev, std::move(text), caret, 0, false, false};
}

inline std::vector<v1::ClientFrame> puts_of(const std::vector<v1::ClientFrame>& frames) {
  std::vector<v1::ClientFrame> found;
  for (const auto& frame : frames)
    if (frame.has_put_draft()) found.push_back(frame);
  return found;
}

inline void answer(Scripted& device, const v1::ClientFrame& put, std::uint64_t rev, bool won) {
  v1::ServerFrame frame;
  frame.set_request_id(put.request_id());
  frame.mutable_draft_put()->set_conversation_id(bytes(kChat));
  frame.mutable_draft_put()->set_rev(rev);
  frame.mutable_draft_put()->set_won(won);
  device.give(frame);
}

inline v1::Register draft_register(std::uint64_t rseq, std::uint64_t rev, const std::string& text) {
  v1::Register made;
  made.set_kind(v1::REGISTER_KIND_DRAFT);
  made.set_rseq(rseq);
  made.set_conversation_id(bytes(kChat));
  made.set_rev(rev);
  made.set_text(text);
  made.set_device_name("phone");
  return made;
}

inline DraftView view(std::uint64_t rev, const std::string& text) {
  DraftView made;
  made.conversation = id(kChat);
  made.rev = rev;
  made.text = text;
  return made;
}

}  // namespace enishi::client::scene
