// A process that writes is killed, again and again; what it acknowledged is there.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract/sample_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

/// Goes on from what it finds, groups of three, and writes each acknowledged head to `acks`. Never returns.
[[noreturn]] void write_for_ever(const std::filesystem::path& directory, int acks) {
  auto store = storage::open_sqlite({.directory = directory});
  if (!store) ::_exit(1);
  std::uint64_t seq = store.value()->open_reader().value()->log_end(ConversationId{1}).head.value;
  for (;;) {
    Batch batch;
    for (int n = 0; n < 3; ++n, ++seq) {
      batch.changes.push_back(sample_send(1, seq + 1, 1, seq + 1));
      batch.changes.back().events[0].body.assign(3000, 'b');
    }
    batch.last = Position{seq};
    if (!store.value()->writer().commit(batch)) ::_exit(2);
    if (::write(acks, &seq, sizeof seq) != sizeof seq) ::_exit(3);
    store.value()->writer().idle();
  }
}

TEST(KilledWriter, WhatWasAcknowledgedIsThere) {
  TempDir directory;
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      write_for_ever(directory.path(), pipe[1]);
    }
    ::close(pipe[1]);
    std::uint64_t seq = 0;
    for (int n = 0; n < 60 + 7 * round && ::read(pipe[0], &seq, sizeof seq) == sizeof seq; ++n) acknowledged = seq;
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer gave up by itself: " << WEXITSTATUS(status);
    while (::read(pipe[0], &seq, sizeof seq) == sizeof seq) acknowledged = seq;
    ::close(pipe[0]);

    const auto store = std::move(storage::open_sqlite({.directory = directory.path()}).value());
    const auto reader = std::move(store->open_reader().value());
    const std::uint64_t head = reader->log_end(ConversationId{1}).head.value;
    EXPECT_GE(head, acknowledged);
    EXPECT_EQ(head % 3, 0U) << "half a group";
    EXPECT_EQ(reader->counters().position, Position{head});
    EXPECT_EQ(reader->events(ConversationId{1}, Seq{1}, Seq{head}, head + 1, storage::From::oldest).size(), head);
    for (std::uint64_t one = 1; one <= head + 3; ++one)
      EXPECT_EQ(reader->request(MemberId{1}, bytes_of<ClientId>(one * 1001)).has_value(), one <= head);
  }
}

}  // namespace
}  // namespace enishi::test
