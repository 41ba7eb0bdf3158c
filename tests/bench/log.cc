// What the length of the log costs: catching up with it, and starting with it.
#include <cstring>
#include <filesystem>

#include "bench/measures.h"
#include "storage/sqlite/sqlite_store.h"

namespace enishi::bench {
namespace {

using storage::Reader;
using storage::Store;

/// Messages of `each` of the persons in [first, first + count), in their direct conversations with `other`.
void write_to(Bench& bench, std::uint32_t first, std::uint32_t count, std::uint32_t other, std::uint32_t each) {
  auto& people = *bench.people;
  std::vector<std::pair<std::uint32_t, v1::ClientFrame>> requests;
  for (std::uint32_t i = 0; i < each; ++i)
    for (std::uint32_t person = first; person < first + count; ++person) {
      v1::ClientFrame frame;
      frame.mutable_send()->set_conversation_id(people.at(person).directs.at(people.at(other).handle));
      frame.mutable_send()->set_body(std::string(bench.effort.body_bytes, 'm'));
      requests.emplace_back(person, std::move(frame));
    }
  (void)people.ask(std::move(requests));
}

/// A conversation to be filled, with the numbers of its last event.
struct Filling {
  core::ConversationId conversation;
  core::MemberId author;
  core::DeviceId device;
  core::LogEnd end;
  std::uint64_t author_rank = 0;
};

std::vector<Filling> fillings(Reader& reader, const std::string& hub_handle) {
  const auto hub = reader.member_by_handle(hub_handle);
  if (!hub) throw std::runtime_error("the hub is not in the database");
  std::vector<Filling> all;
  for (const auto& membership : reader.memberships(hub->id, {}, 1000)) {
    for (const auto& interval : reader.open_intervals(membership.conversation)) {
      if (interval.member == hub->id) continue;
      const auto devices = reader.devices_of(interval.member);
      const auto end = reader.log_end(membership.conversation);
      const auto rank = end.head ? reader.author_rank_at(membership.conversation, interval.member, end.head) : 0;
      all.push_back({membership.conversation, interval.member, devices.at(0).id, end, rank});
      break;
    }
  }
  if (all.empty()) throw std::runtime_error("the hub has no conversation to fill");
  return all;
}

/// The next message of a conversation, with its record, as the sequencer would write them.
core::Change next_message(Filling& filling, core::Position position, core::WallTime at, std::uint64_t serial,
                          const std::string& body) {
  filling.end.head.value += 1;
  filling.end.rank += 1;
  filling.author_rank += 1;
  core::Change change;
  change.position = position;
  core::Event event{position,
                    filling.conversation,
                    filling.end.head,
                    core::EventKind::message,
                    filling.author,
                    filling.device,
                    {},
                    at,
                    {},
                    body,
                    {},
                    filling.end.rank,
                    filling.author_rank};
  const auto ms = static_cast<std::uint64_t>(at.time_since_epoch().count());
  const std::uint64_t mixed = serial * 0x9E37'79B9'7F4A'7C15ULL;
  for (unsigned i = 0; i < 6; ++i) event.client_id.value[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  std::memcpy(event.client_id.value.data() + 8, &mixed, sizeof mixed);
  core::RequestRecord request{filling.author, event.client_id, {}, filling.conversation, filling.end.head, 0, at};
  std::memcpy(request.digest.value.data(), &mixed, sizeof mixed);
  change.events.push_back(std::move(event));
  change.request = request;
  return change;
}

/// Writes messages through the storage port while no daemon runs; messages a second.
double fill(Bench& bench) {
  constexpr std::uint64_t kGroup = 1024;  // what the sequencer commits together at most
  // People answer each other. Each message into another conversation dirties two index pages of its own: then the same
  // rows take three times as long.
  constexpr std::uint64_t kBurst = 16;
  auto opened = storage::open_sqlite({.directory = bench.data, .checked_bytes_max = 0});
  if (!opened) throw std::runtime_error("the database cannot be opened: " + opened.error().message());
  Store& store = *opened.value();
  std::vector<Filling> where;
  core::Position position;
  {
    auto reader = store.open_reader();
    if (!reader) throw std::runtime_error("the database cannot be read");
    where = fillings(*reader.value(), bench.people->at(kHub).handle);
    position = reader.value()->counters().position;
  }
  const std::string body(bench.effort.body_bytes, 'm');
  const auto begun = now_ns();
  const auto first_at = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  for (std::uint64_t done = 0; done < bench.effort.log_messages;) {
    core::Batch batch;
    for (std::uint64_t i = 0; i < kGroup && done < bench.effort.log_messages; ++i, ++done) {
      position.value += 1;
      const auto at = first_at + std::chrono::milliseconds(done / 100);
      auto& filling = where[done / kBurst % where.size()];
      batch.changes.push_back(next_message(filling, position, at, done, body));
    }
    batch.last = position;
    if (const auto written = store.writer().commit(batch); !written)
      throw std::runtime_error("the database cannot be filled: " + written.error().message());
    bench.swarm->step(0);  // hears of an interruption
    bench.progress.show(short_number(static_cast<double>(done)) + " messages");
  }
  return static_cast<double>(bench.effort.log_messages) / (1e-9 * static_cast<double>(now_ns() - begun));
}

/// Seconds from exec to "ready".
double timed_start(Bench& bench) {
  const auto begun = now_ns();
  bench.start_daemon();
  return 1e-9 * static_cast<double>(now_ns() - begun);
}

/// Some sessions write, and the daemon is killed while more is under way.
void kill_under_load(Bench& bench) {
  constexpr std::uint32_t kWriters = 16;
  auto& people = *bench.people;
  people.connect(kCrowd, kWriters, People::Way::proof);
  write_to(bench, kCrowd, kWriters, kHub, 100);
  for (std::uint32_t i = 0; i < 40 * kWriters; ++i) {
    const auto person = kCrowd + i % kWriters;
    v1::ClientFrame frame;
    frame.set_request_id(1'000'000 + i);
    frame.set_client_id("client_id " + std::to_string(100'000 + i % 900'000));
    frame.mutable_send()->set_conversation_id(people.at(person).directs.at(people.at(kHub).handle));
    frame.mutable_send()->set_body(std::string(bench.effort.body_bytes, 'm'));
    bench.swarm->send(person, frame.SerializeAsString());
  }
  bench.swarm->step(0);
  bench.daemon->kill9();
  bench.swarm->drop_all();
}

}  // namespace

void measure_resume(Bench& bench) {
  const auto& effort = bench.effort;
  auto& people = *bench.people;
  const auto count = effort.behind_conversations;
  const std::uint64_t missed = static_cast<std::uint64_t>(count) * effort.behind_each;
  bench.progress.begin("resuming " + std::to_string(missed) + " messages behind", 6);
  people.connect(kSleeper, 1, People::Way::proof);
  people.connect(kCrowd, count, People::Way::proof);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (std::uint32_t i = 0; i < count; ++i) pairs.emplace_back(kCrowd + i, kSleeper);
  make_ties(people, pairs);
  bench.quiesce();
  people.leave(kSleeper, 1);
  const auto cursor = people.at(kSleeper).cursor;
  write_to(bench, kCrowd, count, kSleeper, effort.behind_each);
  people.leave(kCrowd, count);
  std::vector<double> cpu, wall, first;
  for (int i = 0; i < effort.resumes; ++i) {
    bench.quiesce();
    people.at(kSleeper).cursor = cursor;
    const auto before = bench.server_cpu();
    people.connect(kSleeper, 1, People::Way::ticket);
    cpu.push_back(1e3 * (bench.server_cpu() - before));
    const auto& journey = people.journey(kSleeper);
    if (!journey.is_exact || journey.events != missed)
      throw std::runtime_error("the sleeper was told " + std::to_string(journey.events) + " of " +
                               std::to_string(missed) + " messages");
    wall.push_back(1e-6 * static_cast<double>(journey.live - journey.begun));
    first.push_back(1e-6 * static_cast<double>(journey.first_events - journey.begun));
    people.leave(kSleeper, 1);
  }
  const auto group = "Resume with ticket, " + std::to_string(missed) + " messages behind over " +
                     std::to_string(count) + " conversations";
  bench.report.add(median_row(group, "server CPU until live", "ms", cpu));
  bench.report.add(median_row(group, "from connect to live", "ms", wall));
  bench.report.add(median_row(group, "from connect to the first messages", "ms", first));
}

void measure_start(Bench& bench) {
  const auto& effort = bench.effort;
  const auto messages = short_number(static_cast<double>(effort.log_messages)) + " messages";
  bench.progress.begin("filling a database with " + messages, static_cast<double>(effort.log_messages) / 50'000);
  if (bench.daemon->terminate() != 0) throw std::runtime_error("enishid did not end as asked");
  const auto rate = fill(bench);
  Row port{"Storage port, without a daemon",
           "durable messages at the Writer, groups of 1024, bursts of 16",
           "messages/s",
           rate,
           rate,
           rate};
  bench.report.add(std::move(port));
  bench.progress.begin("starting with " + messages, 1 + effort.starts);
  std::vector<double> clean{1e3 * timed_start(bench)}, killed;
  for (int i = 0; i < effort.starts; ++i) {
    kill_under_load(bench);
    killed.push_back(1e3 * timed_start(bench));
  }
  const auto group = "Start with " + messages + ", from exec to ready";
  auto row = median_row(group, "after kill -9 under load", "ms", killed);
  std::error_code ignored;
  row.more["database_bytes"] =
      static_cast<double>(std::filesystem::file_size(bench.data + "/" + storage::kSqliteFile, ignored));
  bench.report.add(std::move(row));
  bench.report.add(median_row(group, "after an orderly end", "ms", clean));
}

}  // namespace enishi::bench
