// Values -> frames. What many receive is encoded here once.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/change.h"
#include "core/derived/message_state.h"
#include "core/lookup.h"
#include "wire/frame.h"
#include "wire/request.h"

namespace enishi::wire {

/// The number the server holds for a conversation; see proto Head.
struct HeadView {
  core::PublicId conversation;
  core::Seq head, marker;
  std::uint64_t rev = 0, unread = 0, mentions = 0;
  std::string title;
};

/// See proto Receipt.
struct ReceiptView {
  core::PublicId conversation;
  std::string handle;
  core::Seq delivered, read;
};

/// See proto MemberView.
struct MemberRow {
  core::Member member;
  bool owner = false;
  bool is_known = true;  ///< false: only the handle is told
};

/// See proto Welcome.
struct WelcomeView {
  std::string session_id, incarnation, ticket;
  core::WallTime now{};
  bool reset = false;
  std::uint64_t rseq = 0;
  std::uint32_t body_bytes_max = 0, frame_bytes_max = 0, requests_in_flight_max = 0;
  core::PublicId member;
  std::string handle, name, device_name, inviter;
  std::uint32_t hue = 0;
  core::PublicId picture_id;  ///< zero: none
};

using MessageState = core::MessageState<core::MemberId>;
/// What became of messages, by their seq, where they are read later than live; those without any change are left out.
using MessageStates = std::map<core::Seq, MessageState>;

/// What a server frame may hold before it is cut: far below the 64 KiB that a frame may have, so that an entry that is
/// itself larger (a long message with its long edit: 63 KiB at most) has room in a frame of its own.
inline constexpr std::size_t kFrameContentMax = 28 * 1024;

/// Collects what travels together and cuts it into Batch frames below `bytes_max` each, registers first. An entry that
/// is larger than that gets a frame of its own.
class BatchBuilder {
 public:
  explicit BatchBuilder(core::Directory& directory, std::size_t bytes_max = kFrameContentMax);
  ~BatchBuilder();
  void add(const core::Register& row);
  /// `state`: what became of a message; may be null.
  void add(const core::Event& event, const MessageState* state = nullptr);
  /// The batch that is being built names this as the member's newest number, whether or not it holds any register.
  void reaches(std::uint64_t rseq);
  /// The frames so far; the builder is empty afterwards.
  [[nodiscard]] std::vector<Frame> take();
  /// Bytes added since the last take(), about.
  [[nodiscard]] std::size_t bytes() const noexcept { return total_ + pending_bytes_; }

 private:
  void cut();
  struct Pending;
  core::Directory& directory_;
  std::size_t bytes_max_, pending_bytes_ = 0, total_ = 0;
  std::unique_ptr<Pending> pending_;
  std::vector<Frame> frames_;
};

// What the server says by itself.
[[nodiscard]] Frame encode_challenge(std::string_view nonce, core::WallTime now);
[[nodiscard]] std::vector<Frame> encode_events(core::Directory& directory, const std::vector<core::Event>& events);
/// Those of `registers` that are `member`'s.
[[nodiscard]] std::vector<Frame> encode_registers(core::Directory& directory,
                                                  const std::vector<core::Register>& registers, core::MemberId member);
[[nodiscard]] Frame encode_frontier(std::string_view cursor, bool live, std::uint32_t done = 0,
                                    std::uint32_t total = 0);
[[nodiscard]] Frame encode_head(const HeadView& head);
/// `changed_since`: write_since, or empty for a device that holds nothing older.
[[nodiscard]] Frame encode_gap(const core::PublicId& conversation, core::Seq from, core::Seq to,
                               std::string_view changed_since);
[[nodiscard]] Frame encode_skipped(const core::PublicId& conversation, core::Seq from, core::Seq to);
[[nodiscard]] Frame encode_lagged();
[[nodiscard]] Frame encode_go_away(std::uint32_t retry_after_ms);
[[nodiscard]] Frame encode_device_added(std::string_view device_name, bool recovered);
[[nodiscard]] Frame encode_server_ping(std::uint32_t next_within_ms);
[[nodiscard]] Frame encode_presence(std::string_view handle, Presence state, core::WallTime since);
[[nodiscard]] Frame encode_typing(std::string_view handle, const core::PublicId& conversation);
[[nodiscard]] Frame encode_receipt(const ReceiptView& receipt);
[[nodiscard]] Frame encode_baton_passed(const core::PublicId& id, std::string_view from_device, const Baton& baton);
[[nodiscard]] Frame encode_baton_wanted(const core::PublicId& by_device, std::string_view by_name);
[[nodiscard]] Frame encode_baton_taken(std::string_view device, const core::PublicId& conversation);
[[nodiscard]] Frame encode_pair_asked(std::uint64_t offer_request, std::string_view name, const core::PublicKey& key);

// Answers.
[[nodiscard]] Frame encode_ok(std::uint64_t request);
[[nodiscard]] Frame encode_error(std::uint64_t request, core::Errc code, std::uint64_t current_rev = 0);
[[nodiscard]] Frame encode_rate_limited(std::uint64_t request, std::chrono::milliseconds retry_after);
[[nodiscard]] Frame encode_proof_wanted(std::uint64_t request);
[[nodiscard]] Frame encode_welcome(std::uint64_t request, const WelcomeView& welcome);
[[nodiscard]] Frame encode_sent(std::uint64_t request, const core::Sent& sent);
[[nodiscard]] Frame encode_marked(std::uint64_t request, const HeadView& head);
[[nodiscard]] Frame encode_draft_put(std::uint64_t request, const core::DraftPut& put);
[[nodiscard]] Frame encode_picture(std::uint64_t request, const core::PublicId& id, std::string_view bytes);
// Lists are cut into frames; all but the last say that more follows.
[[nodiscard]] std::vector<Frame> encode_heads(std::uint64_t request, const std::vector<HeadView>& heads);
[[nodiscard]] std::vector<Frame> encode_receipts(std::uint64_t request, const core::PublicId& conversation,
                                                 const std::vector<ReceiptView>& receipts);
[[nodiscard]] std::vector<Frame> encode_members(std::uint64_t request, const core::PublicId& conversation,
                                                const std::vector<MemberRow>& members);
/// `skipped`: ranges inside [from, to] that the asker was no member for, ascending.
[[nodiscard]] Frame encode_page(std::uint64_t request, core::Directory& directory, const core::PublicId& conversation,
                                core::Seq from, core::Seq to, core::Seq head, const std::vector<core::Event>& events,
                                const MessageStates& states,
                                const std::vector<std::pair<core::Seq, core::Seq>>& skipped);
/// `next`: write_since, or empty when this was all.
[[nodiscard]] Frame encode_changes(std::uint64_t request, core::Directory& directory,
                                   const core::PublicId& conversation, const std::vector<core::Event>& events,
                                   const MessageStates& states, std::string_view next);
/// Bytes this event takes in a frame at most; `state` may be null.
[[nodiscard]] std::size_t encoded_size(const core::Event& event, const MessageState* state = nullptr) noexcept;
/// The state of the message with this seq; null for none.
[[nodiscard]] inline const MessageState* state_in(const MessageStates& states, core::Seq seq) {
  const auto found = states.find(seq);
  return found == states.end() ? nullptr : &found->second;
}
[[nodiscard]] Frame encode_group_made(std::uint64_t request, const core::Conversation& conversation);
[[nodiscard]] Frame encode_tie_changed(std::uint64_t request, const core::TieChanged& changed);
[[nodiscard]] Frame encode_joined(std::uint64_t request, core::Directory& directory, const core::Joined& joined);
[[nodiscard]] Frame encode_pair_presented(std::uint64_t request, const core::PublicKey& offerer_key,
                                          std::string_view handle);
[[nodiscard]] Frame encode_invitation_made(std::uint64_t request, const core::Invitation& invitation,
                                           core::WallTime now);
[[nodiscard]] std::vector<Frame> encode_invitations(std::uint64_t request,
                                                    const std::vector<core::Invitation>& invitations,
                                                    core::WallTime now);
[[nodiscard]] Frame encode_invitation_preview(std::uint64_t request, std::string_view inviter,
                                              std::string_view inviter_name, const core::Invitation& invitation);
/// Leaves revoked ones out; those of `online` were seen at `now`.
[[nodiscard]] std::vector<Frame> encode_devices(std::uint64_t request, const std::vector<core::Device>& devices,
                                                core::DeviceId current, const std::vector<core::DeviceId>& online,
                                                core::WallTime now);
struct PresenceView {
  std::string handle;
  Presence state = Presence::unknown;
  core::WallTime since{};
};
[[nodiscard]] std::vector<Frame> encode_presences(std::uint64_t request, const std::vector<PresenceView>& presences);

}  // namespace enishi::wire
