// What the server says by itself: events, registers, frontiers, signals.
#include "wire/encode.h"

#include "wire/encode_internal.h"

namespace enishi::wire {

Frame finish(const v1::ServerFrame& frame) { return frame_of(frame.SerializeAsString()); }

void fill(v1::Person& out, const core::Member& member, bool with_name, bool with_face) {
  out.set_id(bytes_of(member.public_id));
  out.set_handle(member.handle);
  if (with_name) out.set_name(member.name);
  if (!with_face) return;
  out.set_hue(member.hue);
  if (!member.picture_id.is_zero()) out.set_picture_id(bytes_of(member.picture_id));
}

namespace {

void fill_state(v1::MessageState& out, core::Directory& directory, const MessageState& state) {
  out.set_as_of_seq(state.as_of.value);
  for (const auto& edit : state.edits) {
    auto& each = *out.add_edits();
    each.set_seq(edit.seq.value);
    each.set_at_ms(ms_of(edit.at));
  }
  if (!state.edits.empty()) {
    out.set_body(state.body);
    for (const auto id : state.mentions) fill(*out.add_people(), directory.member_of(id), true);
    out.set_mentions_all(state.mentions_all);
  }
  out.set_deleted_seq(state.deleted.value);
  for (const auto& reaction : state.reactions) {
    auto& each = *out.add_reactions();
    each.set_emoji(reaction.emoji);
    for (const auto id : reaction.people) each.add_handles(directory.member_of(id).handle);
  }
  out.set_pinned_seq(state.pinned.value);
}

void fill_change(v1::Event& out, core::Directory& directory, const core::Event& event) {
  out.set_target_seq(event.target.value);
  out.set_target_author_id(bytes_of(directory.member_of(event.target_author).public_id));
  out.set_counted(event.counted);
  out.set_on(event.on);
  for (const auto id : event.former_people) out.add_former_mentions(directory.member_of(id).handle);
  out.set_former_mentions_all(event.former_mentions_all);
}

}  // namespace

void fill(v1::Event& out, core::Directory& directory, const core::Event& event, const MessageState* state) {
  const auto& author = directory.member_of(event.author);
  out.set_conversation_id(bytes_of(directory.conversation_of(event.conversation).public_id));
  out.set_seq(event.seq.value);
  out.set_kind(static_cast<v1::EventKind>(event.kind));
  out.set_author_id(bytes_of(author.public_id));
  out.set_author(author.handle);
  if (event.device) out.set_device_name(directory.device_of(event.device).name);
  out.set_client_id(bytes_of(event.client_id));
  out.set_at_ms(ms_of(event.at));
  out.set_reply_to(event.reply_to.value);
  out.set_body(event.body);
  for (const auto id : event.people) fill(*out.add_people(), directory.member_of(id), true);
  if (event.target) fill_change(out, directory, event);
  out.set_mentions_all(event.mentions_all);
  out.set_destroyed(event.destroyed);
  if (event.origin) {
    out.set_forwarded_from(directory.member_of(event.origin).handle);
    out.set_forwarded_at_ms(ms_of(event.origin_at));
  }
  if (state != nullptr) fill_state(*out.mutable_state(), directory, *state);
}

namespace {

void fill_membership(v1::Register& out, core::Directory& directory, const core::Register& row) {
  const auto& conversation = directory.conversation_of(core::ConversationId{row.object});
  out.set_conversation_kind(static_cast<v1::ConversationKind>(conversation.kind));
  out.set_title(conversation.title);
  if (conversation.kind == core::ConversationKind::direct) {
    const auto peer = conversation.owner == row.member ? conversation.peer : conversation.owner;
    // The tie has the face: it is told only while that holds.
    fill(*out.mutable_peer(), directory.member_of(peer), true, false);
  }
  for (const auto& interval : directory.membership_of(row.member, conversation.id).intervals) {
    auto& piece = *out.add_intervals();
    piece.set_joined_seq(interval.joined.value);
    piece.set_left_seq(interval.left.value);
  }
}

void fill_key(v1::Register& out, core::Directory& directory, const core::Register& row) {
  switch (row.kind) {
    case core::RegisterKind::marker:
    case core::RegisterKind::draft:
    case core::RegisterKind::mute:
    case core::RegisterKind::pin:
    case core::RegisterKind::membership:
    case core::RegisterKind::stored:
    case core::RegisterKind::read_through:
      out.set_conversation_id(bytes_of(directory.conversation_of(core::ConversationId{row.object}).public_id));
      break;
    case core::RegisterKind::star:
    case core::RegisterKind::hide:
    case core::RegisterKind::kept_draft:
      out.set_conversation_id(bytes_of(directory.conversation_of(core::conversation_in(row.object)).public_id));
      out.set_message_seq(core::seq_in(row.object).value);
      break;
    case core::RegisterKind::tie:
    case core::RegisterKind::block: {
      // An ask must not tell whether there is anybody: the name shows only once the other side has spoken.
      const bool spoke =
          row.tie == core::TieState::asked_in || row.tie == core::TieState::mutual || row.tie == core::TieState::ended;
      const bool shows = row.tie == core::TieState::asked_in || row.tie == core::TieState::mutual;
      fill(*out.mutable_person(), directory.member_of(core::MemberId{row.object}), spoke, shows);
      break;
    }
    case core::RegisterKind::device:
      out.set_device_id(bytes_of(directory.device_of(core::DeviceId{row.object}).public_id));
      out.set_device_name(directory.device_of(core::DeviceId{row.object}).name);
      break;
    case core::RegisterKind::no_receipts:
      break;
    case core::RegisterKind::profile:
      fill(*out.mutable_person(), directory.member_of(row.member), true);
      break;
  }
}

}  // namespace

void fill(v1::Register& out, core::Directory& directory, const core::Register& row) {
  out.set_kind(static_cast<v1::RegisterKind>(row.kind));
  out.set_rseq(row.rseq);
  out.set_removed(row.removed);
  fill_key(out, directory, row);
  if (!row.removed || row.kind == core::RegisterKind::draft) {
    out.set_rev(row.rev);
    out.set_seq(row.seq.value);
  }
  if (row.removed) return;
  out.set_since_ms(ms_of(row.at));
  out.set_tie(static_cast<v1::TieState>(row.tie));
  out.set_text(row.text);
  out.set_caret(row.caret);
  out.set_reply_to(row.reply_to.value);
  const bool by_someone = row.kind == core::RegisterKind::marker || row.kind == core::RegisterKind::draft ||
                          row.kind == core::RegisterKind::kept_draft;
  if (by_someone && row.by_device) out.set_device_name(directory.device_of(row.by_device).name);
  if (row.kind == core::RegisterKind::membership) fill_membership(out, directory, row);
}

void fill(v1::Head& out, const HeadView& head) {
  out.set_conversation_id(bytes_of(head.conversation));
  out.set_head(head.head.value);
  out.set_marker(head.marker.value);
  out.set_rev(head.rev);
  out.set_unread(head.unread);
  out.set_mentions(head.mentions);
  out.set_title(head.title);
}

void fill(v1::Receipt& out, const ReceiptView& receipt) {
  out.set_conversation_id(bytes_of(receipt.conversation));
  out.set_handle(receipt.handle);
  out.set_delivered_seq(receipt.delivered.value);
  out.set_read_seq(receipt.read.value);
}

std::size_t encoded_size(const core::Event& event, const MessageState* state) noexcept {
  // Five ids (90), ten numbers (90), handles (52), device name (66) and lengths; a person: id, handle, name (66); an
  // edit: two numbers.
  const auto bytes = 320 + event.body.size() + event.people.size() * 120 + event.former_people.size() * 26;
  if (state == nullptr) return bytes;
  const auto reactions = state->reactions.size() * 40 + state->reaction_count() * 26;
  return bytes + 60 + state->edits.size() * 24 + state->body.size() + state->mentions.size() * 120 + reactions;
}

struct BatchBuilder::Pending {
  v1::ServerFrame frame;
};

BatchBuilder::BatchBuilder(core::Directory& directory, std::size_t bytes_max)
    : directory_(directory), bytes_max_(bytes_max), pending_(std::make_unique<Pending>()) {}
BatchBuilder::~BatchBuilder() = default;

void BatchBuilder::add(const core::Register& row) {
  v1::Register entry;
  fill(entry, directory_, row);
  const auto size = entry.ByteSizeLong() + 4;
  if (pending_bytes_ != 0 && pending_bytes_ + size > bytes_max_) cut();
  auto& batch = *pending_->frame.mutable_batch();
  *batch.add_registers() = std::move(entry);
  batch.set_rseq(row.rseq);
  pending_bytes_ += size;
}

void BatchBuilder::reaches(std::uint64_t rseq) {
  pending_->frame.mutable_batch()->set_rseq(rseq);
  pending_bytes_ += 11;
}

void BatchBuilder::add(const core::Event& event, const MessageState* state) {
  const auto size = encoded_size(event, state);
  if (pending_bytes_ != 0 && pending_bytes_ + size > bytes_max_) cut();
  fill(*pending_->frame.mutable_batch()->add_events(), directory_, event, state);
  pending_bytes_ += size;
}

void BatchBuilder::cut() {
  if (pending_bytes_ == 0) return;
  frames_.push_back(finish(pending_->frame));
  total_ += frames_.back()->size();
  pending_->frame.Clear();
  pending_bytes_ = 0;
}

std::vector<Frame> BatchBuilder::take() {
  cut();
  total_ = 0;
  return std::exchange(frames_, {});
}

Frame encode_challenge(std::string_view nonce, core::WallTime now) {
  v1::ServerFrame frame;
  frame.mutable_challenge()->set_nonce(std::string(nonce));
  frame.mutable_challenge()->set_server_time_ms(ms_of(now));
  return finish(frame);
}

std::vector<Frame> encode_events(core::Directory& directory, const std::vector<core::Event>& events) {
  BatchBuilder builder(directory);
  for (const auto& event : events) builder.add(event);
  return builder.take();
}

std::vector<Frame> encode_registers(core::Directory& directory, const std::vector<core::Register>& registers,
                                    core::MemberId member) {
  BatchBuilder builder(directory);
  for (const auto& row : registers)
    if (row.member == member) builder.add(row);
  return builder.take();
}

Frame encode_frontier(std::string_view cursor, bool live, std::uint32_t done, std::uint32_t total) {
  v1::ServerFrame frame;
  auto& frontier = *frame.mutable_frontier();
  frontier.set_cursor(std::string(cursor));
  frontier.set_live(live);
  frontier.set_done(done);
  frontier.set_total(total);
  return finish(frame);
}

Frame encode_head(const HeadView& head) {
  v1::ServerFrame frame;
  fill(*frame.mutable_head(), head);
  return finish(frame);
}

Frame encode_gap(const core::PublicId& conversation, core::Seq from, core::Seq to, std::string_view changed_since) {
  v1::ServerFrame frame;
  auto& gap = *frame.mutable_gap();
  gap.set_conversation_id(bytes_of(conversation));
  gap.set_from_seq(from.value);
  gap.set_to_seq(to.value);
  gap.set_changed_since(std::string(changed_since));
  return finish(frame);
}

Frame encode_skipped(const core::PublicId& conversation, core::Seq from, core::Seq to) {
  v1::ServerFrame frame;
  frame.mutable_skipped()->set_conversation_id(bytes_of(conversation));
  frame.mutable_skipped()->mutable_slots()->set_from_seq(from.value);
  frame.mutable_skipped()->mutable_slots()->set_to_seq(to.value);
  return finish(frame);
}

Frame encode_lagged() {
  v1::ServerFrame frame;
  frame.mutable_lagged();
  return finish(frame);
}

Frame encode_go_away(std::uint32_t retry_after_ms) {
  v1::ServerFrame frame;
  frame.mutable_go_away()->set_retry_after_ms(retry_after_ms);
  return finish(frame);
}

Frame encode_device_added(std::string_view device_name, bool recovered) {
  v1::ServerFrame frame;
  frame.mutable_notice()->set_kind(recovered ? v1::NOTICE_KIND_DEVICE_RECOVERED : v1::NOTICE_KIND_DEVICE_ADDED);
  frame.mutable_notice()->set_text(std::string(device_name));
  return finish(frame);
}

Frame encode_server_ping(std::uint32_t next_within_ms) {
  v1::ServerFrame frame;
  frame.mutable_server_ping()->set_next_within_ms(next_within_ms);
  return finish(frame);
}

Frame encode_presence(std::string_view handle, Presence state, core::WallTime since) {
  v1::ServerFrame frame;
  auto& signal = *frame.mutable_signal();
  signal.set_handle(std::string(handle));
  signal.set_presence(static_cast<v1::PresenceState>(state));
  signal.set_since_ms(ms_of(since));
  return finish(frame);
}

Frame encode_typing(std::string_view handle, const core::PublicId& conversation) {
  v1::ServerFrame frame;
  frame.mutable_signal()->set_handle(std::string(handle));
  frame.mutable_signal()->set_typing_in(bytes_of(conversation));
  return finish(frame);
}

Frame encode_receipt(const ReceiptView& receipt) {
  v1::ServerFrame frame;
  fill(*frame.mutable_receipt(), receipt);
  return finish(frame);
}

Frame encode_pair_asked(std::uint64_t offer_request, std::string_view name, const core::PublicKey& key) {
  v1::ServerFrame frame;
  auto& asked = *frame.mutable_pair_asked();
  asked.set_offer_request_id(offer_request);
  asked.set_name(std::string(name));
  asked.set_key(bytes_of(key));
  return finish(frame);
}

}  // namespace enishi::wire
