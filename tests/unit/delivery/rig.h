// Floors without threads, sockets or time: every queue between them is emptied by hand.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/floor.h"
#include "delivery/reading.h"
#include "unit/sequencer/desk.h"

namespace enishi::test {

class Rig;

/// One session's client: what it was sent and did. Its outbox counts bytes until Rig::flush() lets it read.
class Client final : public delivery::Outlet {
 public:
  Client(Rig& rig, std::uint32_t number) : loop(number), rig_(rig) {}
  /// Hangs up, if nobody did.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends one request and gives its number; nothing runs yet.
  std::uint64_t say(v1::ClientFrame frame);
  /// Sends one request, runs everything, and gives the answer; no body when there was none.
  v1::ServerFrame ask(v1::ClientFrame frame);
  /// Frames since the last call.
  std::vector<v1::ServerFrame> take();
  /// The answer to a request among all frames so far.
  v1::ServerFrame answer_to(std::uint64_t request) const;
  /// As after the peer is gone.
  void hang_up(bool said_goodbye = false);

  void push(const wire::Frame& frame) override;
  [[nodiscard]] std::size_t queued_bytes() const noexcept override { return queued; }
  void drop_unsent() override;
  void close(core::Errc code) override { closed = code; }
  void ping() override { ++pings; }
  [[nodiscard]] bool take_heard() override { return std::exchange(heard, answers_pings); }
  void resume_reading() override { ++resumed; }
  [[nodiscard]] std::chrono::milliseconds try_secret() override {
    if (secret_wait.count() == 0) ++tries;
    return secret_wait;
  }
  void take_try_back() override { --tries; }
  void vouched_for() override { ++vouched; }
  void proven() override { ++welcomed; }

  const std::uint32_t loop;
  delivery::SeatId seat = 0;
  std::vector<v1::ServerFrame> frames;
  std::size_t sent = 0;  ///< of `frames`, those that went out
  std::size_t queued = 0;
  bool reads = true;  ///< false: flush() takes nothing
  bool heard = true, answers_pings = true;
  std::optional<core::Errc> closed;
  int pings = 0, resumed = 0;
  int tries = 0;                            ///< of secrets, that count
  std::chrono::milliseconds secret_wait{};  ///< what the next try is answered
  int vouched = 0, welcomed = 0;

 private:
  Rig& rig_;
  std::size_t taken_ = 0;
  std::uint64_t requests_ = 0;
};

/// The way out of one floor.
class Loop final : public delivery::Ports {
 public:
  Loop(Rig& rig, std::uint32_t index) : rig_(rig), index_(index) {}
  [[nodiscard]] bool submit(core::Command&& command) override;
  [[nodiscard]] bool ask(delivery::Query&& query) override;
  bool post(std::uint32_t loop, delivery::Letter&& letter) override;
  [[nodiscard]] delivery::SteadyTime now() const override;
  [[nodiscard]] core::WallTime wall_now() const override;
  void random(void* bytes, std::size_t size) override;

  std::unique_ptr<delivery::Floor> floor;
  std::deque<sequencer::GroupPtr> groups;  ///< published, not delivered yet
  bool takes_commands = true, takes_queries = true, takes_letters = true;

 private:
  Rig& rig_;
  const std::uint32_t index_;
};

/// Store, sequencer, `loops` floors and what is under way between them. Owner: one test.
class Rig {
 public:
  explicit Rig(std::uint32_t loops = 1, delivery::FloorLimits limits = {},
               std::vector<std::string> origins = {"loopback"});

  /// Opens a session; it has got its Challenge.
  std::unique_ptr<Client> open(std::uint32_t loop = 0);
  /// A Hello with a ticket that holds.
  v1::ClientFrame hello(const Person& person, const std::string& cursor = {},
                        v1::PresenceState mode = v1::PRESENCE_STATE_ACTIVE);
  /// Opens, proves by ticket, and runs everything: the session is live.
  std::unique_ptr<Client> connect(const Person& person, std::uint32_t loop = 0, const std::string& cursor = {},
                                  v1::PresenceState mode = v1::PRESENCE_STATE_ACTIVE);

  // One queue at a time. Each says whether there was anything.
  bool commit();                     ///< commands -> one group, published to every loop
  bool deliver(std::uint32_t loop);  ///< the oldest group
  bool read();                       ///< queries -> answers
  bool post();                       ///< letters
  bool flush();                      ///< outboxes of those who read
  /// All of them until nothing moves.
  void settle();
  /// Answers to the queries that wait, not delivered: for what overtakes them.
  std::vector<delivery::Answer> take_answers();
  /// Carries out a command of nobody's session and publishes its group.
  sequencer::GroupPtr run(const core::Sender& sender, core::CommandBody body);
  core::Seq send(const Person& from, const core::PublicId& to, const std::string& body = "hello");

  /// Time passes in ticks of 250 ms, everything running.
  void wait(std::chrono::milliseconds time);
  delivery::Floor& floor(std::uint32_t loop) { return *loops[loop]->floor; }
  std::string cursor(core::Position position) const {
    return desk.seals.seal_cursor({desk.incarnation.random, position});
  }

  Desk desk;
  delivery::FloorLimits limits;
  delivery::SteadyTime now{std::chrono::hours{1}};
  delivery::ReadingLimits reading;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<Client*> clients;
  std::deque<core::Command> commands;
  std::deque<delivery::Query> queries;
  std::deque<std::pair<std::uint32_t, delivery::Letter>> letters;
  std::uint64_t random_count = 0;
};

// What tests look for among frames.
std::vector<std::uint64_t> event_seqs(const std::vector<v1::ServerFrame>& frames);
std::vector<std::string> signals(const std::vector<v1::ServerFrame>& frames);  ///< "ben ACTIVE", "ben types"
template <class Has>
std::vector<v1::ServerFrame> those(const std::vector<v1::ServerFrame>& frames, Has has) {
  std::vector<v1::ServerFrame> found;
  for (const auto& frame : frames)
    if (has(frame)) found.push_back(frame);
  return found;
}
/// Requests, filled.
v1::ClientFrame send_frame(const core::PublicId& to, const std::string& body);
v1::ClientFrame watch_frame(std::vector<std::string> handles, bool all = false);
v1::ClientFrame focus_frame(const std::vector<core::PublicId>& conversations, bool all = false);
v1::ClientFrame typing_frame(const core::PublicId& conversation);
v1::ClientFrame mode_frame(v1::PresenceState mode);
v1::ClientFrame presence_frame(std::vector<std::string> handles);

}  // namespace enishi::test
