// The schema, as the steps that lead to it. Private to the adapter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/sqlite/connection.h"

namespace enishi::storage {

/// Marks a file as ours ("ENIS"), in SQLite's application_id.
inline constexpr std::int64_t kApplicationId = 0x454E4953;

/// One step forward; there is none back. Landed ones are never edited.
struct Migration {
  std::int64_t version;  ///< dense from 1; kept in SQLite's user_version
  const char* sql;
};

/// All steps of this build, ascending.
[[nodiscard]] std::span<const Migration> migrations() noexcept;

/// Brings the database to the last of `steps`, each in a transaction of its own. Before the first step on a database
/// that holds something, copies it to `file` + ".before-vN" (mode 0600, N: the first version to come), flushed to disk.
/// An empty database becomes ours. Throws SqliteFault; core::StoreError store_newer, store_broken (of another
/// application), store_full, store_failed (the copy).
void migrate(Connection& connection, const std::filesystem::path& file, std::span<const Migration> steps,
             const std::function<void(const std::string&)>& report);

/// Whether migrations of `file` left copies behind.
[[nodiscard]] bool has_copies(const std::filesystem::path& file);
/// Every event whose content was destroyed, in no order. Throws SqliteFault.
[[nodiscard]] std::vector<std::pair<core::ConversationId, core::Seq>> destroyed_events(Connection& connection);
/// Takes the content of these events out of the copies that migrations of `file` left behind, as the running store did.
/// Throws SqliteFault.
void destroy_in_copies(const std::filesystem::path& file,
                       const std::vector<std::pair<core::ConversationId, core::Seq>>& events);

}  // namespace enishi::storage
