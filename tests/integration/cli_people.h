// People with command lines: a real enishid, real enishi processes, a profile directory for each device.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/running.h"

namespace enishi::test {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

/// A daemon with members made as needed. Profiles are named like devices: "aki-phone".
class People : public ::testing::Test {
 protected:
  explicit People(DaemonProcess::Options options = {}) : daemon_(std::move(options)) {}
  void SetUp() override;
  /// `enishi --profile PROFILE --json WORDS...`
  [[nodiscard]] Words command(const std::string& profile, const Words& words) const;
  Finished run(const std::string& profile, const Words& words, const std::string& input = {}) const;
  /// Its output, one object for each line; expects exit 0.
  std::vector<Json> ok(const std::string& profile, const Words& words, const std::string& input = {}) const;
  /// The only object of its output.
  Json one(const std::string& profile, const Words& words, const std::string& input = {}) const;
  /// Expects this exit code and this code on standard error; returns the error.
  Json refused(const std::string& profile, const Words& words, int exit, const std::string& code,
               const std::string& input = {}) const;
  /// Makes member HANDLE with one device, profile "HANDLE", by an invitation of the daemon, or of `inviter`.
  Json join(const std::string& handle, const std::string& inviter = {});
  /// Adds device `profile` to the member of profile `old`; name as the profile's.
  Json pair(const std::string& old, const std::string& profile) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& profile, const std::string& chat) const;
  [[nodiscard]] static std::vector<Json> lines_of(const std::string& text);

  DaemonProcess daemon_;
  TempDir profiles_;
};

/// A `watch --json` that goes on.
class Watching {
 public:
  explicit Watching(const Words& command) : running_(command) {}
  /// The next line with these fields (others may come before it); null at the end of the output.
  Json next(const Json& fields);
  /// SIGTERM, and its end.
  int end();
  int wait() { return running_.wait(); }

 private:
  RunningCommand running_;
};

}  // namespace enishi::test
