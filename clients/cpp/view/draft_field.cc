#include "cpp/view/draft_field.h"

#include <utility>

namespace enishi::client {

void DraftField::open(const DraftView& view) {
  if (view.local) {
    draft_ = *view.local;
    changed_ = true;
    return;
  }
  draft_ = {view.conversation, view.rev, view.text, view.caret, view.reply_to, false, false};
  changed_ = false;
}

void DraftField::focus(bool on) { focused_ = on; }

void DraftField::type(std::string text, std::uint32_t caret, std::uint64_t reply_to) {
  draft_.text = std::move(text);
  draft_.caret = caret;
  draft_.reply_to = reply_to;
  changed_ = true;
}

bool DraftField::on_drafted(const DraftView& view) {
  const bool is_held = view.local.has_value() || (focused_ && changed_);
  if (!is_held) {
    const bool is_other = draft_.text != view.text;
    open(view);
    return is_other;
  }
  // What is saved next from here is written beside that one.
  if (view.rev != draft_.base_rev && !view.local) {
    draft_.base_rev = view.rev;
    draft_.beside = !view.text.empty() && view.text != draft_.text;
  }
  return false;
}

void DraftField::on_saved(std::uint64_t rev, bool won) {
  draft_.base_rev = rev;
  draft_.beside = !won;
}

void DraftField::on_sent() {
  draft_.text.clear();
  draft_.caret = 0;
  draft_.reply_to = 0;
  draft_.beside = false;
  changed_ = false;
}

LocalDraft DraftField::to_save() const { return draft_; }

}  // namespace enishi::client
