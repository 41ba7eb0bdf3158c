// A device under test and the server's side of its session, written out frame by frame.
#pragma once

#include "unit/client/scene.h"

namespace enishi::client::scene {

class Scripted {
 public:
  explicit Scripted(SessionSettings settings = {}, LocalStore* shared = nullptr, std::uint64_t seed = 1)
      : entropy(seed),
        replica(shared != nullptr ? *shared : static_cast<LocalStore&>(memory)),
        machine_settings(settings) {
    machine_settings.wall_clock = [] { return core::WallTime{std::chrono::milliseconds{1'700'000'000'000}}; };
    SeededEntropy keys(7);
    EXPECT_TRUE(replica.put_identity(identity(keys)));
    machine.emplace(replica, entropy, listener, machine_settings);
  }

  void give(v1::ServerFrame frame) { machine->on_frame(frame.SerializeAsString(), now); }
  /// Frames the client sent since the last look.
  std::vector<v1::ClientFrame> sent() {
    std::vector<v1::ClientFrame> frames;
    for (const auto& each : machine->take_frames()) EXPECT_TRUE(frames.emplace_back().ParseFromString(each));
    return frames;
  }

  void challenge() {
    v1::ServerFrame frame;
    frame.mutable_challenge()->set_nonce(std::string(32, 'n'));
    give(frame);
  }
  void welcome(v1::Resume resume, std::uint64_t rseq, std::uint64_t request_id = 0) {
    v1::ServerFrame frame;
    frame.set_request_id(request_id);
    frame.mutable_welcome()->set_resume(resume);
    frame.mutable_welcome()->set_rseq(rseq);
    frame.mutable_welcome()->set_ticket("ticket");
    give(frame);
  }
  /// Connects up to Welcome; returns the Hello.
  v1::Hello connect(v1::Resume resume, std::uint64_t rseq) {
    machine->on_open(now);
    challenge();
    const auto frames = sent();
    v1::Hello hello;
    for (const auto& frame : frames)
      if (frame.has_hello()) hello = frame.hello();
    welcome(resume, rseq);
    return hello;
  }
  void batch(std::vector<v1::Register> registers, std::vector<v1::Event> events) {
    v1::ServerFrame frame;
    if (!registers.empty()) frame.mutable_batch()->set_rseq(registers.back().rseq());
    for (auto& each : registers) *frame.mutable_batch()->add_registers() = std::move(each);
    for (auto& each : events) *frame.mutable_batch()->add_events() = std::move(each);
    give(frame);
  }
  void give_head(v1::Head head) {
    v1::ServerFrame frame;
    *frame.mutable_head() = std::move(head);
    give(frame);
  }
  void give_gap(v1::Gap gap) {
    v1::ServerFrame frame;
    *frame.mutable_gap() = std::move(gap);
    give(frame);
  }
  void frontier(const std::string& cursor, bool live = true) {
    v1::ServerFrame frame;
    frame.mutable_frontier()->set_cursor(cursor);
    frame.mutable_frontier()->set_live(live);
    give(frame);
  }
  void page(std::uint64_t request_id, std::vector<v1::Event> events, std::uint64_t newest) {
    v1::ServerFrame frame;
    frame.set_request_id(request_id);
    auto& page = *frame.mutable_page();
    page.set_conversation_id(bytes(kChat));
    page.set_head(newest);
    if (!events.empty()) {
      page.set_from_seq(events.front().seq());
      page.set_to_seq(events.back().seq());
    }
    for (auto& each : events) *page.add_events() = std::move(each);
    give(frame);
  }
  void error(std::uint64_t request_id, v1::ErrorCode code, std::uint32_t retry_after_ms = 0) {
    v1::ServerFrame frame;
    frame.set_request_id(request_id);
    frame.mutable_error()->set_code(code);
    frame.mutable_error()->set_retry_after_ms(retry_after_ms);
    give(frame);
  }
  void sent_answer(std::uint64_t request_id, std::uint64_t seq, bool duplicate = false) {
    v1::ServerFrame frame;
    frame.set_request_id(request_id);
    frame.mutable_sent()->set_seq(seq);
    frame.mutable_sent()->set_at_ms(5);
    frame.mutable_sent()->set_duplicate(duplicate);
    give(frame);
  }
  void close(std::uint16_t code) { machine->on_close(code, now); }
  void pass(Instant time) {
    now += time;
    machine->tick(now);
  }
  /// Live with one direct conversation of `count` messages by aki, cursor "c1".
  void go_live(std::uint64_t count) {
    connect(v1::RESUME_RESET, 1);
    std::vector<v1::Event> events;
    for (std::uint64_t seq = 1; seq <= count; ++seq) events.push_back(event(seq));
    batch({membership(1)}, events);
    give_head(head(count, 0, count));
    frontier("c1");
    static_cast<void>(sent());
  }
  SyncPoint point() {
    SyncPoint found;
    EXPECT_TRUE(replica.store().read([&](Rows& rows) { found = rows.sync_point(); }));
    return found;
  }
  ConversationView view() {
    auto found = replica.conversation(id(kChat));
    EXPECT_TRUE(found);
    return found ? *found : ConversationView{};
  }

  Instant now{1'000};
  SeededEntropy entropy;
  MemoryStore memory;
  Replica replica;
  Recorder listener;
  SessionSettings machine_settings;
  std::optional<SessionMachine> machine;
};

}  // namespace enishi::client::scene
