// What became of one's own messages: to whom they were delivered, who has read them. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cpp/store/replica.h"

namespace enishi::client {

/// Of one message in the log. Handles ascend. Only those are named who are tied with the author; of others nothing is
/// known.
struct Fate {
  enum class State : std::uint8_t { sent, delivered, read };
  std::vector<std::string> delivered_to;  ///< those who have read it among them
  std::vector<std::string> read_by;
  /// The farthest that is true of anybody.
  [[nodiscard]] State state() const noexcept;
};
/// As in JSON: "sent", "delivered", "read".
[[nodiscard]] const char* name_of(Fate::State state) noexcept;

/// The fates of the messages of a conversation. A receipt says "through here", of what its giver may see; so in a group
/// it says nothing of a message from before he came. Who was there follows from the log, as far as it is held between
/// the message and the end of the receipt: where that has a hole, nothing is claimed.
class Fates {
 public:
  /// `log`: events held, ascending; what lies before the first of them is not known.
  Fates(const ConversationView& view, const std::vector<ReceiptRow>& receipts, const std::vector<v1::Event>& log);
  [[nodiscard]] Fate of(std::uint64_t seq) const;

 private:
  struct Person {
    ReceiptRow receipt;
    RangeSet there;  // where he is known to have been in the conversation
  };
  std::vector<Person> people_;
};

/// Reads what Fates needs for messages from `first` on; of a group's log at most the newest `log_max` events, and
/// claims nothing of what lies before them. Errors: those of LocalStore::read.
[[nodiscard]] core::Result<Fates> fates_of(Replica& replica, const ConversationView& view, std::uint64_t first,
                                           std::size_t log_max = ~std::size_t{0});

}  // namespace enishi::client
