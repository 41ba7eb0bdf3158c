#include "house/layers.h"

namespace enishi::house {

// Read a line as: files below FOLDER may include OURS and LIBRARIES, the standard library (but NEVER these), and, where
// it says so, the system's headers. Arrows point down the list of rooms, so nothing includes upward.
const std::vector<Layer>& layer_table() {
  constexpr bool kSystem = true;
  constexpr bool kPure = false;
  static const std::vector<std::string> kImpure = {
      "thread", "mutex",    "shared_mutex", "condition_variable", "future",  "atomic",     "semaphore", "latch",
      "random", "iostream", "fstream",      "filesystem",         "barrier", "stop_token", "csignal",   "ctime",
      "locale", "coroutine"};
  static const std::vector<std::string> kLocks = {"mutex", "shared_mutex", "condition_variable", "semaphore"};
  static const std::vector<Layer> kTable = {
      {"server/core", {"core/"}, {"boost/system/", "boost/assert"}, kPure, kImpure},
      {"server/wire", {"wire/", "core/"}, {"enishi/v1/", "google/protobuf/"}, kPure, kImpure},
      {"server/auth", {"auth/", "core/"}, {"sodium.h"}, kSystem},
      {"server/runtime", {"runtime/", "core/"}, {"boost/asio", "boost/system/"}, kSystem},

      {"server/storage", {"storage/store.h", "core/"}, {}, kPure},
      {"server/storage/memory", {"storage/memory/", "storage/store.h", "core/"}, {}, kPure},
      {"server/storage/faulty", {"storage/faulty/", "storage/store.h", "core/"}, {}, kPure},
      {"server/storage/sqlite", {"storage/sqlite/", "storage/store.h", "core/"}, {"sqlite3.h"}, kSystem},

      {"server/sequencer", {"sequencer/", "core/", "runtime/", "wire/", "auth/", "storage/store.h"}, {}, kPure, kLocks},
      {"server/delivery",
       {"delivery/", "core/", "runtime/", "wire/", "auth/", "storage/store.h", "sequencer/messages.h"},
       {},
       kPure},
      {"server/transport",
       {"transport/", "delivery/", "wire/", "auth/", "runtime/", "core/"},
       {"boost/asio", "boost/beast", "boost/system/", "openssl/", "spdlog/"},
       kSystem},
      {"server/daemon",
       {"daemon/", "transport/", "delivery/", "sequencer/", "storage/", "auth/", "wire/", "runtime/", "core/"},
       {"boost/asio", "boost/system/", "openssl/", "spdlog/", "toml++/", "CLI/", "nlohmann/", "sodium.h"},
       kSystem},

      {"clients/cpp",
       {"cpp/", "core/"},
       {"enishi/v1/", "google/protobuf/", "sodium.h", "sqlite3.h", "boost/asio", "boost/beast", "boost/system/",
        "openssl/"},
       kSystem},
      {"clients/cli",
       {"cli/", "cpp/", "core/"},
       {"enishi/v1/", "boost/asio", "boost/system/", "CLI/", "nlohmann/", "qrencode.h", "utf8proc.h", "sodium.h"},
       kSystem},

      // The reference model was written from the design and shares nothing with what it judges.
      {"tests/model", {"model/"}, {"gtest/", "gmock/"}, kPure},
  };
  return kTable;
}

}  // namespace enishi::house
