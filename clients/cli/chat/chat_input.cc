// Keys, signals of the system, and what the session tells.
#include <algorithm>
#include <charconv>
#include <csignal>
#include <utility>

#include "cli/chat/chat.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

namespace h = client::happening;
using client::Instant;

constexpr Instant kEscapePatience{50};  // the rest of a sequence is there by then, also over a slow line
constexpr Instant kTypingEvery{3000};   // presence.proto, Typing
constexpr Instant kNoteShown{6000};
constexpr const char* kHelp = "/list /quit /reply N TEXT /read /unread N /clear /baton DEVICE /here, //text";

/// "/name rest": name and rest.
std::pair<std::string, std::string> split(const std::string& text) {
  const auto space = text.find_first_of(" \n");
  if (space == std::string::npos) return {text, {}};
  const auto rest = text.find_first_not_of(" \n", space);
  return {text.substr(0, space), rest == std::string::npos ? std::string() : text.substr(rest)};
}

std::uint64_t number_in(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\n") == std::string::npos && text.find("\u3000") == std::string::npos;
}

}  // namespace

void Chat::on_bytes(std::string_view bytes) {
  if (bytes.empty()) {
    over_ = true;  // the terminal is gone
    return;
  }
  for (const auto& key : decoder_.feed(bytes)) {
    if (over_) break;
    on_key(key);
    // Pages that are turned fast are shown all the same, one by one: what was not shown is not read.
    if (key.kind == KeyKind::page_up || key.kind == KeyKind::page_down) draw(client::Connection::now());
  }
  escape_at_ = decoder_.waits() ? client::Connection::now() + kEscapePatience : Instant{0};
  changed_ = urgent_ = true;
}

void Chat::on_signal(int signal) {
  if (over_) return;
  switch (signal) {
    case SIGWINCH:
      break;
    case SIGTSTP:
      return suspend();
    case SIGCONT:
      terminal_.enter();
      painter_.forget();
      break;
    default:
      over_ = true;
  }
  changed_ = urgent_ = true;
}

void Chat::suspend() {
  terminal_.leave();
  std::raise(SIGSTOP);
  // Continued; the handler of SIGCONT draws.
}

void Chat::on_happening(const client::Happening& happening) {
  const auto now = client::Connection::now();
  changed_ = true;
  if (const auto* presence = std::get_if<h::Presence>(&happening))
    return people_.set_presence(presence->handle, presence->state);
  if (const auto* typing = std::get_if<h::Typing>(&happening))
    return people_.set_typing(typing->conversation, typing->handle, now);
  stale_ = true;
  if (fields_.on_happening(happening, talk_ == nullptr ? nullptr : &talk_->id(), &composer())) urgent_ = true;
  if (on_baton(happening)) return;
  if (const auto* message = std::get_if<h::Message>(&happening)) {
    people_.stops_typing(client::id_of(message->event.conversation_id()), message->event.author());
  } else if (const auto* state = std::get_if<h::State>(&happening)) {
    session_.on_state(*state, wall_now_ms());
    if (state->state != client::SessionState::closed) return;
    people_.forget_presence();
    fetched_ = {};
    // What comes while we are away is shown from its beginning, unless one reads elsewhere.
    if (talk_ != nullptr && talk_->follows()) talk_->open();
  } else if (const auto* tie = std::get_if<h::Tie>(&happening)) {
    // Of somebody who is tied no more nothing is told, not even that.
    if (tie->state != v1::TIE_STATE_MUTUAL) people_.set_presence(tie->handle, v1::PRESENCE_STATE_UNKNOWN);
  } else if (const auto* notice = std::get_if<h::Notice>(&happening)) {
    say("a device was added: " + safe_line(notice->text), Style::news);
  } else if (const auto* over = std::get_if<h::StartedOver>(&happening)) {
    say("everything is being loaded again: " + safe_line(over->why));
  }
}

void Chat::on_input(Instant now) {
  input_at_ = now;
  focused_ = true;
  if (!std::exchange(idle_, false)) return;
  visit_.machine().set_mode(v1::PRESENCE_STATE_ACTIVE);
  visit_.connection().poke();
}

void Chat::on_key(const Key& key) {
  const auto now = client::Connection::now();
  if (key.kind == KeyKind::focus_lost) {
    focused_ = false;
    return;
  }
  on_input(now);
  switch (key.kind) {
    case KeyKind::focus_gained:
      return;
    case KeyKind::interrupt:
      over_ = true;
      return;
    case KeyKind::end_of_input:
      if (composer().empty()) over_ = true;
      return;
    case KeyKind::suspend:
      return suspend();
    case KeyKind::redraw:
      return painter_.forget();
    default:
      return talk_ != nullptr ? on_talk_key(key) : on_list_key(key);
  }
}

void Chat::on_list_key(const Key& key) {
  const auto size = terminal_.size();
  if (key.kind == KeyKind::enter) {
    if (filter_.text().starts_with('/')) return submit();
    if (const auto chosen = list_.chosen()) open(*chosen);
    return;
  }
  if (key.kind == KeyKind::escape || key.kind == KeyKind::list) return filter_.clear();
  if (key.kind == KeyKind::line_break || list_.press(key.kind, body_rows(filter_, size))) return;
  filter_.press(key, composer_columns(size));
  list_.filter(filter_.text().starts_with('/') ? std::string_view{} : std::string_view(filter_.text()));
}

void Chat::on_talk_key(const Key& key) {
  const auto now = client::Connection::now();
  const auto page = static_cast<std::ptrdiff_t>(std::max<std::size_t>(talk_->height(), 3)) - 2;
  switch (key.kind) {
    case KeyKind::enter:
      return submit();
    case KeyKind::escape:
    case KeyKind::list:
      return close();
    case KeyKind::page_up:
      return talk_->scroll(-page);
    case KeyKind::page_down:
      return talk_->scroll(page);
    case KeyKind::end:
      if (composer().empty()) talk_->scroll_to_end();
      break;
    default:
      break;
  }
  const bool is_edit = composer().press(key, composer_columns(terminal_.size()));
  fields_.on_key(talk_->id(), composer(), now);
  if (!is_edit) {
    if (key.kind == KeyKind::up) talk_->scroll(-1);
    if (key.kind == KeyKind::down) talk_->scroll(1);
    return;
  }
  if (key.kind == KeyKind::text || key.kind == KeyKind::paste) signal_typing(now);
}

void Chat::signal_typing(Instant now) {
  const bool is_command = composer().text().starts_with('/') && !composer().text().starts_with("//");
  if (!session_.is_live() || is_command || now - typing_at_ < kTypingEvery) return;
  typing_at_ = now;
  visit_.machine().request(client::requests::typing(talk_->id()), {}, client::OnLoss::fail);
  visit_.connection().poke();
}

void Chat::open(const core::PublicId& id) {
  if (talk_ != nullptr && talk_->id() != id) fields_.close(talk_->id());
  talk_ = &talks_.try_emplace(id, id).first->second;
  talk_->open();
  fields_.open(id, talk_->composer());
  visit_.machine().show({id});
  learn_members(id);
  visit_.connection().poke();
  list_.choose(id);
  filter_.clear();
  note_.clear();
  fetched_ = {};
  stale_ = true;
  visit_.machine().set_focused(id);
  visit_.connection().poke();
}

void Chat::learn_members(const core::PublicId& id) {
  visit_.machine().request(
      client::requests::member_list(id),
      [this](const client::Answer& answer) {
        for (const auto& each : answer.frame.member_views().members()) people_.learn(each.person());
        changed_ = true;
      },
      client::OnLoss::fail);
}

void Chat::close() {
  if (talk_ != nullptr) fields_.close(talk_->id());
  talk_ = nullptr;
  visit_.machine().set_focused(std::nullopt);
  visit_.machine().show({});
  visit_.connection().poke();
  note_.clear();
  stale_ = changed_ = urgent_ = true;
}

void Chat::say(std::string text, Style style) {
  note_ = std::move(text);
  note_style_ = style;
  note_until_ = client::Connection::now() + kNoteShown;
  changed_ = true;
}

void Chat::submit() {
  const auto text = composer().text();
  if (text.starts_with("//")) return send(text.substr(1), 0);
  if (text.starts_with('/')) return command(text);
  if (!is_blank(text)) send(text, 0);
}

void Chat::command(const std::string& line) {
  const auto [name, rest] = split(line);
  if (name == "/quit") {
    over_ = true;
  } else if (name == "/list") {
    composer().clear();
    close();
  } else if (name == "/clear") {
    composer().clear();
    forget_refused();
  } else if (name == "/here") {
    composer().clear();
    take_over();
  } else if (talk_ != nullptr && name == "/baton" && !rest.empty()) {
    composer().clear();
    pass_baton(rest);
  } else if (talk_ != nullptr && name == "/read") {
    mark_all_read();
  } else if (talk_ != nullptr && name == "/unread" && number_in(rest) > 0) {
    mark_unread(number_in(rest));
  } else if (const auto [seq, body] = split(rest); talk_ != nullptr && name == "/reply" && number_in(seq) > 0) {
    if (!is_blank(body)) send(body, number_in(seq));
  } else {
    say(kHelp, Style::news);
    if (name == "/help") composer().clear();
  }
}

void Chat::send(const std::string& body, std::uint64_t reply_to) {
  if (talk_ == nullptr) return;
  client::Draft draft;
  draft.conversation = talk_->id();
  draft.body = body;
  const bool is_reply = reply_to != 0;  // "/reply" is a command, and no draft
  draft.reply_to = is_reply ? reply_to : fields_.reply_to(talk_->id());
  draft.takes_field = !is_reply;
  draft.draft_rev = is_reply ? 0 : fields_.sent_rev(talk_->id());
  const auto queued = visit_.machine().send(draft);
  if (!queued) {
    const auto code = core::errc_of(queued.error());
    if (code >= core::Errc::store_full) return fail(profile_failure(queued.error()));
    return say(core::text_of(code));
  }
  composer().clear();
  if (!is_reply) fields_.on_sent(talk_->id());
  talk_->on_sent(queued->client_id);
  stale_ = true;
  typing_at_ = Instant{0};
  visit_.machine().connect_now();
  visit_.connection().poke();
}

void Chat::mark_all_read() {
  const auto& view = talk_->view();
  visit_.machine().request(client::requests::read(view.id, view.head, view.rev),
                           [this](const client::Answer&) { stale_ = changed_ = true; });
  visit_.connection().poke();
  composer().clear();
  talk_->scroll_to_end();
}

void Chat::mark_unread(std::uint64_t from) {
  auto& machine = visit_.machine();
  const auto& view = talk_->view();
  machine.request(
      client::requests::mark_unread(machine.new_client_id(), view.id, view.rev, from),
      [this](const client::Answer& answer) {
        if (!answer.ok() && !answer.lost) say(core::text_of(static_cast<core::Errc>(answer.error().code())));
        stale_ = changed_ = true;
      },
      client::OnLoss::repeat);
  visit_.connection().poke();
  composer().clear();
  // It would be read at once if it stayed on the screen.
  close();
}

void Chat::forget_refused() {
  auto& outbox = visit_.machine().outbox();
  const auto pending = outbox.pending();
  if (!pending) return fail(profile_failure(pending.error()));
  for (const auto& entry : *pending) {
    if (entry.state != client::SendState::rejected) continue;
    if (const auto done = outbox.dismiss(entry.client_id); !done) return fail(profile_failure(done.error()));
  }
  stale_ = true;
}

}  // namespace enishi::cli
