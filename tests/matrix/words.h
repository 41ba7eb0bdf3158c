// Requests put together by reflection: which fields name an object, and what stands in the others.
#pragma once

#include <string>

#include "enishi/v1/frame.pb.h"

namespace enishi::matrix {

/// What a field of a request names. A field that words.cc does not list is `unlisted`: the test fails and says its
/// name.
enum class Names { unlisted, nothing, conversation, message, person, device, invitation, baton, secret };
[[nodiscard]] Names names_of(const google::protobuf::FieldDescriptor& field);

/// Objects by the words of table.h; what Stage made.
class Objects {
 public:
  virtual ~Objects() = default;
  /// Bytes of the object; of a person the handle. Throws std::out_of_range for a word that there is not.
  [[nodiscard]] virtual std::string object(const std::string& word) const = 0;
};

/// A request with all fields in range, and those of Row::fields as they say; `absent`: the objects with "?" do not
/// exist.
[[nodiscard]] v1::ClientFrame request_of(const std::string& request, const std::string& fields, const Objects& objects,
                                         bool absent);

/// Bytes that nothing has; handles are told apart by their length, and so have three letters as all others.
inline constexpr const char* kNobody = "nob";
[[nodiscard]] std::string absent_object(Names names);

}  // namespace enishi::matrix
