// Members of the daemon under test, and the requests that set a scene up.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bench/swarm.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::bench {

/// One member with one device.
struct Person {
  std::array<unsigned char, 64> secret_key{};
  std::string handle;
  std::string device_id;                       ///< 16 bytes once joined
  std::string ticket, cursor;                  ///< of the last Welcome and the last Frontier
  std::map<std::string, std::string> directs;  ///< handle of the other -> conversation id, as far as seen
};

/// When things happened on a session's way from the first byte to live; steady ns, 0: not yet.
struct Journey {
  std::uint64_t begun = 0, welcomed = 0, first_events = 0, live = 0;
  std::uint64_t events = 0;  ///< received before live
  bool is_exact = false;     ///< the cursor held
};

/// The crowd: person i uses session i of the swarm. Not for the hot path: every frame is parsed whole. All waits are
/// bounded and throw std::runtime_error at their end, or when a session is lost. Owner: one thread.
class People final : public Handler {
 public:
  enum class Way { proof, ticket };

  /// `swarm` outlives this; becomes its handler where needed. `origin` is the daemon's.
  People(Swarm& swarm, std::string origin, std::uint32_t count);

  [[nodiscard]] Person& at(std::uint32_t person) { return people_.at(person); }
  [[nodiscard]] std::uint32_t count() const noexcept { return static_cast<std::uint32_t>(people_.size()); }

  /// Makes accounts, each on a connection of its own that is closed afterwards. `secret`: 16 bytes of an invitation.
  void join(std::uint32_t first, std::uint32_t count, const std::string& secret);
  /// Person `newcomer` becomes another device of `old`, who is connected; its connection is closed afterwards.
  void pair(std::uint32_t old, std::uint32_t newcomer);
  /// Connects and waits until all are live. `width`: at most so many at once on their way.
  void connect(std::uint32_t first, std::uint32_t count, Way way, std::uint32_t width = 64);
  /// Says goodbye and waits until all sockets are gone.
  void leave(std::uint32_t first, std::uint32_t count);
  /// Sends requests (request_id and client_id are filled in) and waits for the answer of each, in their order. An Error
  /// throws.
  std::vector<v1::ServerFrame> ask(std::vector<std::pair<std::uint32_t, v1::ClientFrame>> requests);
  v1::ServerFrame ask(std::uint32_t person, v1::ClientFrame request);
  /// Handles what comes until `done` says so; throws after `seconds`.
  void run_until(const std::function<bool()>& done, const char* what, int seconds = 90);

  [[nodiscard]] const Journey& journey(std::uint32_t person) const { return journeys_.at(person); }

  // Handler
  void on_open(std::uint32_t session) override;
  void on_message(std::uint32_t session, std::string_view payload) override;
  void on_lost(std::uint32_t session, const std::string& why) override;

 private:
  void on_challenge(std::uint32_t session, const v1::Challenge& challenge);
  void prove(std::uint32_t session);
  void on_batch(std::uint32_t session, const v1::Batch& batch);
  void send(std::uint32_t session, v1::ClientFrame& frame);

  Swarm& swarm_;
  const std::string origin_;
  std::vector<Person> people_;
  std::vector<Journey> journeys_;
  std::vector<std::string> nonces_;
  std::string join_secret_;  // not empty: connections are for joining
  std::string pair_secret_;  // not empty: they are for pairing
  std::string pair_key_;     // of the newcomer, once the old device was asked
  Way way_ = Way::proof;
  std::uint32_t arrived_ = 0;
  std::uint64_t next_request_ = 1;
  std::unordered_map<std::uint64_t, std::size_t> waiting_;  // request -> place in answers_
  std::vector<v1::ServerFrame> answers_;
};

/// Scenes. All persons named must be connected.

/// Person `maker` makes an invitation of `uses` (1 to 1000); its secret of 16 bytes.
[[nodiscard]] std::string invite(People& people, std::uint32_t maker, std::uint32_t uses);
/// Ties each pair; afterwards both know their direct conversation.
void make_ties(People& people, std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs);
/// `maker`, tied with all of [first, first + size), makes a group of them and leaves it; its id.
[[nodiscard]] std::string make_room(People& people, std::uint32_t maker, std::uint32_t first, std::uint32_t size);
/// Each of [first, first + count) shows every conversation on its screen.
void focus_all(People& people, std::uint32_t first, std::uint32_t count);

}  // namespace enishi::bench
