#include "cpp/store/message_view.h"

#include <algorithm>

namespace enishi::client {
namespace {

using State = core::MessageState<std::string>;

core::WallTime time_of(std::int64_t ms) { return core::WallTime{std::chrono::milliseconds{ms}}; }

template <class People>
std::vector<std::string> handles_of(const People& people) {
  std::vector<std::string> handles;
  for (const auto& person : people) handles.push_back(person.handle());
  return handles;
}

/// What the server said of it with the message.
State state_in(const v1::Event& message) {
  State state;
  state.mentions = handles_of(message.people());
  state.mentions_all = message.mentions_all();
  if (!message.has_state()) return state;
  const auto& said = message.state();
  state.as_of = core::Seq{said.as_of_seq()};
  for (const auto& edit : said.edits()) state.edits.push_back({core::Seq{edit.seq()}, time_of(edit.at_ms())});
  if (!state.edits.empty()) {
    state.body = said.body();
    state.mentions = handles_of(said.people());
    state.mentions_all = said.mentions_all();
  }
  state.deleted = core::Seq{said.deleted_seq()};
  for (const auto& reaction : said.reactions())
    state.reactions.push_back({reaction.emoji(), {reaction.handles().begin(), reaction.handles().end()}});
  state.pinned = core::Seq{said.pinned_seq()};
  return state;
}

void put(v1::MessageState& out, const State& state) {
  out.Clear();
  out.set_as_of_seq(state.as_of.value);
  for (const auto& edit : state.edits) {
    auto& each = *out.add_edits();
    each.set_seq(edit.seq.value);
    each.set_at_ms(edit.at.time_since_epoch().count());
  }
  if (!state.edits.empty()) {
    out.set_body(state.body);
    for (const auto& handle : state.mentions) out.add_people()->set_handle(handle);
    out.set_mentions_all(state.mentions_all);
  }
  out.set_deleted_seq(state.deleted.value);
  for (const auto& reaction : state.reactions) {
    auto& each = *out.add_reactions();
    each.set_emoji(reaction.emoji);
    for (const auto& handle : reaction.people) each.add_handles(handle);
  }
  out.set_pinned_seq(state.pinned.value);
}

}  // namespace

bool is_change(const v1::Event& event) noexcept { return event.target_seq() != 0; }

State state_of(const v1::Event& message, std::span<const v1::Event> changes) {
  auto state = state_in(message);
  for (const auto& each : changes) {
    if (each.target_seq() != message.seq()) continue;
    state.apply({core::Seq{each.seq()}, static_cast<core::EventKind>(each.kind()), each.author(), time_of(each.at_ms()),
                 each.body(), handles_of(each.people()), each.mentions_all(), each.on()});
  }
  return state;
}

v1::Event with_state(v1::Event message, std::span<const v1::Event> changes) {
  if (message.kind() != v1::EVENT_KIND_MESSAGE) return message;
  const auto state = state_of(message, changes);
  if (state.is_changed())
    put(*message.mutable_state(), state);
  else
    message.clear_state();
  return message;
}

const std::string& text_of_message(const v1::Event& message) {
  static const std::string kNone;
  if (is_deleted(message)) return kNone;
  return message.state().edits().empty() ? message.body() : message.state().body();
}

bool is_deleted(const v1::Event& message) noexcept { return message.destroyed() || message.state().deleted_seq() != 0; }

bool mentions(const State& state, std::string_view handle) {
  return state.mentions_all || std::ranges::find(state.mentions, handle) != state.mentions.end();
}

void destroy(v1::Event& event) {
  event.clear_body();
  event.clear_people();
  event.clear_mentions_all();
  event.clear_forwarded_from();
  event.clear_forwarded_at_ms();
  event.set_destroyed(true);
  if (!event.has_state()) return;
  event.mutable_state()->clear_body();
  event.mutable_state()->clear_people();
}

}  // namespace enishi::client
