// What people typed and have not taken back: none of it may be out of reach.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/change.h"

namespace enishi::property {

/// A text is given up only by a hand that saw it: typed over, or sent. Every other one is found in the draft, beside
/// it, or in the profile of the device, or was pushed out by five later ones, or is older than thirty days.
class Typed {
 public:
  using Place = std::pair<std::string, std::string>;  ///< handle, conversation id

  /// The field of a device showed `shown`, and now shows `text`.
  void on_type(const Place& place, const std::string& device, const std::string& shown, const std::string& text);
  void on_sent(const Place& place, const std::string& body);
  /// The store took this: which kept texts it pushed out. `handle_of` names a member; `id_of` a conversation.
  template <class HandleOf, class IdOf>
  void learn(const core::Batch& batch, HandleOf&& handle_of, IdOf&& id_of) {
    for (const auto& change : batch.changes)
      for (const auto& row : change.registers)
        if (row.kind == core::RegisterKind::kept_draft)
          on_kept({handle_of(row.member), id_of(core::conversation_in(row.object))}, row);
  }
  /// A device is gone, with all that it had not saved.
  void on_dead(const std::string& device);
  /// Nothing is on its way. `found`: all texts of this place that any device of the member can reach. Returns the first
  /// text that is out of reach; empty: none. What is there now counts as saved from here on.
  [[nodiscard]] std::string missing(const Place& place, const std::vector<std::string>& found);
  /// All places where something was typed.
  [[nodiscard]] std::vector<Place> places() const;

 private:
  struct Entry {
    std::string text, device;
    bool saved = false;
  };
  void on_kept(const Place& place, const core::Register& row);
  void forget(const Place& place, const std::string& covering);

  std::map<Place, std::vector<Entry>> typed_;
  std::map<std::pair<Place, std::uint64_t>, core::Register> kept_;
};

}  // namespace enishi::property
