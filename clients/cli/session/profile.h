// The profile of a command: one device on the disk.
#pragma once

#include <memory>
#include <string>

#include "cli/failure.h"
#include "cpp/links.h"
#include "cpp/store/replica.h"
#include "cpp/store/sqlite_store.h"

namespace enishi::cli {

/// An open profile. Other commands may hold it at the same time. Owner: main.
class Profile {
 public:
  /// A profile that is somebody's device. Makes nothing on the disk. Errors (all exit 4): PROFILE_UNUSED,
  /// DEVICE_REVOKED, STORE_*.
  [[nodiscard]] static Outcome<Profile> open(const std::string& directory);
  /// One that is nobody's yet, made when it is not there. Its keys are on the disk on return, those of a journey that
  /// was cut off at the same `origin` again. Errors (exit 4): PROFILE_IN_USE, STORE_*.
  [[nodiscard]] static Outcome<Profile> claim(const std::string& directory, const client::Origin& origin,
                                              client::Entropy& entropy);
  /// The journey's end. Errors (exit 4): PROFILE_IN_USE (another command was first), STORE_*.
  [[nodiscard]] Outcome<void> finish(const client::Identity& identity);

  [[nodiscard]] client::Replica& replica() noexcept { return *replica_; }
  [[nodiscard]] const client::Identity& identity() const noexcept { return identity_; }
  [[nodiscard]] client::Origin origin() const;

 private:
  Profile() = default;
  [[nodiscard]] Outcome<void> open_store(const std::string& directory);

  std::unique_ptr<client::SqliteStore> store_;
  std::unique_ptr<client::Replica> replica_;
  client::Identity identity_;
};

}  // namespace enishi::cli
