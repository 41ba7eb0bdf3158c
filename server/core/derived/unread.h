// What counts as unread: the one rule, used by the server, by clients/cpp and (same vectors) by the web client. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/ids.h"
#include "core/records.h"

namespace enishi::core {

/// One stretch of a membership, inclusive. `joined` 0: from the beginning; `left` 0: open.
struct SeqInterval {
  Seq joined;
  Seq left;
  friend bool operator==(const SeqInterval&, const SeqInterval&) = default;
};

/// What the rule looks at in one entry of a log. `Author` names members: MemberId in the server, PublicId in clients.
template <class Author>
struct Slot {
  Seq seq;
  EventKind kind = EventKind::message;
  Author author;
  bool deleted = false;
  bool hidden = false;     ///< deleted by the viewer for himself
  bool mentioned = false;  ///< its present text mentions the viewer, by name or as one of all
};

/// For whom it is counted.
template <class Author>
struct Viewer {
  Author self;
  std::vector<Author> blocked;         ///< whom he blocks, any order
  std::vector<SeqInterval> intervals;  ///< his membership, any order; empty: he sees nothing
};

/// True when one of the intervals holds `seq`.
[[nodiscard]] bool covers(std::span<const SeqInterval> intervals, Seq seq) noexcept;

/// Only messages count; edits, reactions and system lines never do.
[[nodiscard]] constexpr bool is_countable(EventKind kind) noexcept { return kind == EventKind::message; }

/// True when this entry is a visible countable message by somebody else: the marker is not looked at.
template <class Author>
[[nodiscard]] bool counts(const Slot<Author>& slot, const Viewer<Author>& viewer) {
  return is_countable(slot.kind) && !slot.deleted && !slot.hidden && slot.author != viewer.self &&
         std::ranges::find(viewer.blocked, slot.author) == viewer.blocked.end() && covers(viewer.intervals, slot.seq);
}

/// unread(member, conversation) = counting entries behind the marker (seq > `marker`). `slots` in any order, each seq
/// once.
template <class Author>
[[nodiscard]] std::uint64_t unread(std::span<const Slot<Author>> slots, const Viewer<Author>& viewer, Seq marker) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      slots, [&](const Slot<Author>& slot) { return slot.seq > marker && counts(slot, viewer); }));
}

/// Of the unread ones those that mention the viewer.
template <class Author>
[[nodiscard]] std::uint64_t unread_mentions(std::span<const Slot<Author>> slots, const Viewer<Author>& viewer,
                                            Seq marker) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      slots, [&](const Slot<Author>& slot) { return slot.seq > marker && slot.mentioned && counts(slot, viewer); }));
}

}  // namespace enishi::core
