// What became of a message: the one rule, used by the server and by clients/cpp. Pure.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/records.h"

namespace enishi::core {

/// One event that changes a message. `Person` names members: MemberId in the server, handles in clients.
template <class Person>
struct MessageChange {
  Seq seq;
  EventKind kind = EventKind::edited;
  Person author;
  WallTime at{};
  std::string_view body;         ///< edited: the text. reacted: the emoji
  std::vector<Person> mentions;  ///< edited
  bool mentions_all = false;     ///< edited
  bool on = false;               ///< reacted, pinned
};

/// A message as its changes left it. Begin with its own mentions, apply its changes ascending by seq; those up to
/// `as_of` are passed over, so that an answer read from the store and live events may overlap. What is deleted stays
/// deleted.
template <class Person>
struct MessageState {
  struct Edit {
    Seq seq;
    WallTime at{};
    friend bool operator==(const Edit&, const Edit&) = default;
  };
  struct Reaction {
    std::string emoji;
    std::vector<Person> people;  ///< in the order in which they came
    friend bool operator==(const Reaction&, const Reaction&) = default;
  };

  Seq as_of;
  std::vector<Edit> edits;
  std::string body;              ///< of the last edit
  std::vector<Person> mentions;  ///< of the present text
  bool mentions_all = false;     ///< of the present text
  Seq deleted;                   ///< seq of the deletion; 0: it is there
  std::vector<Reaction> reactions;
  Seq pinned;  ///< seq of the event that pinned it; 0: it is not

  void apply(const MessageChange<Person>& change) {
    if (change.seq <= as_of) return;
    as_of = change.seq;
    if (deleted) return;
    switch (change.kind) {
      case EventKind::edited:
        edits.push_back({change.seq, change.at});
        body = change.body;
        mentions = change.mentions;
        mentions_all = change.mentions_all;
        return;
      case EventKind::deleted:
        *this = {};
        as_of = deleted = change.seq;
        return;
      case EventKind::reacted:
        return react(change);
      case EventKind::pinned:
        pinned = change.on ? change.seq : Seq{};
        return;
      default:
        return;
    }
  }
  [[nodiscard]] bool has_reaction(std::string_view emoji, const Person& person) const {
    const auto found = std::ranges::find(reactions, emoji, &Reaction::emoji);
    return found != reactions.end() && std::ranges::find(found->people, person) != found->people.end();
  }
  [[nodiscard]] std::size_t reaction_count() const {
    std::size_t count = 0;
    for (const auto& reaction : reactions) count += reaction.people.size();
    return count;
  }
  /// True when it says anything that the message itself does not.
  [[nodiscard]] bool is_changed() const { return !edits.empty() || deleted || !reactions.empty() || pinned; }
  friend bool operator==(const MessageState&, const MessageState&) = default;

 private:
  void react(const MessageChange<Person>& change) {
    auto found = std::ranges::find(reactions, change.body, &Reaction::emoji);
    if (change.on) {
      if (found == reactions.end()) found = reactions.insert(found, {std::string(change.body), {}});
      const bool is_there = std::ranges::find(found->people, change.author) != found->people.end();
      if (!is_there) found->people.push_back(change.author);
    } else if (found != reactions.end()) {
      std::erase(found->people, change.author);
      if (found->people.empty()) reactions.erase(found);
    }
  }
};

/// The server's own: `message` with its changes up to `through`, ascending by seq.
[[nodiscard]] inline MessageState<MemberId> state_of(const Event& message, std::span<const Event> changes,
                                                     Seq through) {
  MessageState<MemberId> state;
  state.mentions = message.people;
  state.mentions_all = message.mentions_all;
  for (const auto& each : changes)
    if (each.seq <= through)
      state.apply({each.seq, each.kind, each.author, each.at, each.body, each.people, each.mentions_all, each.on});
  state.as_of = through;
  return state;
}

}  // namespace enishi::core
