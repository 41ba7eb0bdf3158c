// Each request of the schema, asked by everybody, about everything that it names.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "matrix/stage.h"
#include "matrix/table.h"

namespace enishi::matrix {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::vector<const FieldDescriptor*> requests() {
  const auto& choice = *v1::ClientFrame::descriptor()->FindOneofByName("body");
  std::vector<const FieldDescriptor*> all;
  for (int i = 0; i < choice.field_count(); ++i) all.push_back(choice.field(i));
  return all;
}

std::vector<const Row*> rows_of(const std::string& request) {
  std::vector<const Row*> rows;
  for (const auto& row : table())
    if (row.request == request) rows.push_back(&row);
  return rows;
}

std::vector<std::string> answers_of(const Row& row) {
  std::istringstream in(row.answers);
  std::vector<std::string> all;
  for (std::string each; in >> each;) all.push_back(each);
  if (all.size() == 1) all.assign(kAskerCount, all.front());
  return all;
}

std::string said(const std::string& code) { return code.empty() ? "ok" : code; }

class Matrix : public testing::TestWithParam<const FieldDescriptor*> {
 protected:
  static std::string name() { return std::string(GetParam()->name()); }

  /// Asks on a stage of its own.
  static Outcome run(const Row& row, const std::string& handle, bool absent) {
    Stage stage;
    stage.asks(handle.empty() ? "hal" : handle);
    return stage.ask(handle, request_of(row.request, row.fields, stage, absent));
  }

  static void expect(const Row& row, const std::string& handle, const std::string& who, const std::string& letters) {
    const auto got = run(row, handle, false);
    const auto what = std::string(row.request) + " {" + row.fields + "} by " + who;
    EXPECT_EQ(said(got.code), said(std::string(code_of(letters)))) << what;
    const bool hides = std::string_view(row.fields).find('?') != std::string_view::npos;
    const bool bytes_only = letters.ends_with('~');
    if (!hides || (letters != "-" && !letters.ends_with('=') && !bytes_only)) return;
    const auto none = run(row, handle, true);
    EXPECT_EQ(said(none.code), said(got.code)) << what << ", when there is none";
    EXPECT_TRUE(none.answer == got.answer) << what << ": other bytes when there is none";
    if (bytes_only) return;
    EXPECT_EQ(none.reads, got.reads) << what << ": as many store reads when there is none";
  }
};

TEST_P(Matrix, EveryFieldIsListed) {
  const auto& type = *GetParam()->message_type();
  std::set<std::string> covered;
  for (const auto* row : rows_of(name())) {
    std::istringstream in(row->fields);
    for (std::string each; in >> each;) covered.insert(each.substr(0, each.find('=')));
  }
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    const auto names = names_of(field);
    EXPECT_NE(names, Names::unlisted) << field.full_name() << ": does it name an object? List it in words.cc";
    const bool is_object = names != Names::unlisted && names != Names::nothing && names != Names::secret &&
                           names != Names::baton && names != Names::message;
    EXPECT_TRUE(!is_object || covered.contains(std::string(field.name()))) << field.full_name() << " has no row";
  }
}

TEST_P(Matrix, EverybodyIsAnsweredAsTheProtocolSays) {
  const auto rows = rows_of(name());
  ASSERT_FALSE(rows.empty()) << "request " << name() << " of the schema has no row in tests/matrix/table.cc";
  for (const auto* row : rows) {
    const auto answers = answers_of(*row);
    ASSERT_EQ(answers.size(), kAskerCount) << row->request << " {" << row->fields << "}";
    for (std::size_t i = 0; i < kAskerCount; ++i) expect(*row, kHandles[i], kAskers[i], answers[i]);
    expect(*row, "", "a session that proved nothing", row->unproven);
  }
}

TEST_P(Matrix, ARevokedDeviceGetsNothing) {
  for (const auto* row : rows_of(name())) {
    Stage stage, told;
    stage.asks("ben");
    told.asks("ben");
    const auto known = told.ask_revoked(request_of(row->request, row->fields, told, false), true);
    EXPECT_EQ(known.code, "DEVICE_REVOKED") << row->request << " {" << row->fields << "}";
    EXPECT_EQ(known.reads, 0U) << row->request << " {" << row->fields << "}";
    // Nobody has told the floor yet. What asks the floor itself is answered as before, until it knows.
    const auto early = stage.ask_revoked(request_of(row->request, row->fields, stage, false), false);
    static const std::set<std::string> kAtTheFloor = {"probe",          "set_mode", "hello",        "prove",
                                                      "invite_preview", "join",     "pair_present", "recover"};
    const bool at_the_floor = kAtTheFloor.contains(name()) || early.code == "UNSUPPORTED";
    EXPECT_TRUE(at_the_floor || early.code == "DEVICE_REVOKED")
        << row->request << " {" << row->fields << "}: " << said(early.code);
  }
}

/// Whom a block hits sees what he would see after an end: the columns of fay and gus are alike, and to the byte.
TEST_P(Matrix, ABlockLooksLikeAnEnd) {
  for (const auto* row : rows_of(name())) {
    const std::string fields = row->fields;
    auto swapped = fields;
    if (const auto at = swapped.find("ended"); at != std::string::npos) swapped.replace(at, 5, "blocked");
    if (fields.find("blocked") != std::string::npos) continue;
    if (swapped == fields && fields.find("aki") == std::string::npos) continue;
    Stage ended, blocked;
    ended.asks("fay");
    blocked.asks("gus");
    const auto after_end = ended.ask("fay", request_of(row->request, fields, ended, false));
    const auto after_block = blocked.ask("gus", request_of(row->request, swapped, blocked, false));
    EXPECT_EQ(said(after_end.code), said(after_block.code)) << row->request << " {" << fields << "}";
    // An ask that reaches somebody looks at his side too, which one that is blocked does not.
    const bool reaches = name() == "tie_change";
    EXPECT_TRUE(reaches || after_end.reads == after_block.reads) << row->request << " {" << fields << "}";
    EXPECT_EQ(after_end.answer.size(), after_block.answer.size()) << row->request << " {" << fields << "}";
  }
}

INSTANTIATE_TEST_SUITE_P(Requests, Matrix, testing::ValuesIn(requests()),
                         [](const auto& test) { return std::string(test.param->name()); });

TEST(MatrixTable, NamesOnlyWhatTheSchemaHas) {
  std::set<std::string> known;
  for (const auto* request : requests()) known.emplace(request->name());
  for (const auto& row : table()) EXPECT_TRUE(known.contains(row.request)) << row.request;
}

}  // namespace
}  // namespace enishi::matrix
