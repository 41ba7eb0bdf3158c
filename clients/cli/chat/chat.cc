// Time and pictures. Keys, signals and news: chat_input.cc.
#include "cli/chat/chat.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "cli/session/chats.h"
#include "cli/show/slots.h"
#include "cli/show/text.h"
#include "cli/show/times.h"
#include "cpp/requests.h"

namespace enishi::cli {
namespace {

using client::Instant;

constexpr Instant kBetweenPictures{30};    // of news; a key has its picture at once
constexpr Instant kAttention{60'000};      // after a key somebody still looks
constexpr Instant kIdleAfter{5 * 60'000};  // then this device says so
constexpr Instant kLongest{3'600'000};
constexpr std::uint32_t kFetchSlots = 200;

bool has_colours() {
  const char* no = std::getenv("NO_COLOR");
  return no == nullptr || *no == '\0';
}

}  // namespace

Chat::Chat(Context& context, Profile& profile, Visit& visit, Terminal& terminal)
    : context_(context),
      profile_(profile),
      visit_(visit),
      terminal_(terminal),
      painter_(has_colours()),
      people_(profile.identity().handle),
      fields_(visit.machine()) {}

Chat::~Chat() {
  over_ = true;
  save_draft();
  visit_.on_each({});
  visit_.loop().stop_reading();
  terminal_.leave();
  visit_.leave();
}

Outcome<void> Chat::run(std::optional<core::PublicId> first) {
  input_at_ = client::Connection::now();
  visit_.keep_refusals_quiet();
  // Whoever looked for the conversation may have connected already.
  const auto& machine = visit_.machine();
  if (machine.state() != client::SessionState::closed)
    session_.on_state({machine.state(), machine.missing(), 0, 0}, wall_now_ms());
  visit_.on_each([this](const client::Happening& happening) { on_happening(happening); });
  visit_.loop().on_signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT},
                           [this](int signal) { on_signal(signal); });
  visit_.loop().read_bytes([this](std::string_view bytes) { on_bytes(bytes); });
  terminal_.enter();
  if (first) open(*first);
  while (!over_ && !visit_.has_stopped()) {
    const auto now = client::Connection::now();
    turn(now);
    if (over_) break;
    const bool was_changed = changed_;
    visit_.wait_for(
        [&] {
          if (session_.on_failed_dials(visit_.connection().failed_dials(), wall_now_ms())) changed_ = true;
          return over_ || urgent_ || (changed_ && !was_changed);
        },
        pause(now));
  }
  over_ = true;
  if (failure_) return *failure_;
  if (visit_.has_stopped()) return visit_.failure();
  return {};
}

void Chat::turn(Instant now) {
  if (escape_at_ != Instant{0} && now >= escape_at_) {
    escape_at_ = Instant{0};
    for (const auto& key : decoder_.expire()) on_key(key);
  }
  if (!note_.empty() && now >= note_until_) note_.clear(), changed_ = true;
  if (!idle_ && now - input_at_ >= kIdleAfter) {
    idle_ = true;
    visit_.machine().set_mode(v1::PRESENCE_STATE_IDLE);
    visit_.connection().poke();
  }
  if (const auto at = fields_.save_at(); at && now >= *at) save_draft();
  if (!over_ && changed_ && (urgent_ || now - drawn_at_ >= kBetweenPictures)) draw(now);
}

Instant Chat::pause(Instant now) {
  auto until = now + kLongest;
  const auto at = [&](Instant when) { until = std::min(until, std::max(when, now)); };
  if (changed_) at(drawn_at_ + kBetweenPictures);
  if (escape_at_ != Instant{0}) at(escape_at_);
  if (!note_.empty()) at(note_until_);
  if (const auto save = fields_.save_at()) at(*save);
  if (!idle_) at(input_at_ + kIdleAfter);
  if (const auto typing = people_.typing_until(now)) {
    // When one ends the picture changes; the time after it is looked at anew.
    at(*typing);
    changed_ = changed_ || now >= *typing;
  }
  return until - now;
}

core::Result<void> Chat::learn_people() {
  const auto ties = profile_.replica().registers(v1::REGISTER_KIND_TIE);
  if (!ties) return ties.error();
  for (const auto& tie : *ties) people_.learn(tie.person());
  for (const auto& view : views_) people_.learn(view.peer);
  return {};
}

void Chat::reload() {
  stale_ = false;
  auto views = profile_.replica().conversations();
  if (!views) return fail(profile_failure(views.error()));
  views_ = *std::move(views);
  if (const auto learnt = learn_people(); !learnt) return fail(profile_failure(learnt.error()));
  const auto pending = visit_.machine().outbox().pending();
  if (!pending) return fail(profile_failure(pending.error()));
  refused_ =
      static_cast<std::size_t>(std::ranges::count(*pending, client::SendState::rejected, &client::OutboxEntry::state));
  waiting_ = pending->size() - refused_;
  if (talk_ == nullptr) return;
  const auto view = std::ranges::find(views_, talk_->id(), &client::ConversationView::id);
  if (view != views_.end()) return talk_->set(*view, session_.is_live(), is_attentive(client::Connection::now()));
  // Nothing of it may be shown. While we catch up it may come again: then everything is being asked for anew.
  if (!session_.is_live()) {
    client::ConversationView bare;
    bare.id = talk_->id();
    bare.kind = talk_->view().kind;
    bare.title = talk_->view().title;
    bare.peer = talk_->view().peer;
    return talk_->set(std::move(bare), false, false);
  }
  close();
  say("this conversation is not here any more");
}

bool Chat::is_attentive(Instant now) const { return focused_ && now - input_at_ < kAttention; }

Chrome Chat::chrome(Instant now, Size size) const {
  Chrome chrome;
  std::uint64_t elsewhere = 0;
  for (const auto& view : views_)
    if (!view.muted && (talk_ == nullptr || view.id != talk_->id())) elsewhere += view.unread;
  if (elsewhere > 0) chrome.corner = std::to_string(elsewhere) + (talk_ == nullptr ? " unread" : " unread elsewhere");
  chrome.state = session_.text(waiting_, is_narrow(size));
  if (refused_ > 0) chrome.state += ", " + std::to_string(refused_) + " refused";
  if (!note_.empty() && now < note_until_) {
    chrome.note = note_;
    chrome.note_style = note_style_;
  }
  return chrome;
}

std::vector<ListEntry> Chat::entries(Instant now) const {
  std::vector<ListEntry> entries;
  for (const auto& view : views_) {
    ListEntry entry;
    entry.id = view.id;
    entry.kind = view.kind;
    entry.name = view.kind == v1::CONVERSATION_KIND_SELF ? "Notes to self" : "#" + view.title;
    if (view.kind == v1::CONVERSATION_KIND_DIRECT) {
      entry.name = people_.full_name_of(view.peer.handle());
      entry.presence = people_.presence_of(view.peer.handle());
    }
    if (view.last) {
      const auto& event = *view.last;
      const bool speaks = event.kind() == v1::EVENT_KIND_MESSAGE;
      const bool says_who = view.kind == v1::CONVERSATION_KIND_GROUP || people_.is_self(event.author());
      const auto text = text_of(event);
      entry.preview = text.substr(0, text.find('\n'));
      if (says_who && view.kind != v1::CONVERSATION_KIND_SELF)
        entry.preview = people_.label_of(event.author()) + (speaks ? ": " : " ") + entry.preview;
    }
    if (const auto typists = people_.typists(view.id, now); !typists.empty())
      entry.preview = people_.label_of(typists.front()) + " is typing";
    entry.at_ms = view.last ? view.last->at_ms() : static_cast<std::int64_t>(view.since_ms);
    entry.unread = view.unread;
    entry.muted = view.muted;
    entry.pinned = view.pinned;
    entries.push_back(std::move(entry));
  }
  return entries;
}

void Chat::draw(Instant now) {
  if (stale_) reload();
  if (over_) return;
  changed_ = urgent_ = false;
  drawn_at_ = now;
  const auto size = terminal_.size();
  auto dress = chrome(now, size);
  Frame frame;
  if (talk_ != nullptr) {
    const auto limit = visit_.machine().limits().body_bytes_max();
    auto drawn = talk_->draw({profile_.replica(), visit_.machine().outbox(), people_, size, now, session_.is_live(),
                              is_attentive(now), limit, std::move(dress)});
    if (!drawn) return fail(drawn.error());
    frame = *std::move(drawn);
  } else {
    const auto& identity = profile_.identity();
    dress.title = "Enishi  @" + identity.handle + " on " + safe_line(identity.device_name);
    dress.hint = is_narrow(size) ? "Enter opens, type to find, /quit" : "Enter opens, type to find one, /quit leaves";
    list_.set(entries(now));
    list_.filter(filter_.text().starts_with('/') ? std::string_view{} : std::string_view(filter_.text()));
    frame = framed(dress, list_.draw(size, body_rows(filter_, size), wall_now_ms()), filter_, size);
  }
  if (!terminal_.write(painter_.paint(frame, size))) over_ = true;
  after_picture();
}

void Chat::after_picture() {
  if (talk_ == nullptr || !session_.is_live()) return;
  mark_read();
  fetch_hole();
  visit_.connection().poke();
}

void Chat::mark_read() {
  if (asking_read_) return;
  const auto through = talk_->read_through();
  if (!through) return;
  talk_->on_asked(*through);
  asking_read_ = true;
  const auto id = talk_->id();
  visit_.machine().request(
      client::requests::read(id, *through, talk_->view().rev),
      [this, id](const client::Answer& answer) {
        asking_read_ = false;
        // A refused one is not asked again and again; a lost one is, once we are back.
        if (const auto talk = talks_.find(id); talk != talks_.end() && (answer.ok() || answer.lost))
          talk->second.on_asked(0);
        stale_ = changed_ = true;
      },
      client::OnLoss::fail);
}

void Chat::fetch_hole() {
  const auto hole = talk_->hole();
  if (fetching_ || !hole || *hole == fetched_) return;
  fetching_ = true;
  fetched_ = *hole;
  visit_.machine().request(
      client::requests::fetch(talk_->id(), hole->first, hole->last, kFetchSlots, true),
      [this](const client::Answer& answer) {
        fetching_ = false;
        if (answer.lost) fetched_ = {};
        stale_ = changed_ = true;
      },
      client::OnLoss::fail);
}

void Chat::save_draft() {
  fields_.save();
  visit_.connection().poke();
}

void Chat::fail(Failure failure) {
  failure_ = std::move(failure);
  over_ = true;
}

}  // namespace enishi::cli
