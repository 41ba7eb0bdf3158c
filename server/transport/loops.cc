#include "transport/loops.h"

#include <utility>

#include "transport/loop.h"

namespace enishi::transport {

class Loops::Impl {
 public:
  Impl(LoopsOptions options, const auth::Seals& seals, const runtime::Clock& clock,
       runtime::Mailbox<core::Command>& inbox, std::vector<Answerer> readers)
      : shared(std::move(options), seals, clock, inbox) {
    ENISHI_ASSERT(shared.options.loops >= 1 && !readers.empty());
    std::vector<runtime::WorkerPool<delivery::Query>::Worker> workers;
    for (auto& reader : readers)
      workers.emplace_back([this, answer = std::move(reader)](delivery::Query&& query) {
        delivery::Answer result = answer(query);
        ENISHI_ASSERT(result.to.loop < shared.loops.size());
        // Loops never wait for readers, so this ends; false only when the loop has stopped.
        static_cast<void>(shared.loops[result.to.loop]->mailbox().push_or_wait(Mail(std::move(result))));
      });
    shared.readers = std::make_unique<runtime::WorkerPool<delivery::Query>>("reader", shared.options.queries_max,
                                                                            std::move(workers));
    for (std::uint32_t i = 0; i < shared.options.loops; ++i) shared.loops.push_back(std::make_unique<Loop>(shared, i));
  }

  ~Impl() {
    // Sockets first: they give their passes back.
    shared.readers->stop();
    for (auto& loop : shared.loops) {
      loop->mailbox().close();
      loop->thread().stop();
    }
    for (auto& loop : shared.loops) loop->thread().join();
  }

  Shared shared;
  bool is_started = false;
};

Loops::Loops(LoopsOptions options, const auth::Seals& seals, const runtime::Clock& clock,
             runtime::Mailbox<core::Command>& sequencer_inbox, std::vector<Answerer> readers)
    : impl_(std::make_unique<Impl>(std::move(options), seals, clock, sequencer_inbox, std::move(readers))) {}

Loops::~Loops() { stop(std::chrono::milliseconds{0}); }

core::Result<std::uint16_t> Loops::listen(const std::string& address, std::uint16_t port) {
  auto& listener = impl_->shared.loops.front()->make_listener();
  listener.use(impl_->shared.options.tls);
  return listener.listen(address, port);
}

void Loops::start() {
  impl_->is_started = true;
  impl_->shared.readers->start();
  for (auto& loop : impl_->shared.loops) loop->start();
}

void Loops::use(std::shared_ptr<const TlsIdentity> identity) {
  static_cast<void>(impl_->shared.loops.front()->mailbox().push_or_wait(Mail(std::move(identity))));
}

void Loops::use(const std::shared_ptr<const Site>& site) {
  for (auto& loop : impl_->shared.loops) static_cast<void>(loop->mailbox().push_or_wait(Mail(site)));
}

void Loops::set_ready(bool ready) noexcept { impl_->shared.is_ready.store(ready, std::memory_order_relaxed); }

void Loops::publish(const sequencer::GroupPtr& group) {
  for (auto& loop : impl_->shared.loops) static_cast<void>(loop->mailbox().push_or_wait(Mail(group)));
}

void Loops::drain(std::chrono::milliseconds spread) {
  set_ready(false);
  if (!impl_->is_started) return;
  const auto done = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(impl_->shared.loops.size()));
  for (auto& loop : impl_->shared.loops)
    if (!loop->mailbox().push_or_wait(Mail(Drain{spread, done}))) done->count_down();
  done->wait();
}

void Loops::stop(std::chrono::milliseconds grace) {
  set_ready(false);
  if (!std::exchange(impl_->is_started, false)) return;
  impl_->shared.readers->stop();  // their answers are in the mailboxes before the word to stop
  for (auto& loop : impl_->shared.loops) static_cast<void>(loop->mailbox().push_or_wait(Mail(Stop{grace})));
  for (auto& loop : impl_->shared.loops) loop->thread().join();
}

std::vector<const LoopCounters*> Loops::counters() const {
  std::vector<const LoopCounters*> all;
  for (const auto& loop : impl_->shared.loops) all.push_back(&loop->counters());
  return all;
}

std::size_t Loops::sessions() const noexcept {
  std::size_t sum = 0;
  for (const auto& loop : impl_->shared.loops) sum += loop->counters().sessions.load(std::memory_order_relaxed);
  return sum;
}

std::size_t Loops::handshakes() const noexcept { return impl_->shared.admission.count(); }
const Guesses& Loops::guesses() const noexcept { return impl_->shared.guesses; }
std::size_t Loops::queries_waiting() const { return impl_->shared.readers->waiting(); }

}  // namespace enishi::transport
