// The core on the memory store, for tests of decisions: each command is a group of its own, unless said otherwise.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/decision/decision.h"
#include "core/decision/state.h"
#include "storage/faulty/faulty_store.h"

namespace enishi::test {

/// Different bytes at each call, the same ones in each run.
class CountedEntropy final : public core::Entropy {
 public:
  void fill(void* bytes, std::size_t size) override;

 private:
  std::uint64_t count_ = 0;
};

/// Fixed bytes that hold `number`.
template <class Bytes>
Bytes bytes_with(std::uint64_t number) {
  Bytes bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes.value[i] = static_cast<std::uint8_t>(number >> (8 * i));
  bytes.value[Bytes::kSize - 1] = 0x5A;  // never zero
  return bytes;
}

/// The error inside; Errc{} when there is none.
template <class T>
core::Errc errc(const core::Result<T>& result) {
  return result ? core::Errc{} : core::errc_of(result.error());
}

/// The outcome as T; fails the test, and gives an empty one, when it is something else.
template <class T>
T as(const core::Result<core::Outcome>& result) {
  if (!result) {
    ADD_FAILURE() << core::name_of(errc(result));
    return {};
  }
  const auto* found = std::get_if<T>(&*result);
  if (!found) ADD_FAILURE() << "another outcome, number " << result->index();
  return found ? *found : T{};
}

/// A joined member with one device.
struct Person {
  core::Sender sender;
  std::string handle;
  core::PublicKey key;
};

/// Committed state that commands are run against, with an invitation for everybody. Owner: one test.
class World {
 public:
  explicit World(core::Limits limits = {});

  /// Decides one command, and commits it when it is carried out; `change` is what it wrote. A client_id of zero stands
  /// for a fresh one.
  core::Result<core::Outcome> run(const core::Sender& sender, core::CommandBody body, core::ClientId client_id = {},
                                  std::uint64_t digest = 1);
  /// Decides one command on what was staged since the last commit(); for groups of several.
  core::Result<core::Outcome> stage(const core::Sender& sender, core::CommandBody body, core::ClientId client_id = {},
                                    std::uint64_t digest = 1);
  /// Commits what was staged.
  void commit();
  /// As after a restart of the daemon: nothing is in memory.
  void forget();

  /// Joins by the operator's invitation: tied with the first member, with nobody else.
  Person join(const std::string& handle);
  /// Makes two members mutual.
  void tie(const Person& a, const Person& b);
  core::PublicId direct(const Person& a, const Person& b);
  core::PublicId self(const Person& a);
  /// A group of `owner` and these, who are tied with him.
  core::PublicId group(const Person& owner, std::vector<std::string> handles, const std::string& title = "picnic");
  /// Sends one message and gives its number.
  core::Seq send(const Person& from, const core::PublicId& to, const std::string& body = "hello");
  core::TieState tie_of(const Person& of, const std::string& with);
  core::Register marker_of(const Person& of, const core::PublicId& conversation);
  core::ConversationId number_of(const Person& of, const core::PublicId& conversation);

  core::ClientId fresh_client_id();
  core::SecretHash invitation;  ///< of the operator
  core::WallTime now{std::chrono::milliseconds{1'700'000'000'000}};
  core::Change change;         ///< of the last command that was carried out
  storage::FaultyStore store;  ///< counts reads
  std::unique_ptr<core::State> state;

 private:
  const core::Limits limits_;
  CountedEntropy entropy_;
  std::unique_ptr<storage::Reader> reader_;
  core::Batch batch_;
  std::uint64_t numbers_ = 0;
};

}  // namespace enishi::test
