// Records for tests of stores: each field its own value, so that a swapped column shows.
#pragma once

#include <cstdint>
#include <string>

#include "core/change.h"
#include "core/records.h"

namespace enishi::test {

/// Bytes that differ for each (seed, kind of thing).
template <class Bytes>
Bytes bytes_of(std::uint64_t seed) {
  Bytes bytes;
  for (std::size_t at = 0; at < Bytes::kSize; ++at)
    bytes.value[at] = static_cast<std::uint8_t>(((seed * 0x9E3779B97F4A7C15ULL + Bytes::kSize) >> (at % 8 * 8)) ^ at);
  return bytes;
}

core::WallTime time_of(std::int64_t milliseconds);

core::Member sample_member(std::uint64_t id);
core::Device sample_device(std::uint64_t id, std::uint64_t member);
core::Invitation sample_invitation(std::uint64_t id, std::uint64_t inviter);
core::RecoveryCode sample_code(std::uint64_t seed, std::uint64_t member);
core::Conversation sample_group(std::uint64_t id);
core::Conversation sample_direct(std::uint64_t id, std::uint64_t low, std::uint64_t high);
core::Interval sample_interval(std::uint64_t conversation, std::uint64_t member, std::uint64_t joined,
                               std::uint64_t left, std::uint64_t since);
core::Register sample_register(std::uint64_t member, core::RegisterKind kind, std::uint64_t object,
                               std::uint64_t position, std::uint64_t rseq);
core::RequestRecord sample_request(std::uint64_t author, std::uint64_t seed);

/// One event with its ranks as given.
core::Event sample_event(std::uint64_t conversation, std::uint64_t seq, std::uint64_t author, std::uint64_t position,
                         std::uint64_t rank, std::uint64_t author_rank);

/// A command that sends one message of the only author of a log: ranks equal seq. With its request row.
core::Change sample_send(std::uint64_t conversation, std::uint64_t seq, std::uint64_t author, std::uint64_t position);

/// A command that writes nothing yet.
core::Change change_at(std::uint64_t position);

/// A batch of one command at `position`.
core::Batch batch_of(core::Change change);

}  // namespace enishi::test
