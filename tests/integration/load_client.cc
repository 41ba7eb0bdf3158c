#include "integration/load_client.h"

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <map>

#include "cpp/connection.h"
#include "cpp/session_machine.h"
#include "cpp/store/sqlite_store.h"
#include "support/wait.h"

namespace enishi::test {
namespace {

constexpr std::size_t kQueuedPerConversation = 8;

class Recorder final : public client::Listener {
 public:
  explicit Recorder(const std::string& path) : out_(path, std::ios::app) {}
  void on_happening(const client::Happening& happening) override {
    const auto* settled = std::get_if<client::happening::Settled>(&happening);
    if (!settled) return;
    const auto& entry = settled->entry;
    --queued[entry.conversation];
    if (entry.state != client::SendState::committed) {
      ++rejected;
      return;
    }
    out_ << client::to_hex(entry.conversation.view()) << ' ' << entry.seq << ' '
         << client::to_hex(entry.client_id.view()) << ' ' << entry.body << std::endl;
    ++acked;
  }
  std::map<core::PublicId, std::size_t> queued;
  std::uint64_t acked = 0, rejected = 0;

 private:
  std::ofstream out_;
};

}  // namespace

LoadClient::LoadClient(std::string directory, std::string record)
    : directory_(std::move(directory)), record_(std::move(record)), thread_([this] { run(); }) {}

LoadClient::~LoadClient() {
  stopping_ = true;
  thread_.join();
}

bool LoadClient::drain() {
  draining_ = true;
  return wait_until([this] { return open_.load() == 0; });
}

void LoadClient::run() {
  auto store = client::SqliteStore::open(directory_);
  if (!store) return;
  client::Replica replica(**store);
  client::SystemEntropy entropy;
  Recorder recorder(record_);
  client::SessionMachine machine(replica, entropy, recorder);
  boost::asio::io_context io;
  const auto start = replica.start();
  if (!start) return;
  client::Connection connection(io, client::Origin::parse(start->identity.origin).value(), machine);
  connection.start();
  std::uint64_t number = 0;
  open_ = 1;
  while (!stopping_) {
    connection.run_until([&] { return stopping_.load(); }, std::chrono::milliseconds{5});
    std::size_t open = 0;
    if (const auto chats = replica.conversations())
      for (const auto& chat : *chats) {
        auto& queued = recorder.queued[chat.id];
        while (!draining_ && queued < kQueuedPerConversation) {
          if (!machine.send({chat.id, start->identity.handle + " " + std::to_string(++number), 0, std::nullopt})) break;
          ++queued;
        }
        open += queued;
      }
    // The client's backoff is made for a server that stays away; here it is back at once, fifty times.
    if (machine.state() == client::SessionState::closed) machine.connect_now();
    connection.poke();
    acked_ = recorder.acked;
    rejected_ = recorder.rejected;
    open_ = open;
  }
  connection.shut_down();
}

std::vector<Ack> read_record(const std::string& path) {
  std::vector<Ack> acks;
  std::ifstream in(path);
  std::string conversation, client_id, author, number;
  std::uint64_t seq = 0;
  while (in >> conversation >> seq >> client_id >> author >> number) {
    Ack ack{{}, seq, {}, author + " " + number};
    if (ack.conversation.assign(client::from_hex(conversation).value()) &&
        ack.client_id.assign(client::from_hex(client_id).value()))
      acks.push_back(std::move(ack));
  }
  return acks;
}

}  // namespace enishi::test
