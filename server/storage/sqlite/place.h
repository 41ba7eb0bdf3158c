// The directory and the files beside the database: where they lie and who may read them. Private to the adapter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/error.h"

namespace enishi::storage {

/// True for a file system that is another machine's: SQLite's locks and shared memory do not hold there. `magic` as
/// statfs gives it; `type` as the kernel names it in its list of mounts, which tells the FUSE ones apart.
[[nodiscard]] bool is_network_file_system(std::uint64_t magic, std::string_view type) noexcept;

/// Whether a database can live in `directory`. Errors: store_unsuitable.
[[nodiscard]] core::Result<void> check_directory(const std::filesystem::path& directory);

/// Makes `file` (mode 0600) when it is not there, takes the rights of others away when it is. Errors: store_unsuitable
/// (cannot be written), store_full, store_broken (holds something, but not SQLite's header).
[[nodiscard]] core::Result<void> prepare_file(const std::filesystem::path& file);

/// An empty file of mode 0600 in place of whatever was there. Throws core::StoreError store_full, store_failed.
void make_empty_file(const std::filesystem::path& file);
/// Flushes `unfinished` and gives it its name, for good. Throws as make_empty_file.
void finish_file(const std::filesystem::path& unfinished, const std::filesystem::path& name);

}  // namespace enishi::storage
