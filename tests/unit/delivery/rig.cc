#include "unit/delivery/rig.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace enishi::test {

Client::~Client() {
  if (std::find(rig_.clients.begin(), rig_.clients.end(), this) != rig_.clients.end()) hang_up();
}

std::uint64_t Client::say(v1::ClientFrame frame) {
  if (frame.request_id() == 0) frame.set_request_id(++requests_);
  if (frame.client_id().empty()) {
    std::string id(16, 'c');
    std::memcpy(id.data(), &rig_.random_count, sizeof rig_.random_count);
    ++rig_.random_count;
    frame.set_client_id(id);
  }
  rig_.floor(loop).on_message(seat, frame.SerializeAsString());
  return frame.request_id();
}

v1::ServerFrame Client::ask(v1::ClientFrame frame) {
  const auto request = say(std::move(frame));
  rig_.settle();
  return answer_to(request);
}

std::vector<v1::ServerFrame> Client::take() {
  std::vector<v1::ServerFrame> fresh(frames.begin() + static_cast<std::ptrdiff_t>(std::min(taken_, frames.size())),
                                     frames.end());
  taken_ = frames.size();
  return fresh;
}

v1::ServerFrame Client::answer_to(std::uint64_t request) const {
  for (auto at = frames.rbegin(); at != frames.rend(); ++at)
    if (at->request_id() == request) return *at;
  return {};
}

void Client::hang_up(bool said_goodbye) {
  rig_.floor(loop).on_closed(seat, said_goodbye);
  std::erase(rig_.clients, this);
}

void Client::push(const wire::Frame& frame) {
  if (closed) return;
  frames.push_back(read_frame(frame));
  queued += frame->size();
}

void Client::drop_unsent() {
  frames.resize(sent);
  queued = 0;
}

bool Loop::submit(core::Command&& command) {
  if (takes_commands) rig_.commands.push_back(std::move(command));
  return takes_commands;
}
bool Loop::ask(delivery::Query&& query) {
  if (takes_queries) rig_.queries.push_back(std::move(query));
  return takes_queries;
}
bool Loop::post(std::uint32_t loop, delivery::Letter&& letter) {
  if (takes_letters) rig_.letters.emplace_back(loop, std::move(letter));
  return takes_letters;
}
delivery::SteadyTime Loop::now() const { return rig_.now; }
core::WallTime Loop::wall_now() const { return rig_.desk.now; }
void Loop::random(void* bytes, std::size_t size) {
  std::memset(bytes, static_cast<int>(0x40 + index_), size);
  ++rig_.random_count;
  std::memcpy(bytes, &rig_.random_count, std::min(size, sizeof rig_.random_count));
}

Rig::Rig(std::uint32_t count, delivery::FloorLimits chosen, std::vector<std::string> origins)
    : desk(chosen.core), limits(std::move(chosen)) {
  reading.gap_events = limits.gap_events;
  reading.chunk_bytes = limits.catch_up_chunk_bytes;
  for (std::uint32_t i = 0; i < count; ++i) {
    loops.push_back(std::make_unique<Loop>(*this, i));
    delivery::FloorOptions options{i, count, limits, origins, desk.incarnation, desk.store.incarnations()};
    loops[i]->floor = std::make_unique<delivery::Floor>(std::move(options), *loops[i], desk.seals);
  }
}

std::unique_ptr<Client> Rig::open(std::uint32_t loop) {
  auto client = std::make_unique<Client>(*this, loop);
  client->seat = floor(loop).open(*client);
  clients.push_back(client.get());
  return client;
}

v1::ClientFrame Rig::hello(const Person& person, const std::string& cursor, v1::PresenceState mode) {
  v1::ClientFrame frame;
  const auto device = *desk.reader->device(person.sender.device);
  frame.mutable_hello()->set_device_id(std::string(device.public_id.view()));
  frame.mutable_hello()->set_cursor(cursor);
  frame.mutable_hello()->set_mode(mode);
  frame.mutable_hello()->set_ticket(
      desk.seals.seal_ticket({device.public_id, device.generation, desk.now + std::chrono::hours{24}}));
  return frame;
}

std::unique_ptr<Client> Rig::connect(const Person& person, std::uint32_t loop, const std::string& cursor,
                                     v1::PresenceState mode) {
  auto client = open(loop);
  EXPECT_TRUE(client->ask(hello(person, cursor, mode)).has_welcome());
  return client;
}

bool Rig::commit() {
  if (commands.empty()) return false;
  std::vector<core::Command> gathered(std::make_move_iterator(commands.begin()),
                                      std::make_move_iterator(commands.end()));
  commands.clear();
  const auto group = desk.step(std::move(gathered));
  for (auto& loop : loops) loop->groups.push_back(group);
  return true;
}

bool Rig::deliver(std::uint32_t loop) {
  auto& waiting = loops[loop]->groups;
  if (waiting.empty()) return false;
  const auto group = waiting.front();
  waiting.pop_front();
  floor(loop).on_group(*group);
  return true;
}

std::vector<delivery::Answer> Rig::take_answers() {
  std::vector<delivery::Answer> answers;
  for (const auto& query : std::exchange(queries, {}))
    answers.push_back(delivery::answer(*desk.reader, query, reading, desk.now));
  return answers;
}

bool Rig::read() {
  auto answers = take_answers();
  for (auto& answer : answers) {
    const auto loop = answer.to.loop;
    floor(loop).on_answer(std::move(answer));
  }
  return !answers.empty();
}

bool Rig::post() {
  const bool any = !letters.empty();
  for (auto& [loop, letter] : std::exchange(letters, {})) floor(loop).on_letter(std::move(letter));
  return any;
}

bool Rig::flush() {
  bool any = false;
  for (auto* client : std::vector(clients)) {
    if (!client->reads || client->queued == 0) continue;
    any = true;
    client->queued = 0;
    client->sent = client->frames.size();
    floor(client->loop).on_drained(client->seat);
  }
  return any;
}

void Rig::settle() {
  bool any = true;
  while (any) {
    any = commit();
    for (std::uint32_t i = 0; i < loops.size(); ++i)
      while (deliver(i)) any = true;
    any = read() || any;
    any = post() || any;
    any = flush() || any;
  }
}

sequencer::GroupPtr Rig::run(const core::Sender& sender, core::CommandBody body) {
  const auto group = desk.step(sender, std::move(body));
  for (auto& loop : loops) loop->groups.push_back(group);
  return group;
}

core::Seq Rig::send(const Person& from, const core::PublicId& to, const std::string& body) {
  const auto group = run(from.sender, core::Send{to, body, {}});
  return core::Seq{read_frame(group->replies.at(0).frame).sent().seq()};
}

void Rig::wait(std::chrono::milliseconds time) {
  constexpr std::chrono::milliseconds kTick{250};
  for (const auto end = now + time; now < end;) {
    now += kTick;
    desk.now += kTick;
    for (auto& loop : loops) loop->floor->on_tick();
    settle();
  }
}

std::vector<std::uint64_t> event_seqs(const std::vector<v1::ServerFrame>& frames) {
  std::vector<std::uint64_t> seqs;
  for (const auto& frame : frames)
    for (const auto& event : frame.batch().events()) seqs.push_back(event.seq());
  return seqs;
}

std::vector<std::string> signals(const std::vector<v1::ServerFrame>& frames) {
  std::vector<std::string> found;
  for (const auto& frame : frames) {
    if (!frame.has_signal()) continue;
    const auto& signal = frame.signal();
    constexpr std::size_t kPrefix = sizeof "PRESENCE_STATE_" - 1;
    found.push_back(signal.handle() + (signal.typing_in().empty()
                                           ? " " + v1::PresenceState_Name(signal.presence()).substr(kPrefix)
                                           : " types"));
  }
  return found;
}

v1::ClientFrame send_frame(const core::PublicId& to, const std::string& body) {
  v1::ClientFrame frame;
  frame.mutable_send()->set_conversation_id(std::string(to.view()));
  frame.mutable_send()->set_body(body);
  return frame;
}
v1::ClientFrame watch_frame(std::vector<std::string> handles, bool all) {
  v1::ClientFrame frame;
  for (auto& handle : handles) frame.mutable_watch()->add_handles(std::move(handle));
  frame.mutable_watch()->set_all(all);
  return frame;
}
v1::ClientFrame focus_frame(const std::vector<core::PublicId>& conversations, bool all) {
  v1::ClientFrame frame;
  for (const auto& id : conversations) frame.mutable_focus()->add_conversation_ids(std::string(id.view()));
  frame.mutable_focus()->set_all(all);
  return frame;
}
v1::ClientFrame typing_frame(const core::PublicId& conversation) {
  v1::ClientFrame frame;
  frame.mutable_typing()->set_conversation_id(std::string(conversation.view()));
  return frame;
}
v1::ClientFrame mode_frame(v1::PresenceState mode) {
  v1::ClientFrame frame;
  frame.mutable_set_mode()->set_mode(mode);
  return frame;
}
v1::ClientFrame presence_frame(std::vector<std::string> handles) {
  v1::ClientFrame frame;
  frame.mutable_presence_ask();
  for (auto& handle : handles) frame.mutable_presence_ask()->add_handles(std::move(handle));
  return frame;
}

}  // namespace enishi::test
