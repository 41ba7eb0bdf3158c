// One conversation on the screen: what is shown of it, what was read, what is being written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/chat/items.h"
#include "cli/chat/session_line.h"
#include "cli/screen/chrome.h"

namespace enishi::cli {

/// What a talk needs to be drawn.
struct Surroundings {
  client::Replica& replica;
  client::Outbox& outbox;
  People& people;
  Size size;
  client::Instant now{0};
  bool live = false;       ///< the session is
  bool attentive = false;  ///< somebody is there: what is shown is read
  std::size_t body_bytes_max = 16 * 1024;
  Chrome chrome;  ///< corner, note and state are set; the rest is the talk's
};

/// Owner: main. Kept while another conversation is open, for what is written and not sent.
class Talk {
 public:
  explicit Talk(const core::PublicId& id) : id_(id) {}
  [[nodiscard]] const core::PublicId& id() const noexcept { return id_; }
  [[nodiscard]] Composer& composer() noexcept { return composer_; }
  [[nodiscard]] const Composer& composer() const noexcept { return composer_; }

  /// A place in it: the message at the upper edge and how much of it is above; seq 0: the newest is at the lower edge.
  struct Anchor {
    std::uint64_t seq = 0;
    std::uint32_t thousandths = 0;
  };

  /// On the screen again, or what came while the session was away is to be shown from its beginning.
  void open() { opening_ = true, at_.reset(), is_suspended_ = false, shown_ = {}, asked_through_ = 0; }
  /// As open(), with this at the upper edge, in place of where the new begins.
  void open_at(std::uint64_t seq, std::uint32_t thousandths) { open(), at_ = Anchor{seq, thousandths}; }
  /// As it was on the screen last.
  [[nodiscard]] Anchor anchor() const { return follows() ? Anchor{} : anchor_; }
  /// The conversation as it is held now.
  void set(client::ConversationView view, bool live, bool attentive);
  [[nodiscard]] const client::ConversationView& view() const noexcept { return view_; }
  /// Reads what the screen needs and lays it out; remembers what was shown. Errors (exit 4): STORE_*.
  [[nodiscard]] Outcome<Frame> draw(Surroundings around);

  void scroll(std::ptrdiff_t lines);
  void scroll_to_end();
  [[nodiscard]] bool follows() const noexcept { return scroll_.follows(); }
  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  /// A message was queued from here.
  void on_sent(const core::ClientId& id);

  /// Through where the marker may go: everything behind it up to there was on the screen. Nullopt: it stays.
  [[nodiscard]] std::optional<std::uint64_t> read_through() const;
  void on_asked(std::uint64_t through) { asked_through_ = through; }
  /// A hole on the screen, to be fetched before others.
  [[nodiscard]] std::optional<client::Range> hole() const noexcept { return hole_; }

 private:
  [[nodiscard]] Look look(const Surroundings& around) const;
  void place_anew();
  void dress(Chrome& chrome, const Surroundings& around, std::size_t below) const;

  const core::PublicId id_;
  client::ConversationView view_;
  Composer composer_;
  Scroll scroll_;
  std::vector<core::ClientId> sent_;
  std::size_t height_ = 0;
  std::optional<client::Range> hole_;
  bool opening_ = true;
  std::optional<Anchor> at_;  // where it opens
  Anchor anchor_;
  // Where the new begins, as shown; it stays while one reads.
  bool shows_new_ = false;
  std::uint64_t new_after_ = 0;
  // Reading.
  client::RangeSet shown_;
  std::uint64_t asked_through_ = 0;
  std::optional<std::uint64_t> rev_;
  bool is_suspended_ = false;  // marked unread elsewhere: what merely still stands here is not read
};

}  // namespace enishi::cli
