// What is held of a conversation, and what waits to be sent to it, as items of its screen.
#pragma once

#include <string>
#include <vector>

#include "cli/chat/people.h"
#include "cli/chat/transcript.h"
#include "cli/failure.h"
#include "cpp/store/outbox.h"
#include "cpp/store/replica.h"

namespace enishi::cli {

/// A stretch of a conversation.
struct Stretch {
  std::vector<Item> items;
  bool from_start = false;  ///< its first item is the conversation's first
  bool to_end = false;      ///< its last item is the newest; outgoing ones are among them
};

/// Up to `before` slots before `seq`, and up to `after` from it on, with what lies between; past the head: the newest.
/// Names of people met on the way are learnt. `sent`: messages sent from this screen; those that are committed and not
/// yet held stay in sight, the others are taken off. Errors (exit 4): STORE_*.
[[nodiscard]] Outcome<Stretch> read_stretch(client::Replica& replica, client::Outbox& outbox,
                                            const client::ConversationView& view, People& people,
                                            std::vector<core::ClientId>& sent, std::uint64_t seq, std::uint64_t before,
                                            std::uint64_t after);

}  // namespace enishi::cli
