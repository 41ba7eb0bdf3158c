#include "core/derived/message_state.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "support/seeds.h"

namespace enishi::core {
namespace {

using State = MessageState<std::string>;
using People = std::vector<std::string>;

EventKind kind_of(const std::string& name) {
  static const std::map<std::string, EventKind> kinds{{"edited", EventKind::edited},
                                                      {"deleted", EventKind::deleted},
                                                      {"reacted", EventKind::reacted},
                                                      {"pinned", EventKind::pinned}};
  return kinds.at(name);
}

TEST(MessageState, VectorsHold) {
  const char* source = std::getenv("ENISHI_SOURCE");
  ASSERT_NE(source, nullptr) << "run by ctest";
  std::ifstream file(std::string(source) + "/tests/vectors/message_state.json");
  const auto vectors = nlohmann::json::parse(file);
  ASSERT_GE(vectors.at("cases").size(), 7U);
  for (const auto& each : vectors.at("cases")) {
    const auto name = each.at("name").get<std::string>();
    State state;
    state.mentions = each.at("mentions").get<People>();
    state.mentions_all = each.at("mentions_all");
    state.as_of = Seq{each.value("as_of", std::uint64_t{0})};
    std::vector<std::string> texts;
    texts.reserve(each.at("changes").size());
    for (const auto& change : each.at("changes")) {
      texts.push_back(change.at(3));
      state.apply({Seq{change.at(0).get<std::uint64_t>()},
                   kind_of(change.at(1)),
                   change.at(2),
                   {},
                   texts.back(),
                   change.at(5).get<People>(),
                   change.at(6),
                   change.at(4)});
    }
    std::vector<std::uint64_t> edits;
    for (const auto& edit : state.edits) edits.push_back(edit.seq.value);
    auto reactions = nlohmann::json::array();
    for (const auto& reaction : state.reactions) reactions.push_back({reaction.emoji, reaction.people});
    EXPECT_EQ(nlohmann::json(edits), each.at("edits")) << name;
    EXPECT_EQ(state.body, each.at("body")) << name;
    EXPECT_EQ(nlohmann::json(state.mentions), each.at("now_mentions")) << name;
    EXPECT_EQ(state.mentions_all, each.at("now_mentions_all").get<bool>()) << name;
    EXPECT_EQ(state.deleted.value, each.at("deleted").get<std::uint64_t>()) << name;
    EXPECT_EQ(state.pinned.value, each.at("pinned").get<std::uint64_t>()) << name;
    EXPECT_EQ(reactions, each.at("reactions")) << name;
  }
}

/// A snapshot taken anywhere, and all changes after it, come to the same as all changes from the beginning.
TEST(MessageStateProperty, OldSnapshotAndEventsMakeTheNewSnapshot) {
  test::for_each_seed(500, [](test::Rng& rng, std::uint64_t) {
    std::vector<MessageChange<std::string>> changes;
    for (std::uint64_t seq = 2; seq < 2 + test::pick(rng, 30); ++seq) {
      MessageChange<std::string> change;
      change.seq = Seq{seq};
      change.kind = static_cast<EventKind>(static_cast<std::uint8_t>(EventKind::edited) +
                                           (test::pick(rng, 9) == 0 ? 1 : 2 + test::pick(rng, 2)));
      if (test::pick(rng, 4) == 0) change.kind = EventKind::edited;
      change.author = std::string(1, static_cast<char>('a' + test::pick(rng, 3)));
      change.body = test::pick(rng, 2) == 0 ? "+" : "-";
      change.on = test::pick(rng, 3) != 0;
      change.mentions_all = test::pick(rng, 2) == 0;
      changes.push_back(change);
    }
    State whole;
    for (const auto& change : changes) whole.apply(change);
    const auto cut = test::pick(rng, changes.size() + 1);
    State snapshot;
    for (std::size_t at = 0; at < cut; ++at) snapshot.apply(changes[at]);
    // The device holds some of the earlier ones as well: they are passed over.
    for (std::size_t at = test::pick(rng, cut + 1); at < changes.size(); ++at) snapshot.apply(changes[at]);
    EXPECT_EQ(snapshot, whole);
  });
}

}  // namespace
}  // namespace enishi::core
