// What there is to be judged: each request, command and event kind stands in one list here, without a default. A new
// one does not compile until it is listed, and does not pass until the model knows it.
#pragma once

#include <set>
#include <string>

#include "core/command.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::property {

/// Who says what must come of a request.
enum class JudgedBy : std::uint8_t {
  model,       ///< it commits something: model::Command
  model_view,  ///< it reads what a model::View, or another question to the model, says
  elsewhere    ///< sessions, signals, and what lives in memory: tests of their own
};
/// Throws Broken for a request that the schema does not have.
[[nodiscard]] JudgedBy judged_by(v1::ClientFrame::BodyCase request);
/// What the model calls a command; empty: it is told nothing of it. PairPresent and PairOffer live in memory.
[[nodiscard]] std::string model_name_of(const core::CommandBody& body);
/// What the model calls each command there is, in its default form; without the empty ones.
[[nodiscard]] std::set<std::string> all_model_names();
/// False: of the daemon itself, nobody waits.
[[nodiscard]] bool wants_answer(const core::CommandBody& body);
/// What the model calls an event of this kind (model::Slot::kind).
[[nodiscard]] const char* model_name_of(core::EventKind kind);

}  // namespace enishi::property
