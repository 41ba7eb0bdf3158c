#include "wire/error_table.h"

#include <gtest/gtest.h>

#include <set>

#include "enishi/v1/error.pb.h"

namespace enishi::wire {
namespace {

using core::Errc;

/// Every Errc that has a name, by trying all numbers.
std::set<int> errcs() {
  std::set<int> found;
  for (int number = 1; number < 1000; ++number)
    if (std::string(core::name_of(static_cast<Errc>(number))) != "UNKNOWN") found.insert(number);
  return found;
}

TEST(ErrorTable, EveryErrcOnTheWireHasItsErrorCodeOfTheSameNumberAndName) {
  std::size_t on_the_wire = 0;
  for (const int number : errcs()) {
    if (number >= 900) continue;
    ++on_the_wire;
    EXPECT_EQ(wire_code_of(static_cast<Errc>(number)), number);
    const auto* value = v1::ErrorCode_descriptor()->FindValueByNumber(number);
    ASSERT_NE(value, nullptr) << number;
    EXPECT_EQ(value->name(), std::string("ERROR_CODE_") + core::name_of(static_cast<Errc>(number)));
  }
  EXPECT_EQ(on_the_wire + 1, static_cast<std::size_t>(v1::ErrorCode_descriptor()->value_count()));
}

TEST(ErrorTable, EveryErrorCodeHasItsErrc) {
  const auto known = errcs();
  const auto* codes = v1::ErrorCode_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    const auto* value = codes->value(i);
    if (value->number() == v1::ERROR_CODE_UNSPECIFIED) continue;
    EXPECT_TRUE(known.contains(value->number())) << value->name();
    EXPECT_FALSE(std::string(core::text_of(static_cast<Errc>(value->number()))).empty());
    EXPECT_GE(value->number(), 100);
    EXPECT_LE(value->number(), 599) << "outside the ranges that say how to react";
  }
}

TEST(ErrorTable, WhatNeverLeavesTheDaemonBecomesRetry) {
  for (const int number : errcs()) {
    if (number < 900) continue;
    EXPECT_EQ(wire_code_of(static_cast<Errc>(number)), v1::ERROR_CODE_RETRY);
  }
}

TEST(ErrorTable, CloseCodesAreThoseForApplications) {
  for (const int number : errcs()) {
    const auto close = close_code_of(static_cast<Errc>(number));
    EXPECT_GE(close, 4100);
    EXPECT_LE(close, 4599);
    if (number < 900) {
      EXPECT_EQ(close, 4000 + number);
    }
  }
}

TEST(ErrorTable, OnlyTheRangeRetryNamesADelay) {
  for (const int number : errcs()) {
    const int code = wire_code_of(static_cast<Errc>(number));
    EXPECT_EQ(retry_after_ms_of(static_cast<Errc>(number)) > 0, code >= 200 && code < 300) << code;
  }
}

}  // namespace
}  // namespace enishi::wire
