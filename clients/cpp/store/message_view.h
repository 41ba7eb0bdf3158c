// Messages as they are now: what the server said of them last, and the changes held since (core/message_state.h).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/derived/message_state.h"
#include "enishi/v1/conversation.pb.h"

namespace enishi::client {

/// True for events that say something of another one (EDITED, DELETED, REACTED, PINNED).
[[nodiscard]] bool is_change(const v1::Event& event) noexcept;
/// What became of `message`; members by handle. `changes`: events held, ascending by seq; those of other messages are
/// passed over.
[[nodiscard]] core::MessageState<std::string> state_of(const v1::Event& message, std::span<const v1::Event> changes);
/// `message` with that state in it; what nothing changed has none.
[[nodiscard]] v1::Event with_state(v1::Event message, std::span<const v1::Event> changes);
/// The present text: of the last edit, or its own; empty for a deleted one.
[[nodiscard]] const std::string& text_of_message(const v1::Event& message);
[[nodiscard]] bool is_deleted(const v1::Event& message) noexcept;
/// True when the present text mentions `handle`, by name or as one of all.
[[nodiscard]] bool mentions(const core::MessageState<std::string>& state, std::string_view handle);
/// Takes the content out of a message or an edit. Whom the text before an edit mentioned stays, as in the deletion:
/// numbers that the server told before are corrected by it.
void destroy(v1::Event& event);

}  // namespace enishi::client
