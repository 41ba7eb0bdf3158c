// The field in which a message is written, on one screen.
#pragma once

#include <cstdint>
#include <string>

#include "cpp/store/replica.h"

namespace enishi::client {

/// What stands in the field of one conversation, and on which revision of the draft it was written. A field that is
/// focused and was changed by hand is never replaced; what another device wrote meanwhile is then kept beside it, or it
/// beside that. A plain value; the same rules in the web client (tests/vectors/drafts.json).
class DraftField {
 public:
  /// The field appears: it shows what is unsaved here, else the draft of all devices.
  void open(const DraftView& view);
  void focus(bool on);
  /// The person typed, pasted or moved the caret.
  void type(std::string text, std::uint32_t caret, std::uint64_t reply_to);
  /// happening::Drafted came. True: the text is another one now.
  bool on_drafted(const DraftView& view);
  /// happening::DraftSaved came.
  void on_saved(std::uint64_t rev, bool won);
  /// The text was sent: the field is empty, and so is the draft as soon as that is committed.
  void on_sent();
  /// For the message that takes the text: the revision that it was written on; 0 while it stands beside another
  /// device's draft, which is not what is sent.
  [[nodiscard]] std::uint64_t sent_rev() const noexcept { return draft_.beside ? 0 : draft_.base_rev; }
  /// For SessionMachine::put_draft.
  [[nodiscard]] LocalDraft to_save() const;

  [[nodiscard]] const std::string& text() const noexcept { return draft_.text; }
  [[nodiscard]] std::uint32_t caret() const noexcept { return draft_.caret; }
  [[nodiscard]] std::uint64_t reply_to() const noexcept { return draft_.reply_to; }
  [[nodiscard]] std::uint64_t base_rev() const noexcept { return draft_.base_rev; }
  /// Another device's draft stands beside what is written here.
  [[nodiscard]] bool is_beside() const noexcept { return draft_.beside; }

 private:
  LocalDraft draft_;
  bool focused_ = false;
  bool changed_ = false;  ///< by hand, since it was opened, replaced or left
};

}  // namespace enishi::client
