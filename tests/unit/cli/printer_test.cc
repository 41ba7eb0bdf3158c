// Lines of --json, and failures.
#include "cli/show/printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace enishi::cli {
namespace {

using ::testing::Not;

/// What a printer wrote to its two streams.
class Streams {
 public:
  Streams() : out_(std::tmpfile()), err_(std::tmpfile()) {}
  ~Streams() {
    std::fclose(out_);
    std::fclose(err_);
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  [[nodiscard]] Printer printer(bool json) { return Printer(json, out_, err_); }
  [[nodiscard]] std::string out() { return read(out_); }
  [[nodiscard]] std::string err() { return read(err_); }

 private:
  static std::string read(std::FILE* file) {
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text.push_back(static_cast<char>(c));
    return text;
  }
  std::FILE* out_;
  std::FILE* err_;
};

TEST(Record, KeepsTheOrderAndTheKindsOfItsFields) {
  Record last, record;
  last.add("seq", std::uint64_t{3});
  record.add("text", "a\"b\\").add("on", true).add("head", std::uint64_t{18446744073709551615U});
  record.add("at", time_value(0)).add("last", last).add("refused", std::vector<Record>{last, last});
  EXPECT_EQ(record.json(), R"({"text":"a\"b\\","on":true,"head":18446744073709551615,"at":null,"last":{"seq":3},)"
                           R"("refused":[{"seq":3},{"seq":3}]})");
  EXPECT_EQ(Record().json(), "{}");
}

TEST(Record, TextsComeBackByteForByteAndCommandNoTerminal) {
  std::string every;
  for (unsigned c = 0; c < 0x80; ++c) every.push_back(static_cast<char>(c));
  every += "\u0080\u009b\u00a0 日本語 👨‍👩‍👧 שלום \u202e\u2066\u2069\u2028\u200f";
  Record record;
  record.add("text", every);
  EXPECT_EQ(nlohmann::json::parse(record.json())["text"].get<std::string>(), every);
  for (const char c : record.json()) EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
  for (const auto* command : {"\u009b", "\u202e", "\u2066", "\u2028"})
    EXPECT_THAT(record.json(), Not(::testing::HasSubstr(command)));
  EXPECT_THAT(record.json(), ::testing::HasSubstr("日本語 👨‍👩‍👧 שלום"));
}

TEST(Printer, JsonIsOneObjectALine) {
  Streams streams;
  auto printer = streams.printer(true);
  printer.print(Record().add("a", std::uint64_t{1}), "one");
  printer.row(Record().add("b", "x"), {"x"});
  printer.end_table({"B"});
  EXPECT_EQ(streams.out(), "{\"a\":1}\n{\"b\":\"x\"}\n");
}

TEST(Printer, PeopleGetLinesAndTables) {
  Streams streams;
  auto printer = streams.printer(false);
  printer.print(Record(), "one \x1b");
  printer.row(Record(), {"x", "y"});
  printer.end_table({"A", "B"});
  printer.end_table({"NEVER"});
  EXPECT_EQ(streams.out(), "one \\x1b\nA  B\nx  y\n");
}

TEST(Printer, AFailureIsOneLineOnStandardError) {
  const Failure failure{"RATE_LIMITED", "wait\na little", 250, Exit::refused};
  Streams plain, json;
  plain.printer(false).fail(failure);
  json.printer(true).fail(failure);
  EXPECT_EQ(plain.err(), "enishi: RATE_LIMITED: wait\\na little\n");
  EXPECT_EQ(json.err(), "{\"code\":\"RATE_LIMITED\",\"text\":\"wait\\na little\",\"retry_after_ms\":250}\n");
  EXPECT_EQ(plain.out() + json.out(), "");
}

}  // namespace
}  // namespace enishi::cli
