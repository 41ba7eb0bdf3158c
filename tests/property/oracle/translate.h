// The protocol's frames in the words of the reference model. Knows nothing of the server but its protobuf.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/ids.h"
#include "cpp/store/replica.h"
#include "enishi/v1/frame.pb.h"
#include "model/model.h"

namespace enishi::property {

class History;

/// Names that only the people of the world know: a hash on the wire stands for a code, an id for an invitation.
struct Notes {
  std::map<std::string, std::string> codes;        ///< 32 bytes of hash -> recovery code
  std::map<std::string, std::string> invitations;  ///< 16 bytes of id -> secret in hex
  std::map<std::string, std::string> newcomers;    ///< key in hex of one who presents himself -> wanted device name
};

/// What a frame asks of the model; nullopt: nothing that the model judges. `device`: key of the asking device in hex.
[[nodiscard]] std::optional<model::Command> command_of(const v1::ClientFrame& frame, const std::string& device,
                                                       const History& history, const Notes& notes);
/// Where the answer on the wire differs from the model's, in words; empty: nowhere. Looks at what the wire carries.
[[nodiscard]] std::string difference(const model::Command& command, const model::Answer& expected,
                                     const v1::ServerFrame& answer);
/// The name of an error code as the model says it; empty for none.
[[nodiscard]] std::string error_of(const v1::ServerFrame& answer);
/// All that a device holds. `me`: its member's handle. Throws Broken for a store that cannot be read.
[[nodiscard]] model::View view_of(client::Replica& replica, const std::string& me);
/// One conversation of it; its slots only when `with_slots`.
[[nodiscard]] model::View::Chat chat_of(client::Replica& replica, const client::ConversationView& view,
                                        bool with_slots);

}  // namespace enishi::property
