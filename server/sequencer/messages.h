// Traffic of the sequencer: read this file to know the daemon.
#pragma once

#include <memory>
#include <vector>

#include "core/change.h"
#include "core/command.h"
#include "wire/frame.h"

namespace enishi::sequencer {

/// Loop -> sequencer. One request that may write, checked for form by wire and refused early by delivery where it could
/// be.
using core::Command;

/// One frame for those whom one command concerns.
struct Published {
  core::Position position;
  wire::Frame frame;
  core::Audience audience;  ///< members who get it; null: `member` alone
  core::MemberId member;
  std::uint64_t rseq = 0;  ///< newest register number of `member` in it; 0: no register
};

/// A signal that follows from what was committed: how far somebody holds and has read a conversation. Nothing durable:
/// a session that misses it asks.
struct ReceiptTold {
  wire::Frame frame;
  core::Audience audience;
};

/// The answer to one command, or a notice to one seat.
struct Reply {
  core::ReplyAddress to;
  wire::Frame frame;
  bool is_final = true;         ///< false: more is to come for this request (pairing)
  bool gives_try_back = false;  ///< a stranger presented a secret, and it was not an unknown one
};

/// One side of a tie became mutual, or ceased to be.
struct TieMoved {
  core::MemberId member, peer;
  core::Position position;
  bool is_mutual = false;
  std::string peer_handle;  ///< of a mutual one
};

/// Sequencer -> every loop, in order, one post each. A loop finishes one group before it begins the next.
struct Group {
  core::Position last;           ///< newest position committed when this was published
  std::vector<Published> items;  ///< ascending by position; of one command registers first
  std::vector<Reply> replies;
  std::vector<ReceiptTold> receipts;
  std::vector<core::MemberId> shown_anew;  ///< whose name, colour or picture changed
  std::vector<std::pair<core::Position, core::DeviceId>> revoked;
  std::vector<TieMoved> ties;                   ///< ascending by position; presence follows them
  std::vector<core::ConversationId> regrouped;  ///< whose members changed, or the tie of a direct one's two
  wire::Frame frontier;      ///< Frontier{cursor of `last`}, encoded once; null when nothing was numbered
  bool must_resume = false;  ///< committed, but could not be put into frames: every session reads the log
};
using GroupPtr = std::shared_ptr<const Group>;

}  // namespace enishi::sequencer
