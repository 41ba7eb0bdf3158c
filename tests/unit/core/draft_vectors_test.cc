// Drafts as tests/vectors/drafts.json has them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "unit/core/world.h"

namespace enishi::test {
namespace {

using namespace core;  // NOLINT: the words of the room under test, all over this file
using nlohmann::json;

/// One member with "phone" and "pc", who writes into the notes to himself.
class DraftVectors {
 public:
  DraftVectors() {
    std::vector<SecretHash> codes;
    for (std::uint64_t i = 0; i < 10; ++i) codes.push_back(bytes_with<SecretHash>(70 + i));
    const auto key = bytes_with<PublicKey>(80);
    EXPECT_TRUE(world_.run(aki_.sender, RecoveryCodesMake{codes}));
    pc_ = world_.run({}, Recover{codes.front(), "pc", key}) ? world_.store.open_reader().value()->device_by_key(key)->id
                                                            : DeviceId{};
    chat_ = world_.self(aki_);
    number_ = world_.number_of(aki_, chat_);
  }

  void begin(const json& each) {
    Seq cleared;
    if (each.contains("cleared_by")) {
      cleared = world_.send(aki_, chat_, each.at("cleared_by").at(0));
      const bool destroyed = each.at("cleared_by").at(1);
      EXPECT_TRUE(!destroyed || world_.run(aki_.sender, Delete{chat_, cleared}));
    }
    const auto& before = each.at("before");
    Change change;
    if (before.at(0) != 0) {
      auto& draft = add(change, RegisterKind::draft, number_.value, before.at(1), before.at(2));
      draft.rev = before.at(0);
      draft.seq = cleared;
      draft.removed = draft.text.empty();
    }
    for (std::size_t i = 0; i < each.at("kept").size(); ++i) {
      const auto& kept = each.at("kept").at(i);
      if (kept.is_null()) continue;
      auto& row = add(change, RegisterKind::kept_draft, message_object(number_, Seq{i + 1}), kept.at(0), kept.at(1));
      row.rev = row.rseq;
      row.at = world_.now - std::chrono::seconds(60 - i);
    }
    if (change.registers.empty()) return;
    const auto reader = world_.store.open_reader().value();
    change.position = {reader->counters().position.value + 1};
    for (auto& row : change.registers) row.position = change.position;
    Batch batch;
    batch.last = change.position;
    batch.changes.push_back(std::move(change));
    EXPECT_TRUE(world_.store.writer().commit(batch));
    world_.forget();
  }

  void run(const json& each, const std::string& name) {
    if (each.contains("send")) {
      Send send{chat_, each.at("send").at(0), {}};
      send.draft_rev = each.at("send").at(1);
      EXPECT_TRUE(world_.run(aki_.sender, send)) << name;
      return;
    }
    const auto& put = each.at("put");
    PutDraft request{chat_, put.at(0), put.at(1)};
    request.keep_replaced = put.at(3);
    auto sender = aki_.sender;
    sender.device = device(put.at(2));
    const auto answer = as<DraftPut>(world_.run(sender, request));
    EXPECT_EQ(answer.won, each.at("won").get<bool>()) << name;
    EXPECT_EQ(answer.rev, each.at("after").at(0).get<std::uint64_t>()) << name;
  }

  json draft() {
    const auto* row = world_.state->find_register(aki_.sender.member, RegisterKind::draft, number_.value);
    if (!row) return {0, "", ""};
    return {row->rev, row->removed ? "" : row->text, row->removed ? "" : name_of(row->by_device)};
  }
  /// As far as there is one, at least `places`.
  json kept(std::size_t places) {
    auto all = json::array();
    for (std::uint64_t place = 1; place <= kKeptDraftsMax; ++place) {
      const auto* row = world_.state->live_register(aki_.sender.member, RegisterKind::kept_draft,
                                                    message_object(number_, Seq{place}));
      all.push_back(row ? json{row->text, name_of(row->by_device)} : json());
    }
    while (all.size() > places && all.back().is_null()) all.erase(all.size() - 1);
    return all;
  }

 private:
  DeviceId device(const std::string& name) const { return name == "pc" ? pc_ : aki_.sender.device; }
  std::string name_of(DeviceId id) const { return id == pc_ ? "pc" : "phone"; }
  Register& add(Change& change, RegisterKind kind, std::uint64_t object, const std::string& text,
                const std::string& by) {
    const auto newest = world_.store.open_reader().value()->newest_rseq(aki_.sender.member);
    auto& row = change.registers.emplace_back();
    row.member = aki_.sender.member;
    row.kind = kind;
    row.object = object;
    row.rseq = newest + change.registers.size();
    row.text = text;
    row.by_device = by.empty() ? DeviceId{} : device(by);
    return row;
  }

  World world_;
  const Person aki_ = world_.join("aki");
  DeviceId pc_;
  PublicId chat_;
  ConversationId number_;
};

TEST(Draft, VectorsHold) {
  const char* source = std::getenv("ENISHI_SOURCE");
  ASSERT_NE(source, nullptr) << "run by ctest";
  std::ifstream file(std::string(source) + "/tests/vectors/drafts.json");
  const auto vectors = json::parse(file);
  ASSERT_GE(vectors.at("server").size(), 29U);
  for (const auto& each : vectors.at("server")) {
    const auto name = each.at("name").get<std::string>();
    DraftVectors scene;
    scene.begin(each);
    scene.run(each, name);
    EXPECT_EQ(scene.draft(), each.at("after")) << name;
    EXPECT_EQ(scene.kept(each.at("kept_after").size()), each.at("kept_after")) << name;
  }
}

}  // namespace
}  // namespace enishi::test
