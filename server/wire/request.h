// Requests of enishi.v1 as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/command.h"
#include "core/error.h"

namespace enishi::wire {

/// As proto PresenceState; 0 is UNSPECIFIED.
enum class Presence : std::uint8_t { unspecified = 0, active, idle, background, offline, unknown };

struct Hello {
  core::PublicId device;
  std::string cursor;
  Presence mode = Presence::active;
  std::string ticket;
};
struct Prove {
  std::string origin, client_nonce, signature;
};
struct Probe {};
struct InvitePreview {
  core::SecretHash secret_hash;
};
struct Fetch {
  core::PublicId conversation;
  core::Seq first, last;
  std::uint32_t limit = 50;
  bool newest_first = false;
};
/// `first`: changes from this seq on.
struct Changed {
  core::PublicId conversation;
  core::Seq first;
};
struct List {};
struct ReceiptsAsk {
  core::PublicId conversation;
};
/// `conversation` zero: by the tie.
struct PictureFetch {
  std::string handle;
  core::PublicId conversation;
};
struct MemberList {
  core::PublicId conversation;
};
/// See proto Baton. `wanted_by`: the request answers BatonWanted of that device.
struct Baton {
  core::PublicId device, conversation;
  core::Seq anchor;
  std::uint32_t anchor_offset = 0, caret = 0;
  std::uint64_t draft_rev = 0;
  core::PublicId wanted_by;
};
struct BatonAsk {};
struct BatonTake {
  core::PublicId baton;
};
struct InviteList {};
struct DeviceList {};
struct SetMode {
  Presence mode = Presence::active;
};
struct Watch {
  std::vector<std::string> handles;
  bool all = false;
};
struct Focus {
  std::vector<core::PublicId> conversations;
  bool all = false;
};
struct Typing {
  core::PublicId conversation;
};
struct PresenceAsk {
  std::vector<std::string> handles;
};

using RequestBody = std::variant<core::CommandBody, Hello, Prove, Probe, InvitePreview, Fetch, Changed, List,
                                 InviteList, DeviceList, SetMode, Watch, Focus, Typing, PresenceAsk, ReceiptsAsk,
                                 PictureFetch, MemberList, Baton, BatonAsk, BatonTake>;

struct Request {
  std::uint64_t id = 0;
  core::ClientId client_id;  ///< zero when there was none
  std::string content;       ///< what a client_id stands for: the request without its id, canonically serialised
  core::Result<RequestBody> body = core::Errc::unsupported;  ///< an error is this request's answer
};

/// Hash of a secret as it is stored.
using HashSecret = core::SecretHash (*)(std::string_view secret);

/// Decodes and checks the form of one ClientFrame: lengths, ranges, enum values. A field out of its range makes `body`
/// an error; the frame as a whole fails only when it is no ClientFrame. Errors: protocol_violation.
[[nodiscard]] core::Result<Request> decode(std::string_view payload, HashSecret hash_secret);

}  // namespace enishi::wire
