// Destroyed content: nothing of it is left in any file of the data directory.
#include <chrono>
#include <fstream>
#include <iterator>

#include "migrations/kept_rows.h"
#include "storage/sqlite/migrations.h"
#include "unit/storage/destroyed.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file

TEST_F(Destroyed, IsInNeitherTheDatabaseNorTheWal) {
  for (const std::size_t pages : {0U, 5U}) {
    std::filesystem::remove_all(directory_.path());
    std::filesystem::create_directory(directory_.path());
    const auto store = open();
    fill(*store, pages);
    ASSERT_FALSE(holders().empty()) << "the test would find it";
    destroy(*store);
    tidy(*store);
    EXPECT_EQ(holders(), std::vector<std::string>{}) << pages << " pages";
  }
}

/// A text that was half-written first: the draft's row, and what it left when the text was sent, hold the same words.
TEST_F(Destroyed, TheDraftThatItWasIsGoneToo) {
  for (const std::size_t pages : {0U, 5U}) {
    std::filesystem::remove_all(directory_.path());
    std::filesystem::create_directory(directory_.path());
    const auto store = open();
    auto typed = change_at(1);
    typed.registers = {sample_draft(1, text_of(pages))};
    ASSERT_TRUE(store->writer().commit(batch_of(typed)));
    auto sent = sample_send(1, 1, 1, 2);
    sent.events.at(0).body = text_of(pages);
    sent.registers = {sample_draft(2, "")};
    ASSERT_TRUE(store->writer().commit(batch_of(sent)));
    destroy(*store);
    tidy(*store);
    EXPECT_EQ(holders(), std::vector<std::string>{}) << pages << " pages";
  }
}

TEST_F(Destroyed, AReaderIsOnlyInTheWayForAMoment) {
  const auto store = open();
  fill(*store);
  const auto reader = std::move(store->open_reader().value());
  reader->begin();
  destroy(*store);
  for (int i = 0; i < 3; ++i) store->writer().idle();
  EXPECT_FALSE(holders().empty()) << "the reader's snapshot is kept";
  EXPECT_TRUE(store->writer().commit(batch_of(sample_send(1, 201, 1, 2000)))) << "and nothing else waits for it";
  reader->end();
  tidy(*store);
  EXPECT_EQ(holders(), std::vector<std::string>{});
}

TEST_F(Destroyed, IsTakenOutOfTheCopiesOfMigrations) {
  {
    const auto store = open();
    fill(*store);
  }
  const auto file = directory_.path() / storage::kSqliteFile;
  const auto copy = file.string() + ".before-v2";
  std::filesystem::copy_file(file, copy);
  const auto store = open();
  destroy(*store);
  tidy(*store);
  EXPECT_EQ(holders(), std::vector<std::string>{});
  storage::Connection kept(copy, storage::Access::read, "");
  EXPECT_EQ(kept.number("SELECT count(*) FROM event"), 200) << "the rest of the copy is there";
  EXPECT_EQ(kept.text("PRAGMA quick_check(1)"), "ok");
}

TEST_F(Destroyed, AStartFinishesWhatTheLastRunBegan) {
  TempDir scene;
  {
    const auto store = open();
    fill(*store);
    const auto file = directory_.path() / storage::kSqliteFile;
    std::filesystem::copy_file(file, file.string() + ".before-v2");
    std::filesystem::copy_file(file.string() + "-wal", file.string() + ".kept");
    destroy(*store);
    // As the files lie when the process is killed before its checkpoint.
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      if (!entry.path().filename().string().ends_with(".kept"))
        std::filesystem::copy_file(entry.path(), scene.path() / entry.path().filename());
  }
  const auto store = std::move(storage::open_sqlite({.directory = scene.path()}).value());
  const auto holds = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(scene.path())) {
      std::ifstream stream(entry.path(), std::ios::binary);
      if (std::string{std::istreambuf_iterator<char>(stream), {}}.find(kSecret) != std::string::npos) return true;
    }
    return false;
  };
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (holds() && std::chrono::steady_clock::now() < end) store->writer().idle();
  EXPECT_FALSE(holds());
}

}  // namespace
}  // namespace enishi::test
