// What watch prints of a happening.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "cli/session/chats.h"
#include "cli/show/printer.h"
#include "cpp/happening.h"

namespace enishi::cli {

/// A happening as JSON (`type` first) and as a line; nullopt: nothing to print.
class HappeningView {
 public:
  using Printed = std::optional<std::pair<Record, std::string>>;
  /// `self`: handle of this member.
  HappeningView(Profile& profile, std::string self) : names_(profile), self_(std::move(self)) {}
  [[nodiscard]] Printed of(const client::Happening& happening);

 private:
  Printed show(const client::happening::Ready& ready);
  Printed show(const client::happening::Message& message);
  Printed show(const client::happening::Marker& marker);
  Printed show(const client::happening::Recounted& recounted);
  Printed show(const client::happening::Presence& presence);
  Printed show(const client::happening::Typing& typing);
  Printed show(const client::happening::Tie& tie);
  Printed show(const client::happening::Member& member);
  Printed show(const client::happening::Membership& membership);
  Printed show(const client::happening::Device& device);
  Printed show(const client::happening::Flag& flag);
  Printed show(const client::happening::State& state);
  Printed show(const client::happening::Notice& notice);
  Printed show(const client::happening::BatonPassed& passed);
  Printed show(const client::happening::BatonTaken& taken);
  Printed show(const client::happening::Profile& profile);
  Printed show(const client::happening::Receipt& receipt);
  /// PairAsked, BatonWanted, Settled, StartedOver, Stopped: told elsewhere, or of no use to a reader.
  template <class Other>
  Printed show(const Other&) {
    return std::nullopt;
  }
  Printed member(const std::string& chat, const std::string& handle, client::happening::Change change);

  ChatNames names_;
  const std::string self_;
};

}  // namespace enishi::cli
