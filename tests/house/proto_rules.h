// The rules of the protocol's manual: everything has a comment, and names are as Buf's STANDARD has them.
#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <vector>

#include "house/tree.h"

namespace enishi::house {

/// Faults of one file. `file` comes from protoc with --include_source_info; without it every comment counts as missing.
///
/// Names: the package is the folder with dots and ends in a version; files lower_snake_case.proto; messages, enums and
/// services PascalCase; fields and oneofs lower_snake_case; enum values begin with the enum's name in UPPER_SNAKE_CASE;
/// value 0 comes first and ends in _UNSPECIFIED; imports are not public; syntax proto3.
/// Comments: a leading or trailing one at every message, field, enum and enum value.
[[nodiscard]] std::vector<Fault> proto_faults(const google::protobuf::FileDescriptorProto& file);

}  // namespace enishi::house
