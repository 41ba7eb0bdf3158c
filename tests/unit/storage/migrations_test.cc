// The way of a database through the schemas.
#include "storage/sqlite/migrations.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "contract/describe.h"
#include "migrations/kept_rows.h"
#include "storage/sqlite/sqlite_store.h"
#include "support/temp_dir.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: records, all over this file
using storage::Access;
using storage::Connection;

/// Files of all schemas that have landed.
constexpr int kLanded[] = {1, 2, 3};

class Migrations : public testing::Test {
 protected:
  TempDir directory_;
  const std::filesystem::path file_ = directory_.path() / storage::kSqliteFile;
  std::vector<std::string> told_;

  Result<std::unique_ptr<storage::Store>> open() {
    return storage::open_sqlite(
        {.directory = directory_.path(), .report = [this](const std::string& line) { told_.push_back(line); }});
  }
  void make_kept() {
    auto store = std::move(open().value());
    for (const auto& batch : kept_batches_v1()) ASSERT_TRUE(store->writer().commit(batch));
  }
  /// All steps of this build, and further ones.
  static std::vector<storage::Migration> and_then(std::initializer_list<const char*> further) {
    std::vector<storage::Migration> steps(storage::migrations().begin(), storage::migrations().end());
    for (const char* sql : further) steps.push_back({steps.back().version + 1, sql});
    return steps;
  }
  [[nodiscard]] std::string copy_before_next() const {
    return file_.string() + ".before-v" + std::to_string(storage::migrations().back().version + 1);
  }
  Errc refusal() {
    const auto opened = open();
    return opened ? Errc{} : errc_of(opened.error());
  }
};

/// Each row of the batches, beside what the store has under its key. Of a register only the last is kept.
class KeptRows {
 public:
  explicit KeptRows(const storage::Reader& reader) : reader_(reader) {}

  void expect(const Change& change) {
    for (const auto& row : change.members) same(reader_.member(row.id), row);
    for (const auto& row : change.devices) same(reader_.device(row.id), row);
    for (const auto& row : change.invitations) same(reader_.invitation_by_hash(row.secret_hash), row);
    for (const auto& row : change.recovery_codes) same(reader_.recovery_code(row.hash), row);
    for (const auto& row : change.conversations) same(reader_.conversation(row.id), row);
    for (const auto& row : change.intervals)
      same(reader_.membership(row.member, row.conversation), Membership{row.conversation, {row}});
    for (const auto& row : change.events) same(reader_.event(row.conversation, row.seq), row);
    if (change.request) same(reader_.request(change.request->author, change.request->client_id), *change.request);
    for (const auto& row : change.registers) {
      const auto found = reader_.find_register(row.member, row.kind, row.object);
      ASSERT_TRUE(found);
      if (found->rseq == row.rseq) same(found, row);
    }
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  template <class Row>
  void same(const std::optional<Row>& found, const Row& row) {
    EXPECT_EQ(describe(found), describe(row));
    ++count_;
  }

  const storage::Reader& reader_;
  std::size_t count_ = 0;
};

void expect_kept_rows(const storage::Reader& reader, const std::vector<Batch>& batches) {
  KeptRows rows(reader);
  for (const auto& batch : batches)
    for (const auto& change : batch.changes) rows.expect(change);
  EXPECT_EQ(rows.count(), 31U);
}

/// Of version 2 on: a message of the group that was edited and deleted, and one that mentions.
void expect_kept_changes(const storage::Reader& reader) {
  for (const auto& batch : kept_batches_v2())
    for (const auto& change : batch.changes)
      for (const auto& event : change.events) {
        if (event.kind == EventKind::edited || event.seq == Seq{2}) continue;  // destroyed
        EXPECT_EQ(describe(reader.event(event.conversation, event.seq)), describe(std::optional(event)));
      }
  const auto deleted = reader.event(ConversationId{3}, Seq{2});
  ASSERT_TRUE(deleted);
  EXPECT_TRUE(deleted->destroyed);
  EXPECT_EQ(deleted->body, "");
  EXPECT_EQ(reader.changes(ConversationId{3}, Seq{2}, Seq{2}).size(), 2U);
  EXPECT_EQ(reader.changes_since(ConversationId{3}, Seq{5}, 9).size(), 1U);
  EXPECT_EQ(reader.deleted(ConversationId{3}, Seq{}, Seq{9}).size(), 1U);
  EXPECT_EQ(reader.mentions(ConversationId{3}, MemberId{2}, Seq{}, Seq{9}).size(), 1U);
  EXPECT_EQ(reader.mentions(ConversationId{3}, MemberId{}, Seq{}, Seq{9}).size(), 0U);
}

/// Of version 3 on: a draft with its caret, and what a member shows of himself.
void expect_kept_faces(const storage::Reader& reader) {
  const auto change = kept_batches_v3().at(0).changes.at(0);
  const auto& member = change.members.at(0);
  EXPECT_EQ(describe(reader.member(member.id)), describe(std::optional(member)));
  EXPECT_EQ(reader.picture(member.id), change.pictures.at(0).bytes);
  const auto& draft = change.registers.at(0);
  EXPECT_EQ(describe(reader.find_register(draft.member, draft.kind, draft.object)), describe(std::optional(draft)));
}

TEST_F(Migrations, EveryLandedDatabaseIsReadByThisBuild) {
  const char* source = std::getenv("ENISHI_SOURCE");
  ASSERT_NE(source, nullptr) << "ctest sets it to the project's folder";
  for (const int version : kLanded) {
    const auto kept = std::filesystem::path(source) / "tests/migrations" / ("v" + std::to_string(version) + ".db");
    std::filesystem::copy_file(kept, file_, std::filesystem::copy_options::overwrite_existing);
    auto opened = open();
    ASSERT_TRUE(opened) << kept;
    const auto store = std::move(opened.value());
    EXPECT_EQ(describe(store->incarnations()), describe(std::vector{kept_incarnation_v1()}));
    const auto reader = std::move(store->open_reader().value());
    expect_kept_rows(*reader, kept_batches_v1());
    if (version >= 2) expect_kept_changes(*reader);
    if (version >= 3) expect_kept_faces(*reader);
    EXPECT_EQ(describe(reader->counters()), describe(Counters{version >= 3 ? 4U : 3U, 2, 3, 1,
                                                              Position{version >= 3   ? 13U
                                                                       : version == 2 ? 12U
                                                                                      : 9U},
                                                              MemberId{1}}));
    EXPECT_EQ(describe(reader->log_end(ConversationId{2})), describe(LogEnd{Seq{4}, Position{5}, 4}));
    EXPECT_EQ(reader->author_rank_at(ConversationId{2}, MemberId{2}, Seq{3}), 1U);
  }
}

TEST_F(Migrations, TheLastLandedFileHasThisBuildsSchema) {
  Connection fresh(":memory:", Access::write, "");
  storage::migrate(fresh, "unused", storage::migrations(), {});
  const char* source = std::getenv("ENISHI_SOURCE");
  ASSERT_NE(source, nullptr);
  const int last = *std::prev(std::end(kLanded));
  std::filesystem::copy_file(std::filesystem::path(source) / "tests/migrations" / ("v" + std::to_string(last) + ".db"),
                             file_);
  Connection kept(file_.string(), Access::read, "");
  const char* all = "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
  EXPECT_EQ(kept.text(all), fresh.text(all)) << "a landed migration was edited, or a new one has no kept file";
  EXPECT_EQ(kept.number("PRAGMA user_version"), storage::migrations().back().version);
}

TEST_F(Migrations, ANewerDatabaseIsRefusedAndLeftAlone) {
  make_kept();
  {
    Connection connection(file_.string(), Access::write, "");
    connection.execute("PRAGMA user_version=999");
  }
  EXPECT_EQ(refusal(), Errc::store_newer);
  Connection connection(file_.string(), Access::read, "");
  EXPECT_EQ(connection.number("PRAGMA user_version"), 999);
  EXPECT_EQ(connection.number("SELECT count(*) FROM event"), 5);
}

TEST_F(Migrations, AnotherApplicationsDatabaseIsRefused) {
  {
    std::ofstream(file_, std::ios::binary).flush();
    Connection connection(file_.string(), Access::write, "");
    connection.execute("CREATE TABLE recipe (name TEXT)");
  }
  EXPECT_EQ(refusal(), Errc::store_broken);
}

TEST_F(Migrations, ACopyIsMadeBeforeAStep) {
  make_kept();
  const auto steps =
      and_then({"ALTER TABLE member ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'", "DROP TABLE recovery_code"});
  {
    Connection connection(file_.string(), Access::write, "");
    storage::migrate(connection, file_, steps, [this](const std::string& line) { told_.push_back(line); });
    EXPECT_EQ(connection.number("PRAGMA user_version"), steps.back().version);
    EXPECT_EQ(connection.text("SELECT mood FROM member WHERE id = 1"), "calm");
  }
  ASSERT_GE(told_.size(), 2U);
  EXPECT_EQ(told_.back(), "store_migrated version=" + std::to_string(steps.back().version));
  const auto copy = copy_before_next();
  struct stat about {};
  ASSERT_EQ(::stat(copy.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  EXPECT_FALSE(std::filesystem::exists(copy + ".unfinished"));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + ".before-v" + std::to_string(steps.back().version)));

  // The copy is a whole database of the old schema: put in place, the older build reads it.
  std::filesystem::remove(file_);
  std::filesystem::copy_file(copy, file_);
  const auto store = std::move(open().value());
  expect_kept_rows(*store->open_reader().value(), kept_batches_v1());
}

TEST_F(Migrations, AFailedStepLeavesTheSchemaBeforeIt) {
  make_kept();
  const auto steps = and_then({"CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)"});
  {
    Connection connection(file_.string(), Access::write, "");
    EXPECT_THROW(storage::migrate(connection, file_, steps, {}), StoreError);
  }
  const auto store = std::move(open().value());
  expect_kept_rows(*store->open_reader().value(), kept_batches_v1());
  Connection connection(file_.string(), Access::read, "");
  EXPECT_EQ(connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
}

TEST_F(Migrations, AnUnfinishedCopyOfBeforeIsNoObstacle) {
  make_kept();
  const auto unfinished = copy_before_next() + ".unfinished";
  std::filesystem::copy_file(file_, unfinished);
  const auto steps = and_then({"CREATE TABLE more (id INTEGER)"});
  Connection connection(file_.string(), Access::write, "");
  storage::migrate(connection, file_, steps, {});
  EXPECT_FALSE(std::filesystem::exists(unfinished));
  EXPECT_TRUE(std::filesystem::exists(copy_before_next()));
}

}  // namespace
}  // namespace enishi::test
