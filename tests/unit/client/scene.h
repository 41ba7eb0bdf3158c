// What the tests of the client library share: a seeded entropy, builders of protocol values, a listener that remembers.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "cpp/session_machine.h"
#include "cpp/store/memory_store.h"

namespace enishi::client::scene {

class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed = 1) : engine_(seed) {}
  void fill(void* bytes, std::size_t size) override {
    auto* out = static_cast<std::uint8_t*>(bytes);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

inline core::PublicId id(std::uint8_t byte) {
  core::PublicId made;
  made.value.fill(byte);
  return made;
}
inline std::string bytes(std::uint8_t byte) { return std::string(16, static_cast<char>(byte)); }

constexpr std::uint8_t kMe = 0x11;
constexpr std::uint8_t kAki = 0x22;
constexpr std::uint8_t kDevice = 0x33;
constexpr std::uint8_t kChat = 0x44;

inline v1::Event event(std::uint64_t seq, std::uint8_t author = kAki, std::uint8_t chat = kChat,
                       v1::EventKind kind = v1::EVENT_KIND_MESSAGE) {
  v1::Event made;
  made.set_conversation_id(bytes(chat));
  made.set_seq(seq);
  made.set_kind(kind);
  made.set_author_id(bytes(author));
  made.set_author(author == kMe ? "me" : "aki");
  made.set_client_id(std::string(14, static_cast<char>(chat)) + static_cast<char>(seq / 256) +
                     static_cast<char>(seq % 256));
  made.set_at_ms(static_cast<std::int64_t>(1000 * seq));
  made.set_body("text " + std::to_string(seq));
  return made;
}

inline v1::Register membership(std::uint64_t rseq, std::uint8_t chat = kChat,
                               std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals = {{1, 0}}) {
  v1::Register made;
  made.set_kind(v1::REGISTER_KIND_MEMBERSHIP);
  made.set_rseq(rseq);
  made.set_conversation_id(bytes(chat));
  made.set_conversation_kind(v1::CONVERSATION_KIND_DIRECT);
  made.mutable_peer()->set_id(bytes(kAki));
  made.mutable_peer()->set_handle("aki");
  for (const auto& [joined, left] : intervals) {
    auto& interval = *made.add_intervals();
    interval.set_joined_seq(joined);
    interval.set_left_seq(left);
  }
  return made;
}

inline v1::Register removed(v1::Register entry, std::uint64_t rseq) {
  v1::Register made;
  made.set_kind(entry.kind());
  made.set_rseq(rseq);
  made.set_removed(true);
  made.set_conversation_id(entry.conversation_id());
  return made;
}

inline v1::Register marker(std::uint64_t rseq, std::uint64_t rev, std::uint64_t seq, std::uint8_t chat = kChat) {
  v1::Register made;
  made.set_kind(v1::REGISTER_KIND_MARKER);
  made.set_rseq(rseq);
  made.set_conversation_id(bytes(chat));
  made.set_rev(rev);
  made.set_seq(seq);
  made.set_device_name("phone");
  return made;
}

inline v1::Head head(std::uint64_t newest, std::uint64_t marker, std::uint64_t unread, std::uint64_t rev = 1,
                     std::uint8_t chat = kChat) {
  v1::Head made;
  made.set_conversation_id(bytes(chat));
  made.set_head(newest);
  made.set_marker(marker);
  made.set_unread(unread);
  made.set_rev(rev);
  return made;
}

inline v1::Gap gap(std::uint64_t from, std::uint64_t to, std::uint8_t chat = kChat) {
  v1::Gap made;
  made.set_conversation_id(bytes(chat));
  made.set_from_seq(from);
  made.set_to_seq(to);
  return made;
}

inline Identity identity(Entropy& entropy) {
  Identity made;
  made.origin = "http://127.0.0.1:8470";
  made.keys = DeviceKeys::make(entropy);
  made.device = id(kDevice);
  made.member = id(kMe);
  made.handle = "me";
  made.device_name = "pc";
  return made;
}

/// Remembers all that is told.
class Recorder final : public Listener {
 public:
  void on_happening(const Happening& happening) override { all.push_back(happening); }
  template <class What>
  [[nodiscard]] std::vector<What> of() const {
    std::vector<What> found;
    for (const auto& each : all)
      if (const auto* what = std::get_if<What>(&each)) found.push_back(*what);
    return found;
  }
  [[nodiscard]] std::vector<std::uint64_t> seqs() const {
    std::vector<std::uint64_t> found;
    for (const auto& each : of<happening::Message>()) found.push_back(each.event.seq());
    return found;
  }
  std::vector<Happening> all;
};

/// An empty directory of the test, gone at its end.
class Directory {
 public:
  Directory() {
    auto name = (std::filesystem::temp_directory_path() / "enishi-profile-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] std::filesystem::path profile() const { return path_ / "profile"; }

 private:
  std::filesystem::path path_;
};

}  // namespace enishi::client::scene
