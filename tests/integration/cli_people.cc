#include "integration/cli_people.h"

#include <csignal>
#include <sstream>

namespace enishi::test {

void People::SetUp() { ASSERT_TRUE(daemon_.start()) << daemon_.log(); }

Words People::command(const std::string& profile, const Words& words) const {
  Words argv{program("enishi"), "--profile", profiles_ / profile, "--json"};
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

Finished People::run(const std::string& profile, const Words& words, const std::string& input) const {
  return run_command(command(profile, words), input);
}

std::vector<Json> People::lines_of(const std::string& text) {
  std::vector<Json> lines;
  std::istringstream stream(text);
  // Prompts and progress stand between the errors on standard error.
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with('{')) lines.push_back(Json::parse(line));
  return lines;
}

std::vector<Json> People::ok(const std::string& profile, const Words& words, const std::string& input) const {
  const auto done = run(profile, words, input);
  EXPECT_EQ(done.exit, 0) << profile << ": " << ::testing::PrintToString(words) << "\n" << done.err;
  return lines_of(done.out);
}

Json People::one(const std::string& profile, const Words& words, const std::string& input) const {
  const auto lines = ok(profile, words, input);
  EXPECT_EQ(lines.size(), 1U) << ::testing::PrintToString(words);
  return lines.empty() ? Json::object() : lines.front();
}

Json People::refused(const std::string& profile, const Words& words, int exit, const std::string& code,
                     const std::string& input) const {
  const auto done = run(profile, words, input);
  EXPECT_EQ(done.exit, exit) << ::testing::PrintToString(words) << done.err;
  const auto errors = lines_of(done.err);
  if (errors.empty()) {
    ADD_FAILURE() << "nothing on standard error";
    return Json::object();
  }
  EXPECT_EQ(errors.back()["code"], code) << done.err;
  EXPECT_TRUE(errors.back()["text"].is_string());
  EXPECT_TRUE(errors.back()["retry_after_ms"].is_number_unsigned());
  return errors.back();
}

Json People::join(const std::string& handle, const std::string& inviter) {
  const auto url = inviter.empty() ? daemon_.invite() : one(inviter, {"invite"})["url"].get<std::string>();
  return one(handle, {"join", "-", "--handle", handle, "--name", handle, "--device", "phone"}, url + "\n");
}

Json People::pair(const std::string& old, const std::string& profile) const {
  RunningCommand offer(command(old, {"pair", "--yes"}));
  const auto url = Json::parse(offer.next_line())["url"].get<std::string>();
  auto joined = one(profile, {"pair", url, "--device", profile});
  EXPECT_EQ(Json::parse(offer.next_line()), Json({{"approved", true}, {"device", profile}}));
  EXPECT_EQ(offer.wait(), 0);
  return joined;
}

std::vector<std::string> People::texts(const std::string& profile, const std::string& chat) const {
  std::vector<std::string> texts;
  for (const auto& slot : ok(profile, {"read", chat, "--limit", "1000"})) texts.push_back(slot["text"]);
  return texts;
}

Json Watching::next(const Json& fields) {
  while (true) {
    const auto line = running_.next_line();
    if (line.empty()) return nullptr;
    auto object = Json::parse(line);
    auto merged = object;
    merged.update(fields);
    if (merged == object) return object;
  }
}

int Watching::end() {
  running_.signal(SIGTERM);
  return running_.wait();
}

}  // namespace enishi::test
