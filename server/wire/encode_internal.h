// Pieces shared by the encoders. Included by wire's own sources only.
#pragma once

#include <string>
#include <string_view>

#include "enishi/v1/frame.pb.h"
#include "wire/encode.h"

namespace enishi::wire {

inline std::int64_t ms_of(core::WallTime time) { return time.time_since_epoch().count(); }

template <class Fixed>
std::string bytes_of(const Fixed& fixed) {
  return std::string(fixed.view());
}

/// Serialises `frame` with its WebSocket header.
Frame finish(const v1::ServerFrame& frame);

void fill(v1::Person& out, const core::Member& member, bool with_name, bool with_face = true);
void fill(v1::Event& out, core::Directory& directory, const core::Event& event, const MessageState* state = nullptr);
void fill(v1::Register& out, core::Directory& directory, const core::Register& row);
void fill(v1::Head& out, const HeadView& head);
void fill(v1::Receipt& out, const ReceiptView& receipt);

}  // namespace enishi::wire
