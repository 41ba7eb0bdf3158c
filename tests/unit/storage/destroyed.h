// A store on disk with a secret in it that is to be destroyed, and the search for it in all of its files.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "contract/sample_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {

inline const std::string kSecret = "the words that nobody may find again";

using namespace core;  // NOLINT: records, all over this file

class Destroyed : public testing::Test {
 protected:
  std::unique_ptr<storage::Store> open() {
    return std::move(storage::open_sqlite({.directory = directory_.path()}).value());
  }
  /// Names of the files that hold the secret.
  std::vector<std::string> holders() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      std::ifstream stream(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      if (bytes.find(kSecret) != std::string::npos) found.push_back(entry.path().filename().string());
    }
    std::ranges::sort(found);
    return found;
  }
  /// The secret, many pages long where `pages`.
  static std::string text_of(std::size_t pages) {
    std::string text = kSecret;
    for (std::size_t page = 0; page < pages * 100; ++page) text += ' ' + kSecret;
    return text;
  }
  /// The draft of a member as of this register number; without a text its tombstone.
  static Register sample_draft(std::uint64_t rseq, const std::string& text) {
    Register row;
    row.member = MemberId{1};
    row.kind = RegisterKind::draft;
    row.object = 1;
    row.position = Position{rseq};
    row.rseq = rseq;
    row.removed = text.empty();
    row.rev = rseq;
    row.text = text;
    return row;
  }
  /// Message 1, with its secret many pages long where `pages`; then others, so that pages are split and moved.
  static void fill(storage::Store& store, std::size_t pages = 0) {
    auto secret = sample_send(1, 1, 1, 1);
    secret.events.at(0).body = text_of(pages);
    ASSERT_TRUE(store.writer().commit(batch_of(secret)));
    for (std::uint64_t seq = 2; seq <= 200; ++seq)
      ASSERT_TRUE(store.writer().commit(batch_of(sample_send(1, seq, 1, seq))));
  }
  static void destroy(storage::Store& store) {
    auto change = change_at(1000);
    change.destroyed = {{ConversationId{1}, Seq{1}}};
    change.deleted = {{ConversationId{1}, Seq{1}, MemberId{1}, {}}};
    ASSERT_TRUE(store.writer().commit(batch_of(change)));
  }
  /// House work, as the sequencer does it when it is idle, until nothing holds the secret.
  void tidy(storage::Store& store) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holders().empty() && std::chrono::steady_clock::now() < end) {
      store.writer().idle();
      std::this_thread::yield();
    }
  }

  TempDir directory_;
};

}  // namespace enishi::test
