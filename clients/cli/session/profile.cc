#include "cli/session/profile.h"

#include <filesystem>
#include <optional>

namespace enishi::cli {
namespace {

namespace fs = std::filesystem;

Failure unusable(const char* code, std::string text) { return {code, std::move(text), 0, Exit::profile}; }

Failure in_use(const client::Identity& identity) {
  return unusable("PROFILE_IN_USE", "this profile is device \"" + identity.device_name + "\" of @" + identity.handle +
                                        " already: choose another with --profile DIR");
}

}  // namespace

Outcome<void> Profile::open_store(const std::string& directory) {
  std::error_code ignored;  // the store says what is wrong
  fs::create_directories(fs::path(directory).parent_path(), ignored);
  auto store = client::SqliteStore::open(directory);
  if (!store) return profile_failure(store.error());
  store_ = *std::move(store);
  replica_ = std::make_unique<client::Replica>(*store_);
  return {};
}

Outcome<Profile> Profile::open(const std::string& directory) {
  const auto unused =
      unusable("PROFILE_UNUSED", "no device in " + directory + ": use `enishi join`, `enishi pair URL`" +
                                     " or `enishi recover` first, or name another with --profile DIR");
  std::error_code missing;
  if (!fs::exists(fs::path(directory) / "profile.db", missing)) return unused;
  Profile profile;
  if (const auto opened = profile.open_store(directory); !opened) return opened.error();
  std::optional<client::Identity> identity;
  const auto read = profile.store_->read([&](client::Rows& rows) { identity = rows.identity(); });
  if (!read) return profile_failure(read.error());
  if (!identity || identity->is_pending()) return unused;
  if (identity->revoked) return unusable("DEVICE_REVOKED", "this device was revoked: its profile is of no more use");
  profile.identity_ = *identity;
  return profile;
}

Outcome<Profile> Profile::claim(const std::string& directory, const client::Origin& origin, client::Entropy& entropy) {
  Profile profile;
  if (const auto opened = profile.open_store(directory); !opened) return opened.error();
  std::optional<client::Identity> used;
  const auto done = profile.store_->transact(client::Durability::flushed, [&](client::Rows& rows) {
    auto identity = rows.identity();
    if (identity && !identity->is_pending()) {
      used = identity;
      return;
    }
    if (!identity || identity->origin != origin.text()) {
      identity = client::Identity{};
      identity->origin = origin.text();
      identity->keys = client::DeviceKeys::make(entropy);
      rows.put_identity(*identity);
    }
    profile.identity_ = *identity;
  });
  if (!done) return profile_failure(done.error());
  if (used) return in_use(*used);
  return profile;
}

Outcome<void> Profile::finish(const client::Identity& identity) {
  std::optional<client::Identity> used;
  const auto done = store_->transact(client::Durability::flushed, [&](client::Rows& rows) {
    const auto now = rows.identity();
    // The same journey may have been ended by another command with the same key.
    if (now && !now->is_pending() && now->device != identity.device) {
      used = now;
      return;
    }
    rows.put_identity(identity);
  });
  if (!done) return profile_failure(done.error());
  if (used) return in_use(*used);
  identity_ = identity;
  return {};
}

client::Origin Profile::origin() const {
  const auto origin = client::Origin::parse(identity_.origin);
  return origin ? *origin : client::Origin{};
}

}  // namespace enishi::cli
