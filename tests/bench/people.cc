#include "bench/people.h"

#include <sodium.h>

#include <chrono>
#include <stdexcept>

#include "bench/machine.h"
#include "core/proof.h"

namespace enishi::bench {
namespace {

constexpr const char* kPath = "/v1/connect";
constexpr const char* kProtocol = "enishi.v1";
constexpr int kWaitMs = 100;

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

std::string new_client_id() {
  auto id = random_bytes(16);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  for (int i = 0; i < 6; ++i) id[static_cast<std::size_t>(i)] = static_cast<char>(ms >> (40 - 8 * i));
  return id;
}

template <class Fixed>
Fixed fixed(std::string_view bytes) {
  Fixed value;
  if (!value.assign(bytes)) throw std::runtime_error("the server sent an id or a nonce of a wrong size");
  return value;
}

}  // namespace

People::People(Swarm& swarm, std::string origin, std::uint32_t count)
    : swarm_(swarm), origin_(std::move(origin)), people_(count), journeys_(count), nonces_(count) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
  for (std::uint32_t i = 0; i < count; ++i) people_[i].handle = "m" + std::to_string(i);
}

void People::join(std::uint32_t first, std::uint32_t count, const std::string& secret) {
  swarm_.set_handler(this);
  join_secret_ = secret;
  arrived_ = 0;
  std::uint32_t begun = 0;
  run_until(
      [&] {
        for (; begun < count && begun - arrived_ < 256; ++begun) swarm_.connect(first + begun, kPath, kProtocol);
        return arrived_ == count && swarm_.size() == 0;
      },
      "joining");
  join_secret_.clear();
}

void People::pair(std::uint32_t old, std::uint32_t newcomer) {
  const auto secret = random_bytes(16);
  v1::ClientFrame offer;
  offer.mutable_pair_offer()->set_secret(secret);
  (void)ask(old, std::move(offer));
  pair_secret_ = secret;
  pair_key_.clear();
  arrived_ = 0;
  swarm_.connect(newcomer, kPath, kProtocol);
  run_until([&] { return !pair_key_.empty(); }, "waiting for the newcomer");
  v1::ClientFrame decide;
  decide.mutable_pair_decide()->set_secret(secret);
  decide.mutable_pair_decide()->set_key(pair_key_);
  decide.mutable_pair_decide()->set_approve(true);
  (void)ask(old, std::move(decide));
  run_until([&] { return arrived_ == 1 && swarm_.is_free(newcomer); }, "pairing");
  pair_secret_.clear();
  auto& person = people_[newcomer];
  person.cursor.clear();
  person.ticket.clear();
}

void People::connect(std::uint32_t first, std::uint32_t count, Way way, std::uint32_t width) {
  swarm_.set_handler(this);
  way_ = way;
  arrived_ = 0;
  std::uint32_t begun = 0;
  run_until(
      [&] {
        for (; begun < count && begun - arrived_ < width; ++begun) {
          journeys_[first + begun] = Journey{};
          journeys_[first + begun].begun = now_ns();
          swarm_.connect(first + begun, kPath, kProtocol);
        }
        return arrived_ == count;
      },
      "connecting");
}

void People::leave(std::uint32_t first, std::uint32_t count) {
  swarm_.set_handler(this);
  for (std::uint32_t i = first; i < first + count; ++i) swarm_.close(i);
  run_until(
      [&] {
        for (std::uint32_t i = first; i < first + count; ++i)
          if (!swarm_.is_free(i)) return false;
        return true;
      },
      "leaving");
}

std::vector<v1::ServerFrame> People::ask(std::vector<std::pair<std::uint32_t, v1::ClientFrame>> requests) {
  swarm_.set_handler(this);
  waiting_.clear();
  answers_.assign(requests.size(), {});
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto& [person, request] = requests[i];
    request.set_client_id(new_client_id());
    send(person, request);
    waiting_[request.request_id()] = i;
  }
  run_until([&] { return waiting_.empty(); }, "waiting for answers");
  return std::move(answers_);
}

v1::ServerFrame People::ask(std::uint32_t person, v1::ClientFrame request) {
  return ask({{person, std::move(request)}}).front();
}

void People::run_until(const std::function<bool()>& done, const char* what, int seconds) {
  const auto end = now_ns() + static_cast<std::uint64_t>(seconds) * 1'000'000'000U;
  while (!done()) {
    if (now_ns() > end) throw std::runtime_error(std::string(what) + " took over " + std::to_string(seconds) + " s");
    swarm_.step(kWaitMs);
  }
}

void People::send(std::uint32_t session, v1::ClientFrame& frame) {
  frame.set_request_id(next_request_++);
  swarm_.send(session, frame.SerializeAsString());
}

void People::on_open(std::uint32_t) {}  // the server speaks first

void People::on_lost(std::uint32_t session, const std::string& why) {
  throw std::runtime_error("session " + std::to_string(session) + " was lost: " + why);
}

void People::on_challenge(std::uint32_t session, const v1::Challenge& challenge) {
  auto& person = people_[session];
  v1::ClientFrame frame;
  const auto make_key = [&] {
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
    crypto_sign_keypair(key.data(), person.secret_key.data());
    return std::string(reinterpret_cast<const char*>(key.data()), key.size());
  };
  if (!pair_secret_.empty()) {
    auto& present = *frame.mutable_pair_present();
    present.set_secret(pair_secret_);
    present.set_name("phone");
    present.set_key(make_key());
  } else if (!join_secret_.empty()) {
    auto& join = *frame.mutable_join();
    join.set_secret(join_secret_);
    join.set_handle(person.handle);
    join.set_name("Member " + std::to_string(session));
    join.set_device_name("pc");
    join.set_key(make_key());
  } else {
    nonces_[session] = challenge.nonce();
    frame.mutable_hello()->set_device_id(person.device_id);
    frame.mutable_hello()->set_cursor(person.cursor);
    if (way_ == Way::ticket) frame.mutable_hello()->set_ticket(person.ticket);
  }
  send(session, frame);
}

void People::prove(std::uint32_t session) {
  const auto& person = people_[session];
  const auto client_nonce = random_bytes(32);
  const auto text = core::proof_text(origin_, fixed<core::PublicId>(person.device_id),
                                     fixed<core::Nonce>(nonces_[session]), fixed<core::Nonce>(client_nonce));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), person.secret_key.data());
  v1::ClientFrame frame;
  frame.mutable_prove()->set_origin(origin_);
  frame.mutable_prove()->set_client_nonce(client_nonce);
  frame.mutable_prove()->set_signature(signature);
  send(session, frame);
}

void People::on_batch(std::uint32_t session, const v1::Batch& batch) {
  auto& person = people_[session];
  for (const auto& row : batch.registers())
    if (row.kind() == v1::REGISTER_KIND_MEMBERSHIP && row.conversation_kind() == v1::CONVERSATION_KIND_DIRECT)
      person.directs[row.peer().handle()] = row.conversation_id();
  auto& journey = journeys_[session];
  if (journey.live != 0 || batch.events_size() == 0) return;
  journey.events += static_cast<std::uint64_t>(batch.events_size());
  if (journey.first_events == 0) journey.first_events = now_ns();
}

void People::on_message(std::uint32_t session, std::string_view payload) {
  v1::ServerFrame frame;
  if (!frame.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
    throw std::runtime_error("the server sent a frame that cannot be read");
  auto& person = people_[session];
  auto& journey = journeys_[session];
  switch (frame.body_case()) {
    case v1::ServerFrame::kChallenge:
      return on_challenge(session, frame.challenge());
    case v1::ServerFrame::kProofWanted:
      if (way_ == Way::ticket) throw std::runtime_error("a ticket did not hold");
      return prove(session);
    case v1::ServerFrame::kPairAsked:
      pair_key_ = frame.pair_asked().key();
      return;
    case v1::ServerFrame::kJoined:
      person.device_id = frame.joined().device_id();
      ++arrived_;
      return swarm_.close(session);
    case v1::ServerFrame::kWelcome:
      person.ticket = frame.welcome().ticket();
      journey.welcomed = now_ns();
      journey.is_exact = frame.welcome().resume() == v1::RESUME_EXACT;
      return;
    case v1::ServerFrame::kFrontier:
      person.cursor = frame.frontier().cursor();
      if (!frame.frontier().live() || journey.live != 0) return;
      journey.live = now_ns();
      ++arrived_;
      return;
    case v1::ServerFrame::kBatch:
      on_batch(session, frame.batch());
      break;
    case v1::ServerFrame::kError:
      throw std::runtime_error("a request was refused: " + frame.error().text());
    default:
      break;
  }
  const auto waiting = waiting_.find(frame.request_id());
  if (frame.request_id() == 0 || waiting == waiting_.end()) return;
  answers_[waiting->second] = std::move(frame);
  waiting_.erase(waiting);
}

std::string invite(People& people, std::uint32_t maker, std::uint32_t uses) {
  const auto secret = random_bytes(16);
  v1::ClientFrame frame;
  frame.mutable_invite_make()->set_secret(secret);
  frame.mutable_invite_make()->set_uses(uses);
  frame.mutable_invite_make()->set_expires_in_s(86'400);
  (void)people.ask(maker, std::move(frame));
  return secret;
}

void make_ties(People& people, std::span<const std::pair<std::uint32_t, std::uint32_t>> pairs) {
  for (const auto action : {v1::TIE_ACTION_ASK, v1::TIE_ACTION_ACCEPT}) {
    std::vector<std::pair<std::uint32_t, v1::ClientFrame>> requests;
    for (const auto& [one, other] : pairs) {
      const bool asks = action == v1::TIE_ACTION_ASK;
      v1::ClientFrame frame;
      frame.mutable_tie_change()->set_action(action);
      frame.mutable_tie_change()->set_handle(people.at(asks ? other : one).handle);
      requests.emplace_back(asks ? one : other, std::move(frame));
    }
    (void)people.ask(std::move(requests));
  }
  people.run_until(
      [&] {
        for (const auto& [one, other] : pairs)
          if (!people.at(one).directs.contains(people.at(other).handle)) return false;
        return true;
      },
      "waiting for direct conversations");
}

std::string make_room(People& people, std::uint32_t maker, std::uint32_t first, std::uint32_t size) {
  v1::ClientFrame frame;
  frame.mutable_group_new()->set_title("room of " + std::to_string(size));
  for (std::uint32_t i = first; i < first + size; ++i) frame.mutable_group_new()->add_handles(people.at(i).handle);
  const auto id = people.ask(maker, std::move(frame)).group_made().conversation_id();
  v1::ClientFrame leave;
  leave.mutable_group_leave()->set_conversation_id(id);
  (void)people.ask(maker, std::move(leave));
  return id;
}

void focus_all(People& people, std::uint32_t first, std::uint32_t count) {
  std::vector<std::pair<std::uint32_t, v1::ClientFrame>> requests;
  for (std::uint32_t i = first; i < first + count; ++i) {
    v1::ClientFrame frame;
    frame.mutable_focus()->set_all(true);
    requests.emplace_back(i, std::move(frame));
  }
  (void)people.ask(std::move(requests));
}

}  // namespace enishi::bench
