#include "transport/loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <string>
#include <utility>

namespace enishi::transport {

namespace {
constexpr std::chrono::milliseconds kTick{250};
}  // namespace

Shared::Shared(LoopsOptions the_options, const auth::Seals& the_seals, const runtime::Clock& the_clock,
               runtime::Mailbox<core::Command>& inbox)
    : options(std::move(the_options)),
      seals(the_seals),
      clock(the_clock),
      sequencer_inbox(inbox),
      admission(options.handshakes_max, options.handshakes_per_address_max,
                AddressKeys(options.per_address_on_loopback, options.proxies), Networks(options.proxies)),
      guesses(options.guesses, options.on_guess_alarm) {}

Loop::Loop(Shared& shared, std::uint32_t index)
    : shared_(shared),
      index_(index),
      mailbox_(shared.options.mailbox_items_max),
      thread_("loop-" + std::to_string(index)),
      floor_(floor_options(), *this, shared.seals),
      sessions_(thread_.executor(), FramerLimits{.message_bytes_max = shared.options.floor.limits.frame_bytes_max},
                floor_, counters_, shared.clock),
      doors_(thread_.executor(), door_options(), sessions_, counters_, shared.clock, [this] { on_socket_gone(); }),
      timer_(thread_.executor()) {
  sessions_.count_guesses(shared_.guesses);
  sessions_.on_gone([this] { on_socket_gone(); });
  doors_.use(shared_.options.site);
  mailbox_.on_filled([this] { boost::asio::post(thread_.context(), [this] { read_mail(); }); });
}

Loop::~Loop() {
  thread_.stop();
  thread_.join();
}

delivery::FloorOptions Loop::floor_options() const {
  auto options = shared_.options.floor;
  options.loop = index_;
  options.loops = shared_.options.loops;
  return options;
}

DoorOptions Loop::door_options() {
  const auto& from = shared_.options;
  DoorOptions options;
  options.head = {.head_bytes_max = from.head_bytes_max, .head_fields_max = from.head_fields_max, .only_reads = true};
  options.answer_time = from.answer_time;
  options.head_time = from.head_time;
  options.origins = from.floor.origins;
  options.admission = &shared_.admission;
  options.authority = from.authority;
  options.is_ready = [this] { return shared_.is_ready.load(std::memory_order_relaxed); };
  options.takes_sessions = [this] {
    return !is_stopping_ && shared_.sockets.load(std::memory_order_relaxed) <= shared_.options.sessions_max;
  };
  return options;
}

Listener& Loop::make_listener() {
  if (listener_) return *listener_;
  listener_ = std::make_unique<Listener>(thread_.executor(), shared_.admission, counters_, [this](Arrival&& arrival) {
    const auto least = std::min_element(shared_.loops.begin(), shared_.loops.end(), [](const auto& a, const auto& b) {
      return a->load().load(std::memory_order_relaxed) < b->load().load(std::memory_order_relaxed);
    });
    Loop& loop = **least;
    loop.load().fetch_add(1, std::memory_order_relaxed);
    shared_.sockets.fetch_add(1, std::memory_order_relaxed);
    if (loop.mailbox().push(Mail(std::move(arrival)))) return;
    loop.load().fetch_sub(
        1, std::memory_order_relaxed);  // its mailbox is full: the socket is closed, the peer comes again
    shared_.sockets.fetch_sub(1, std::memory_order_relaxed);
  });
  return *listener_;
}

void Loop::start() {
  boost::asio::post(thread_.context(), [this] {
    if (listener_) listener_->start();
    wait_for_tick();
  });
  thread_.start();
}

bool Loop::submit(core::Command&& command) {
  if (!shared_.sequencer_inbox.reserve()) {
    add(counters_.commands_refused);
    return false;
  }
  // Behind everything that is ready now: what one turn brings goes in at once, so that the sequencer does not wake for
  // the first of it and let the rest wait for the next flush.
  if (commands_.empty())
    boost::asio::post(thread_.context(), [this] { shared_.sequencer_inbox.push_reserved(commands_); });
  commands_.push_back(std::move(command));
  return true;
}

bool Loop::ask(delivery::Query&& query) {
  if (shared_.readers->submit(std::move(query))) return true;
  add(counters_.queries_refused);
  return false;
}

bool Loop::post(std::uint32_t loop, delivery::Letter&& letter) {
  ENISHI_ASSERT(loop < shared_.loops.size());
  if (shared_.loops[loop]->mailbox().push(Mail(std::move(letter)))) return true;
  add(counters_.letters_dropped);
  return false;
}

void Loop::read_mail() {
  mailbox_.take_all(mail_);
  for (Mail& mail : mail_) std::visit([this](auto&& one) { handle(std::move(one)); }, mail);
  mail_.clear();
}

void Loop::handle(sequencer::GroupPtr&& group) { floor_.on_group(*group); }
void Loop::handle(delivery::Answer&& answer) { floor_.on_answer(std::move(answer)); }
void Loop::handle(delivery::Letter&& letter) { floor_.on_letter(std::move(letter)); }

void Loop::handle(Arrival&& arrival) {
  if (is_stopping_) return on_socket_gone();
  doors_.open(std::move(arrival));
}

void Loop::handle(std::shared_ptr<const TlsIdentity>&& identity) {
  if (listener_) listener_->use(std::move(identity));
}

void Loop::handle(Drain&& drain) {
  if (listener_) listener_->close();
  floor_.go_away(drain.spread);
  shared_.sequencer_inbox.push_reserved(commands_);
  drain.done->count_down();
}

void Loop::handle(Stop&& stop) {
  is_stopping_ = true;
  if (listener_) listener_->close();
  stop_at_ = shared_.clock.now() + stop.grace;
  doors_.close_all();
  sessions_.close_all(core::Errc::going_away, stop.grace);
  if (load_.load(std::memory_order_relaxed) == 0) finish();
}

void Loop::wait_for_tick() {
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    on_tick();
    wait_for_tick();
  });
}

void Loop::on_tick() {
  doors_.on_tick();
  sessions_.on_tick();
  if (listener_) listener_->on_tick();
  if (!is_stopping_)
    floor_.on_tick();
  else if (shared_.clock.now() >= stop_at_)
    finish();
}

// A session or a journey came to its end.
void Loop::on_socket_gone() {
  load_.fetch_sub(1, std::memory_order_relaxed);
  shared_.sockets.fetch_sub(1, std::memory_order_relaxed);
  if (is_stopping_ && load_.load(std::memory_order_relaxed) == 0) finish();
}

void Loop::finish() {
  sessions_.give_places_back();
  mailbox_.close();  // whoever waits to put something in is let go
  thread_.stop();
}

}  // namespace enishi::transport
