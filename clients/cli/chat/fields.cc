#include "cli/chat/fields.h"

#include <algorithm>

#include "core/text.h"

namespace enishi::cli {
namespace {

constexpr client::Instant kSaveAfter{300};     // the last key
constexpr client::Instant kSaveWithin{2'000};  // the first one, for who never pauses

/// A text that begins with "/" is typed as "//".
std::optional<std::string> draft_in(const std::string& typed) {
  if (typed.starts_with("//")) return typed.substr(1);
  if (typed.starts_with('/')) return std::nullopt;
  return typed;
}
std::string typed_as(const std::string& draft) { return draft.starts_with('/') ? "/" + draft : draft; }

std::uint32_t caret_of(const Composer& composer) {
  const auto before = core::count_code_points(composer.text().substr(0, composer.caret()));
  const bool is_escaped = composer.text().starts_with("//") && before > 0;
  return static_cast<std::uint32_t>(before - (is_escaped ? 1 : 0));
}

void show(const client::DraftField& field, Composer& composer) {
  const auto text = typed_as(field.text());
  composer.set(text, field.caret() + (text.size() > field.text().size() ? 1 : 0));
}

}  // namespace

void Fields::open(const core::PublicId& id, Composer& composer) {
  auto& field = fields_[id];
  field.focus(true);
  const auto view = machine_->replica().draft(id, machine_->wall_now());
  if (!view || !draft_in(composer.text())) return;  // a command stands there
  field.open(*view);
  show(field, composer);
}

void Fields::on_key(const core::PublicId& id, const Composer& composer, client::Instant now) {
  const auto draft = draft_in(composer.text());
  auto& field = fields_[id];
  if (!draft || *draft == field.text()) return;
  // An emptied field answers nothing any more.
  field.type(*draft, caret_of(composer), draft->empty() ? 0 : field.reply_to());
  if (unsaved_ && *unsaved_ != id) save();
  unsaved_ = id;
  if (!save_by_) save_by_ = now + kSaveWithin;
  save_at_ = std::min(now + kSaveAfter, *save_by_);
}

void Fields::close(const core::PublicId& id) {
  save();
  fields_[id].focus(false);
}

void Fields::on_sent(const core::PublicId& id) {
  fields_[id].on_sent();
  if (unsaved_ != id) return;
  unsaved_.reset();
  save_at_.reset();
  save_by_.reset();
}

bool Fields::on_happening(const client::Happening& happening, const core::PublicId* open, Composer* composer) {
  namespace h = client::happening;
  if (const auto* saved = std::get_if<h::DraftSaved>(&happening)) {
    if (const auto at = fields_.find(saved->conversation); at != fields_.end())
      at->second.on_saved(saved->rev, saved->won);
    return false;
  }
  const auto* drafted = std::get_if<h::Drafted>(&happening);
  if (drafted == nullptr) return false;
  const auto at = fields_.find(drafted->conversation);
  const auto view = machine_->replica().draft(drafted->conversation, machine_->wall_now());
  if (at == fields_.end() || !view || !at->second.on_drafted(*view)) return false;
  if (open == nullptr || *open != drafted->conversation || !draft_in(composer->text())) return false;
  show(at->second, *composer);
  return true;
}

void Fields::save() {
  if (!unsaved_) return;
  auto draft = fields_[*unsaved_].to_save();
  draft.conversation = *unsaved_;
  const auto done = machine_->put_draft(std::move(draft));
  save_by_.reset();
  save_at_.reset();
  // What cannot be stored here (a full disk, a text that is too long) is tried again with the next key, and at the end.
  if (done) unsaved_.reset();
}

std::uint64_t Fields::rev_of(const core::PublicId& id) const {
  const auto at = fields_.find(id);
  const auto view = machine_->replica().draft(id, machine_->wall_now());
  if (at == fields_.end() || !view) return 0;
  return view->local ? at->second.base_rev() + 1 : at->second.base_rev();
}

std::uint64_t Fields::sent_rev(const core::PublicId& id) const {
  const auto at = fields_.find(id);
  return at == fields_.end() ? 0 : at->second.sent_rev();
}

std::uint64_t Fields::reply_to(const core::PublicId& id) const {
  const auto at = fields_.find(id);
  return at == fields_.end() ? 0 : at->second.reply_to();
}

}  // namespace enishi::cli
