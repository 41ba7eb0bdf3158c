// What each asker is answered, by hand from the comments of proto/enishi/v1.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enishi::matrix {

/// Who asks, in the order of the columns. The owner of the group is aki; all others stand to her as they are called.
inline constexpr const char* kAskers[] = {"owner", "member", "former", "tied", "asked", "ended", "blocked", "stranger"};
inline constexpr const char* kHandles[] = {"aki", "ben", "cho", "dan", "eve", "fay", "gus", "hal"};
inline constexpr std::size_t kAskerCount = std::size(kAskers);

/// One request about one choice of objects.
struct Row {
  const char* request;  ///< name of the field of ClientFrame.body
  /// "field=word" each, words of words.cc; the rest has its default there. An object with "?" before it must look, to
  /// whoever is answered "-" or "ok=", exactly like one that does not exist.
  const char* fields;
  /// One for each asker, or one for all:
  ///   ok   carried out        ok=  carried out, and alike for what does not exist
  ///   ok~  the same but for the reads (a device's id is 128 random bits: nobody tries them)
  ///   -    NOT_FOUND, and alike for what does not exist        .   NOT_FOUND
  ///   else the letters of another code (code_of)
  const char* answers;
  /// Asked by a session that has proven nothing; the others are WRONG_STATE before Welcome.
  const char* unproven = "WS";
};
[[nodiscard]] std::span<const Row> table();
/// The name of an error of the proto without its prefix, by the letters of Row::answers.
[[nodiscard]] std::string_view code_of(std::string_view letters);

}  // namespace enishi::matrix
