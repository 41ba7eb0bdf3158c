// One seed's world: a daemon, members with their devices, and all that happens to them, in one thread and virtual time.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "property/ops.h"
#include "property/world/device.h"

namespace enishi::property {

/// What came of a seed.
struct Verdict {
  std::string broken;  ///< which promise; empty: none
  std::string trace;   ///< the last lines before it
  std::uint64_t hash = 0;
};

/// Performs operations. Whatever its seed, each promise of the design holds; the parts throw Broken where one does not.
class World final : public RestartListener {
 public:
  static constexpr std::size_t kSteps = 220;

  explicit World(std::uint64_t seed);

  /// A member joins by the operator's invitation, or by one of `inviter`; returns the device once it is settled.
  Device& found(const std::string& handle);
  Device& join(Device& inviter, const std::string& handle);
  /// Does it, as far as there is something to do it with, and lets a little time pass.
  void perform(const Op& op);
  /// Everybody is online and nothing fails; runs until nothing is left to do, then compares every device with the
  /// model.
  void settle();

  [[nodiscard]] Context& context() noexcept { return context_; }
  [[nodiscard]] Oracle& oracle() noexcept { return oracle_; }
  [[nodiscard]] Daemon& daemon() noexcept { return daemon_; }
  [[nodiscard]] std::optional<core::PublicId> conversation(const std::string& name) const;

  void on_daemon_gone() override;

 private:
  // acts.cc: what people do
  void act(const Op& op, Device& device);
  void talk(const Op& op, Device& device);
  [[nodiscard]] std::string some_text(const Op& op);
  void change_message(const Op& op, Device& device, const core::PublicId& id, std::uint64_t seq);
  /// Seq of a message of this device's member, the first from `from` on; 0: none.
  [[nodiscard]] std::uint64_t own_message(const Device& device, const core::PublicId& id, std::uint64_t from) const;
  void change_group(const Op& op, Device& device);
  void change_tie(const Op& op, Device& device);
  void change_devices(const Op& op, Device& device);
  void say_signals(const Op& op, Device& device);
  void repeat(const Op& op, Device& device);
  void invite(Device& device);
  void pair(Device& device, bool approve);
  void remember(const Device& device, const v1::ClientFrame& frame);
  void ask(Device& device, const v1::ClientFrame& frame);
  // world.cc
  void happen(const Op& op);
  Device& add_device(const std::string& name);
  [[nodiscard]] Device* member_device(std::uint32_t number);
  [[nodiscard]] core::PublicId some_conversation(const Device& device, std::uint32_t number, std::uint32_t how);
  [[nodiscard]] std::string some_handle(const Device& device, std::uint32_t number) const;
  [[nodiscard]] std::string unsettled();

  struct Earlier {
    std::string handle;
    v1::ClientFrame frame;
  };

  Context context_;
  Oracle oracle_;
  Daemon daemon_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<std::string> handles_;
  std::deque<Earlier> earlier_;
  std::vector<std::pair<std::string, std::string>> codes_;  ///< handle and recovery code
  std::uint64_t texts_ = 0;
};

/// The world of `seed` from the first member to the last comparison. Steps: World::kSteps.
[[nodiscard]] Verdict run_seed(std::uint64_t seed);

}  // namespace enishi::property
