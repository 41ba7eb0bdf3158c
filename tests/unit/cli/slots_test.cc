// Slots as `read` and `watch` print them.
#include "cli/show/slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace enishi::cli {
namespace {

using ::testing::EndsWith;

v1::Event message(const std::string& body) {
  v1::Event event;
  event.set_seq(7);
  event.set_kind(v1::EVENT_KIND_MESSAGE);
  event.set_author("aki");
  event.set_device_name("phone");
  event.set_client_id(std::string(15, '\0') + "\x2a");
  event.set_at_ms(1'767'323'045'006);
  event.set_reply_to(3);
  event.set_body(body);
  return event;
}

nlohmann::json json_of(const client::SlotView& slot) {
  Record record;
  add_slot(record, "@aki", slot);
  return nlohmann::json::parse(record.json());
}

TEST(Slots, AMessageHasAllFields) {
  const auto json = json_of(slot_of(message("hi")));
  EXPECT_EQ(json,
            nlohmann::json::parse(R"({"chat":"@aki","seq":7,"kind":"message","to":7,"author":"aki","device":"phone",
    "client_id":"0000000000000000000000000000002a","at":"2026-01-02T03:04:05.006Z","reply_to":3,"text":"hi",
    "edited_at":null,"versions":[],"deleted":false,"reactions":[],"pinned":false,"starred":false,"forwarded_from":"",
    "hidden":false,"change":"","target":0})"));
}

TEST(Slots, AHoleHasAllFieldsToo) {
  client::SlotView hole;
  hole.kind = client::SlotView::Kind::hole;
  hole.slots = {4, 9};
  EXPECT_EQ(json_of(hole), nlohmann::json::parse(R"({"chat":"@aki","seq":4,"kind":"hole","to":9,"author":"","device":"",
    "client_id":"","at":null,"reply_to":0,"text":"","edited_at":null,"versions":[],"deleted":false,"reactions":[],
    "pinned":false,"starred":false,"forwarded_from":"","hidden":false,"change":"","target":0})"));
  hole.kind = client::SlotView::Kind::skipped;
  EXPECT_EQ(json_of(hole)["kind"], "skipped");
  EXPECT_EQ(line_of(hole).substr(0, 3), "4-9");
}

TEST(Slots, SystemLinesAreSentences) {
  auto event = message("Walk");
  event.set_kind(v1::EVENT_KIND_ADDED);
  event.add_people()->set_handle("ben");
  event.add_people()->set_handle("chie");
  EXPECT_EQ(text_of(event), "added @ben, @chie");
  EXPECT_EQ(json_of(slot_of(event))["kind"], "system");
  event.set_kind(v1::EVENT_KIND_TITLED);
  EXPECT_EQ(text_of(event), "changed the title to Walk");
}

TEST(Slots, WhatBecameOfAMessageOfMine) {
  const client::Fate sent, delivered{{"ben", "chie"}, {}}, read{{"ben", "chie"}, {"chie"}};
  Record record;
  add_fate(record, read);
  EXPECT_EQ(nlohmann::json::parse(record.json()),
            nlohmann::json::parse(R"({"state":"read","delivered_to":["ben","chie"],"read_by":["chie"]})"));
  EXPECT_EQ(text_of(sent, true), "sent");
  EXPECT_EQ(text_of(delivered, false), "delivered");
  EXPECT_EQ(text_of(delivered, true), "delivered to ben, chie");
  EXPECT_EQ(text_of(read, true), "delivered to ben, chie; read by chie");
  EXPECT_THAT(line_of(slot_of(message("hi")), text_of(read, false)), EndsWith("hi (read)"));
}

TEST(Slots, LinesAreSafe) {
  EXPECT_THAT(line_of(slot_of(message("\x1b[2J\nb"))), EndsWith("aki (to 3): \\x1b[2J\n    b"));
}

}  // namespace
}  // namespace enishi::cli
