// One slot of a conversation as JSON and as a line: in `read` and in `watch`.
#pragma once

#include <string>

#include "cli/show/printer.h"
#include "cpp/view/chats.h"
#include "cpp/view/fates.h"

namespace enishi::cli {

/// read's fields: chat, seq, kind, to, author, device, client_id, at, reply_to, text, edited_at, versions, deleted,
/// reactions, pinned, starred, forwarded_from, hidden, change, target. `record` may hold others before them.
void add_slot(Record& record, const std::string& chat, const client::SlotView& slot);
/// state ("sent", "delivered", "read"), delivered_to, read_by: of one's own messages.
void add_fate(Record& record, const client::Fate& fate);
/// "sent"; "delivered"; "read"; in a group with the names.
[[nodiscard]] std::string text_of(const client::Fate& fate, bool in_group);
/// "12  2026-01-02 03:04  aki: text"; further lines of a text are indented. Safe to print. `fate`: stands behind a
/// message; empty: nothing.
[[nodiscard]] std::string line_of(const client::SlotView& slot, const std::string& fate = {});
/// The sentence of a membership or title event, without its author: "added @ben"; the body of a message.
[[nodiscard]] std::string text_of(const v1::Event& event);
/// What a change does: edited, deleted, reacted, unreacted, pinned, unpinned; empty for other events.
[[nodiscard]] std::string change_of(const v1::Event& event);
/// A slot for one event.
[[nodiscard]] client::SlotView slot_of(const v1::Event& event);

}  // namespace enishi::cli
