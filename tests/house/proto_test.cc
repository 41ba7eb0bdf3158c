#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "house/proto_rules.h"

namespace enishi::house {
namespace {

namespace pb = google::protobuf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// What protoc would say of a file in which each element is wrong in its own way but the last message.
constexpr auto kBadFile = R"pb(
  name: "enishi/v1/BadNoun.proto"
  package: "enishi.bad"
  syntax: "proto3"
  message_type {
    name: "read_marker"
    field { name: "readThrough" number: 1 label: LABEL_OPTIONAL type: TYPE_UINT64 }
    oneof_decl { name: "whatBody" }
    enum_type {
      name: "Kind"
      value { name: "KIND_NONE" number: 0 }
      value { name: "DIRECT" number: 1 }
    }
  }
  message_type {
    name: "Good"
    field { name: "said_well" number: 1 label: LABEL_OPTIONAL type: TYPE_BYTES }
  }
  source_code_info {
    location {
      path: [ 4, 0 ]
      span: [ 6, 0, 9 ]
      leading_comments: " \n"
    }
    location {
      path: [ 4, 1 ]
      span: [ 20, 0, 9 ]
      leading_comments: " What is good.\n"
    }
    location {
      path: [ 4, 1, 2, 0 ]
      span: [ 21, 2, 9 ]
      trailing_comments: " Bytes, at most 8.\n"
    }
  }
)pb";

TEST(ProtoRules, PlantedFaultsAreAllFound) {
  pb::FileDescriptorProto file;
  ASSERT_TRUE(pb::TextFormat::ParseFromString(kBadFile, &file));
  const auto found = listed(proto_faults(file));
  for (const auto* fault :
       {"package enishi.bad is not its folder enishi/v1", "package enishi.bad has no version",
        "file's name is not lower_snake_case", "BadNoun.proto:7: message read_marker is not PascalCase",
        "BadNoun.proto:7: message read_marker has no comment", "field read_marker.readThrough is not lower_snake_case",
        "field read_marker.readThrough has no comment", "oneof read_marker.whatBody is not lower_snake_case",
        "enum read_marker.Kind has no comment", "enum read_marker.Kind does not begin with KIND_UNSPECIFIED = 0",
        "enum value KIND_NONE has no comment", "enum value DIRECT does not begin with KIND_",
        "enum value DIRECT has no comment"}) {
    EXPECT_THAT(found, HasSubstr(fault));
  }
  EXPECT_THAT(found, Not(HasSubstr("Good")));
}

TEST(House, TheProtocolKeepsToItsRules) {
  std::ifstream in(ENISHI_DESCRIPTOR_SET, std::ios::binary);
  pb::FileDescriptorSet set;
  ASSERT_TRUE(set.ParseFromIstream(&in)) << "no descriptor set at " << ENISHI_DESCRIPTOR_SET;
  int checked = 0;
  std::string found;
  for (const auto& file : set.file()) {
    if (!starts_with(file.name(), "enishi/")) continue;
    ++checked;
    found += listed(proto_faults(file));
  }
  EXPECT_GT(checked, 0);
  EXPECT_EQ(found, "");
}

}  // namespace
}  // namespace enishi::house
