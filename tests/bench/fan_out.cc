// Messages and signals into rooms: what a delivery costs, how long it takes, how many are acknowledged.
#include <algorithm>
#include <array>

#include "bench/histogram.h"
#include "bench/measures.h"

namespace enishi::bench {
namespace {

/// What came with one message of the server.
struct Arrivals {
  std::uint32_t deliveries = 0, acks = 0, errors = 0;
  std::array<std::uint64_t, 64> intended{};  ///< of the first deliveries in it
};

/// How to publish and what to count; one for each thing that is fanned out.
class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual void publish(Swarm& swarm, std::uint32_t session, std::uint32_t room, std::uint64_t intended_ns) = 0;
  virtual void read(std::uint32_t session, std::string_view payload, Arrivals& into) = 0;

 protected:
  static void count(std::string_view body, Arrivals& into) {
    std::uint64_t intended = 0;
    std::uint32_t session = 0;
    if (!read_stamp(body, intended, session)) return;
    if (into.deliveries < into.intended.size()) into.intended[into.deliveries] = intended;
    ++into.deliveries;
  }
};

/// Durable messages; acknowledged by Sent.
class Messages final : public Dialect {
 public:
  Messages(std::vector<std::string> conversations, std::size_t body_bytes)
      : conversations_(std::move(conversations)), send_(body_bytes) {}
  void publish(Swarm& swarm, std::uint32_t session, std::uint32_t room, std::uint64_t intended_ns) override {
    send_.append_to(swarm.out(session), conversations_[room], ++serial_, intended_ns, session, swarm.next_mask());
  }
  void read(std::uint32_t, std::string_view payload, Arrivals& into) override {
    const auto heard = hear(payload);
    if (heard.kind == Heard::Kind::batch)
      for_each_body(heard.content, [&](std::string_view body) { count(body, into); });
    if (heard.kind == Heard::Kind::sent) ++into.acks;
    if (heard.kind == Heard::Kind::error || heard.kind == Heard::Kind::lagged) ++into.errors;
  }

 private:
  const std::vector<std::string> conversations_;
  PreparedSend send_;
  std::uint64_t serial_ = 0;
};

/// Typing signals; acknowledged by Ok.
class Signals final : public Dialect {
 public:
  explicit Signals(const std::vector<std::string>& conversations) {
    for (const auto& id : conversations) {
      v1::ClientFrame frame;
      frame.set_request_id(1);
      frame.mutable_typing()->set_conversation_id(id);
      payloads_.push_back(frame.SerializeAsString());
    }
  }
  void publish(Swarm& swarm, std::uint32_t session, std::uint32_t room, std::uint64_t) override {
    swarm.send(session, payloads_[room]);
  }
  void read(std::uint32_t, std::string_view payload, Arrivals& into) override {
    const auto heard = hear(payload);
    if (heard.kind == Heard::Kind::signal) ++into.deliveries;
    if (heard.kind == Heard::Kind::ok) ++into.acks;
    if (heard.kind == Heard::Kind::error) ++into.errors;
  }

 private:
  std::vector<std::string> payloads_;
};

/// The floor's plain rooms: every message goes to everybody in the room; one's own is the acknowledgement.
class Plain final : public Dialect {
 public:
  explicit Plain(std::size_t body_bytes) : body_(body_bytes, '.') {}
  void publish(Swarm& swarm, std::uint32_t session, std::uint32_t, std::uint64_t intended_ns) override {
    write_stamp(body_.data(), intended_ns, session);
    swarm.send(session, body_);
  }
  void read(std::uint32_t session, std::string_view payload, Arrivals& into) override {
    count(payload, into);
    std::uint64_t intended = 0;
    std::uint32_t sender = 0;
    if (read_stamp(payload, intended, sender) && sender == session) ++into.acks;
  }

 private:
  std::string body_;
};

/// Who publishes, and where.
struct Post {
  std::uint32_t session = 0, room = 0;
};

/// Publishes and counts, in a closed loop (each acknowledgement lets the next one out) or when told.
class Driver final : public Handler {
 public:
  Driver(Swarm& swarm, Dialect& dialect, std::uint32_t sessions)
      : swarm_(swarm), dialect_(dialect), room_of_(sessions) {
    swarm_.set_handler(this);
  }
  void start(const std::vector<Post>& posts, std::uint32_t window) {
    refills_ = true;
    for (std::uint32_t i = 0; i < window; ++i)
      for (const auto& post : posts) publish(post, now_ns());
  }
  void publish(const Post& post, std::uint64_t intended_ns) {
    room_of_[post.session] = post.room;
    dialect_.publish(swarm_, post.session, post.room, intended_ns);
    ++published;
  }
  /// Lets no more out, and waits until everything is answered and `deliveries` have come.
  void drain(std::uint64_t wanted_deliveries = 0, int seconds = 20) {
    refills_ = false;
    const auto end = now_ns() + static_cast<std::uint64_t>(seconds) * 1'000'000'000U;
    while ((acks + errors < published || deliveries < wanted_deliveries) && now_ns() < end) swarm_.step(10);
  }
  void run(double seconds, int wait_ms) {
    const auto end = now_ns() + static_cast<std::uint64_t>(1e9 * seconds);
    while (now_ns() < end) swarm_.step(wait_ms);
  }
  /// Counts deliveries intended in [from, to) from now on.
  void record(std::uint64_t from, std::uint64_t to) {
    from_ = from;
    to_ = to;
  }

  void on_open(std::uint32_t) override { ++opened; }
  void on_message(std::uint32_t session, std::string_view payload) override {
    Arrivals arrivals;
    dialect_.read(session, payload, arrivals);
    deliveries += arrivals.deliveries;
    acks += arrivals.acks;
    errors += arrivals.errors;
    if (to_ != 0 && arrivals.deliveries != 0) {
      const auto now = now_ns();
      for (std::size_t i = 0; i < std::min<std::size_t>(arrivals.deliveries, arrivals.intended.size()); ++i)
        if (arrivals.intended[i] >= from_ && arrivals.intended[i] < to_) latencies.add(now - arrivals.intended[i]);
    }
    if (!refills_) return;
    for (std::uint32_t i = 0; i < arrivals.acks + arrivals.errors; ++i) publish({session, room_of_[session]}, now_ns());
  }
  void on_lost(std::uint32_t session, const std::string& why) override {
    throw std::runtime_error("session " + std::to_string(session) + " was lost: " + why);
  }

  std::uint64_t published = 0, deliveries = 0, acks = 0, errors = 0, opened = 0;
  Histogram latencies;

 private:
  Swarm& swarm_;
  Dialect& dialect_;
  std::vector<std::uint32_t> room_of_;
  bool refills_ = false;
  std::uint64_t from_ = 0, to_ = 0;
};

/// One figure of a closed loop.
struct Closed {
  std::vector<double> cpu_us, rates;  ///< server CPU for one, and how many a second, in each timed window
  double busy = 0;                    ///< part of the time in which the server used a core
  std::uint64_t errors = 0;
};

constexpr std::uint64_t kStallNs = 10'000'000'000;

/// Counts `what` of the driver while `process` serves it.
Closed run_closed(Bench& bench, Driver& driver, const std::uint64_t& what, pid_t process, double window_s,
                  const char* unit) {
  Closed result;
  driver.run(bench.effort.warm_s, bench.wait_ms());
  double cpu_all = 0, time_all = 0;
  for (int i = 0; i < bench.effort.repeats; ++i) {
    const auto before = what;
    const auto begun = now_ns();
    const auto cpu_before = cpu_seconds(process);
    // A disk that stalls can take a whole short window; one that nothing comes out of for so long is broken.
    do driver.run(window_s, bench.wait_ms());
    while (what == before && now_ns() - begun < kStallNs);
    const auto cpu = cpu_seconds(process) - cpu_before;
    const auto seconds = 1e-9 * static_cast<double>(now_ns() - begun);
    const auto count = static_cast<double>(what - before);
    if (count == 0) throw std::runtime_error("nothing arrived for ten seconds");
    result.cpu_us.push_back(1e6 * cpu / count);
    result.rates.push_back(count / seconds);
    cpu_all += cpu;
    time_all += seconds;
    bench.progress.show(short_number(count / seconds) + " " + unit);
  }
  result.busy = cpu_all / time_all;
  driver.drain();
  result.errors = driver.errors;
  return result;
}

std::vector<Post> first_of_each(const Rooms& rooms) {
  std::vector<Post> posts;
  for (std::uint32_t room = 0; room < rooms.conversations.size(); ++room)
    posts.push_back({kCrowd + room * rooms.size, room});
  return posts;
}

std::string flights(std::uint32_t window) { return std::to_string(window) + " in flight"; }

/// CPU seconds for a million = microseconds for one.
Row cost_row(const char* group, const Rooms& rooms, std::uint32_t window, const Closed& closed) {
  auto row = median_row(group, "room of " + std::to_string(rooms.size) + ", " + flights(window), "CPU s/M deliveries",
                        closed.cpu_us);
  row.more["deliveries_per_s"] = median_row("", "", "", closed.rates).value;
  row.more["server_busy"] = closed.busy;
  row.more["errors"] = static_cast<double>(closed.errors);
  row.note = short_number(row.more["deliveries_per_s"]) + "/s";
  if (closed.errors != 0) row.note += ", " + std::to_string(closed.errors) + " refused";
  return row;
}

/// The crowd at the floor, in rooms of one size.
class FloorCrowd {
 public:
  FloorCrowd(Bench& bench, const std::string& mode, const Rooms& rooms)
      : server(bench.floor, mode, bench.has_two_cores),
        swarm("127.0.0.1", server.port(), kCrowd + bench.effort.crowd),
        dialect(bench.effort.body_bytes),
        driver(swarm, dialect, kCrowd + bench.effort.crowd) {
    const auto count = static_cast<std::uint32_t>(rooms.conversations.size()) * rooms.size;
    for (std::uint32_t i = 0; i < count; ++i) swarm.connect(kCrowd + i, "/room/" + std::to_string(i / rooms.size), {});
    const auto end = now_ns() + 20'000'000'000U;
    while (driver.opened < count && now_ns() < end) swarm.step(10);
    if (driver.opened < count) throw std::runtime_error("the floor does not take all sessions");
  }
  Floor server;
  Swarm swarm;
  Plain dialect;
  Driver driver;
};

/// The floor's figure for the same room and window; nullopt where there is no floor, or it does not run.
std::optional<double> floor_cost(Bench& bench, const Rooms& rooms, std::uint32_t window) {
  if (bench.floor.empty()) return std::nullopt;
  try {
    // With one in flight there is nothing to join.
    FloorCrowd crowd(bench, window == 1 ? "send" : "batch", rooms);
    crowd.driver.start(first_of_each(rooms), window);
    const auto closed = run_closed(bench, crowd.driver, crowd.driver.deliveries, crowd.server.pid(),
                                   bench.effort.window_s / 2, "at the floor");
    return median_row("", "", "", closed.cpu_us).value;
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    bench.progress.say(std::string("no figure of the floor: ") + error.what());
    return std::nullopt;
  }
}

Row cost_of(Bench& bench, const char* group, Dialect& dialect, const Rooms& rooms, std::uint32_t window) {
  Driver driver(*bench.swarm, dialect, bench.people->count());
  const auto threads_before = cpu_by_thread(bench.daemon->pid());
  driver.start(first_of_each(rooms), window);
  const auto closed =
      run_closed(bench, driver, driver.deliveries, bench.daemon->pid(), bench.effort.window_s, "deliveries/s");
  auto row = cost_row(group, rooms, window, closed);
  double all = 0;
  auto threads = cpu_by_thread(bench.daemon->pid());
  for (auto& [name, seconds] : threads) {
    const auto before = threads_before.find(name);
    if (before != threads_before.end()) seconds -= before->second;
    all += seconds;
  }
  for (const auto& [name, seconds] : threads)
    if (all > 0 && seconds / all > 0.01) row.more["share_" + name] = seconds / all;
  return row;
}

/// Publishes at the times of a schedule, whatever comes back; returns how many.
std::uint64_t run_open(Bench& bench, Swarm& swarm, Driver& driver, const Rooms& rooms, double warm_s) {
  const auto& effort = bench.effort;
  const auto gap = static_cast<std::uint64_t>(1e9 / effort.latency_rate);
  const auto begun = now_ns() + 1'000'000;
  const auto from = begun + static_cast<std::uint64_t>(1e9 * warm_s);
  const auto to = from + static_cast<std::uint64_t>(1e9 * effort.latency_s);
  driver.record(from, to);
  const auto room_count = static_cast<std::uint32_t>(rooms.conversations.size());
  std::uint64_t number = 0, in_time = 0;
  for (auto due = begun; due < to;) {
    for (const auto now = now_ns(); due <= now && due < to; due += gap, ++number) {
      const auto room = static_cast<std::uint32_t>(number % room_count);
      const auto place = static_cast<std::uint32_t>(number / room_count % rooms.size);
      driver.publish({kCrowd + room * rooms.size + place, room}, due);
      in_time += due >= from ? 1 : 0;
    }
    swarm.step(bench.has_two_cores ? 0 : 1);
    if (number % 1024 == 0) bench.progress.show(std::to_string(effort.latency_rate) + " messages/s");
  }
  driver.drain(number * rooms.size);
  return in_time;
}

}  // namespace

std::vector<Rooms> furnish(Bench& bench) {
  auto& people = *bench.people;
  const auto& effort = bench.effort;
  bench.progress.begin("furnishing rooms", 4);
  people.connect(kCrowd, effort.crowd, People::Way::proof);
  people.connect(kHub, 1, People::Way::proof);
  std::vector<Rooms> all;
  for (const auto size : effort.rooms) {
    Rooms rooms;
    rooms.size = size;
    const auto count = effort.crowd / size;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (std::uint32_t room = 0; room < count; ++room) {
      const auto first = kCrowd + room * size;
      if (size == 2)
        pairs.emplace_back(first, first + 1);
      else
        rooms.conversations.push_back(make_room(people, kHub, first, size));
    }
    if (size == 2) make_ties(people, pairs);
    for (const auto& [one, other] : pairs)
      rooms.conversations.push_back(people.at(one).directs.at(people.at(other).handle));
    all.push_back(std::move(rooms));
  }
  people.leave(kHub, 1);
  focus_all(people, kCrowd, effort.crowd);
  bench.quiesce();
  return all;
}

void measure_fan_out(Bench& bench, const std::vector<Rooms>& rooms) {
  const auto& effort = bench.effort;
  const double seconds = effort.warm_s + effort.repeats * effort.window_s;
  for (const bool is_durable : {true, false})
    for (const auto window : effort.windows)
      for (const auto& one : rooms) {
        const char* group = is_durable ? "Durable messages, 200-byte bodies, server CPU per million deliveries"
                                       : "Typing signals to focused sessions, server CPU per million deliveries";
        bench.progress.begin((is_durable ? "messages, room of " : "typing, room of ") + std::to_string(one.size) +
                                 ", " + flights(window),
                             seconds);
        std::unique_ptr<Dialect> dialect;
        if (is_durable)
          dialect = std::make_unique<Messages>(one.conversations, effort.body_bytes);
        else
          dialect = std::make_unique<Signals>(one.conversations);
        auto row = cost_of(bench, group, *dialect, one, window);
        // The floor's messages are the same work for both: a frame of about this size to everybody in the room.
        row.floor = floor_cost(bench, one, window);
        bench.report.add(std::move(row));
      }
}

void measure_latency(Bench& bench, const std::vector<Rooms>& rooms) {
  const auto pairs = std::find_if(rooms.begin(), rooms.end(), [](const Rooms& one) { return one.size == 2; });
  if (pairs == rooms.end()) return;
  constexpr double kWarm = 1;
  const auto& effort = bench.effort;
  bench.progress.begin("latency in an open loop", kWarm + effort.latency_s);
  Messages dialect(pairs->conversations, effort.body_bytes);
  Driver driver(*bench.swarm, dialect, bench.people->count());
  const auto cpu = bench.server_cpu();
  const auto begun = now_ns();
  const auto expected = run_open(bench, *bench.swarm, driver, *pairs, kWarm) * 2;
  const double busy = (bench.server_cpu() - cpu) / (1e-9 * static_cast<double>(now_ns() - begun));
  std::optional<FloorCrowd> floor;
  if (!bench.floor.empty()) {
    floor.emplace(bench, "send", *pairs);
    (void)run_open(bench, floor->swarm, floor->driver, *pairs, kWarm);
    bench.swarm->step(0);
  }
  const auto group = "Latency from the intended send time, durable, " + std::to_string(effort.latency_rate) +
                     " messages/s, rooms of 2";
  for (const auto& [name, share] : {std::pair{"p50", 0.5}, {"p99", 0.99}, {"p99.9", 0.999}, {"most", 1.0}}) {
    const auto value = [share = share](const Histogram& from) {
      return 1e-3 * static_cast<double>(share == 1.0 ? from.most() : from.at(share));
    };
    Row row{group, name, "us", value(driver.latencies)};
    row.low = row.high = row.value;
    if (floor) row.floor = value(floor->driver.latencies);
    row.more = {{"recorded", static_cast<double>(driver.latencies.count())},
                {"expected", static_cast<double>(expected)},
                {"errors", static_cast<double>(driver.errors)},
                {"server_busy", busy}};
    if (driver.latencies.count() < expected)
      row.note = "only " + std::to_string(driver.latencies.count()) + " of " + std::to_string(expected) + " arrived";
    bench.report.add(std::move(row));
  }
}

void measure_durable(Bench& bench) {
  const auto& effort = bench.effort;
  bench.progress.begin("durable messages", effort.warm_s + effort.repeats * effort.durable_s + 2);
  // The direct conversations with the hub, who is away: each message is acknowledged and delivered to its sender only.
  std::vector<std::string> conversations;
  std::vector<Post> posts;
  for (std::uint32_t i = 0; i < effort.crowd; ++i) {
    conversations.push_back(bench.people->at(kCrowd + i).directs.at(bench.people->at(kHub).handle));
    posts.push_back({kCrowd + i, i});
  }
  Messages dialect(conversations, effort.body_bytes);
  Driver driver(*bench.swarm, dialect, bench.people->count());
  driver.start(posts, 16);
  const auto closed = run_closed(bench, driver, driver.acks, bench.daemon->pid(), effort.durable_s, "acked/s");
  const auto group =
      "Durable throughput through sockets, " + std::to_string(effort.crowd) + " rooms of 2, 16 in flight in each";
  auto row = median_row(group, "acked messages", "messages/s", closed.rates);
  row.more = {{"errors", static_cast<double>(closed.errors)}, {"server_busy", closed.busy}};
  bench.report.add(std::move(row));
  bench.report.add(median_row(group, "server CPU for one", "us", closed.cpu_us));
  bench.people->leave(kCrowd, effort.crowd);
}

}  // namespace enishi::bench
