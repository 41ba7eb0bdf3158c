// What is half written in each conversation, on this screen and on all devices.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/screen/composer.h"
#include "cpp/session_machine.h"
#include "cpp/view/draft_field.h"

namespace enishi::cli {

/// Keeps the composer of each conversation and its draft together: what is typed is saved a moment after the last key,
/// what comes from elsewhere shows where nobody types. Lines that are commands are no drafts. Owner: main; the machine
/// outlives it.
class Fields {
 public:
  explicit Fields(client::SessionMachine& machine) : machine_(&machine) {}

  /// The conversation is opened: its composer shows the draft.
  void open(const core::PublicId& id, Composer& composer);
  /// A key may have changed the composer.
  void on_key(const core::PublicId& id, const Composer& composer, client::Instant now);
  /// The conversation is left.
  void close(const core::PublicId& id);
  /// What the composer holds is sent: see DraftField::on_sent.
  void on_sent(const core::PublicId& id);
  /// Drafted and DraftSaved. `composer` of the open conversation, when there is one. Returns true when that changed.
  bool on_happening(const client::Happening& happening, const core::PublicId* open, Composer* composer);
  /// Saves what waits to be saved.
  void save();
  /// When that is wanted at the latest.
  [[nodiscard]] std::optional<client::Instant> save_at() const noexcept { return save_at_; }
  /// For the baton: the revision that holds what stands in the field once all is saved.
  [[nodiscard]] std::uint64_t rev_of(const core::PublicId& id) const;
  /// See DraftField::sent_rev.
  [[nodiscard]] std::uint64_t sent_rev(const core::PublicId& id) const;
  [[nodiscard]] std::uint64_t reply_to(const core::PublicId& id) const;

 private:
  client::SessionMachine* machine_;
  std::map<core::PublicId, client::DraftField> fields_;
  std::optional<core::PublicId> unsaved_;  // one is typed in at a time
  std::optional<client::Instant> save_at_, save_by_;
};

}  // namespace enishi::cli
