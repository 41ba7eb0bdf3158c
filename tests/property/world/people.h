// The people of a world: what they do with their devices. Where the devices stand, the derived world says.
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

/// Whatever they do, each promise of the design holds; the parts throw Broken where one does not.
class People {
 public:
  static constexpr std::size_t kSteps = 220;

  explicit People(std::uint64_t seed) : context_(seed), oracle_(context_) {}
  virtual ~People() = default;
  People(const People&) = delete;
  People& operator=(const People&) = delete;

  /// A member joins by the operator's invitation, or by one of `inviter`; returns the device (`found`: once all is
  /// settled).
  Device& found(const std::string& handle);
  Device& join(Device& inviter, const std::string& handle);
  /// Does it, as far as there is something to do it with, and lets a little happen.
  virtual void perform(const Op& op) = 0;
  /// Everybody is online and nothing fails until nothing is left to do; then every device is compared with the model.
  virtual void settle() = 0;
  /// From the first member to the last comparison.
  [[nodiscard]] Verdict live();

  [[nodiscard]] Context& context() noexcept { return context_; }
  [[nodiscard]] Oracle& oracle() noexcept { return oracle_; }
  [[nodiscard]] std::optional<core::PublicId> conversation(const std::string& name) const;

 protected:
  [[nodiscard]] virtual Place& place() = 0;
  /// The operator's invitation for one.
  virtual void make_invitation(const client::Secret& secret) = 0;
  virtual void restart_daemon(const Op& op) = 0;
  virtual void jump_clock(Instant by) = 0;
  virtual void wait_long(const Op& op) = 0;

  /// Whose turn it is; null: nobody's. Says so in the trace.
  Device* begin(const Op& op);
  // acts.cc: what people do
  void act(const Op& op, Device& device);
  // people.cc: what happens to them
  void happen(const Op& op);
  /// Those who wait for an answer of a person wait for nobody any more; all faults of their connections end.
  void calm_down();
  /// Why it is not quiet yet; empty: each device has sent, heard and stored everything.
  [[nodiscard]] std::string restless();
  void compare_all();

  Context context_;
  Oracle oracle_;
  std::vector<std::unique_ptr<Device>> devices_;

 private:
  struct Earlier {
    std::string handle;
    v1::ClientFrame frame;
  };

  void talk(const Op& op, Device& device);
  [[nodiscard]] std::string some_text(const Op& op);
  void write_draft(const Op& op, Device& device, const core::PublicId& id);
  /// Nothing that was typed is out of reach.
  void check_typed();
  void change_message(const Op& op, Device& device, const core::PublicId& id, std::uint64_t seq);
  /// Seq of a message of this device's member, the first from `from` on; 0: none.
  [[nodiscard]] std::uint64_t own_message(const Device& device, const core::PublicId& id, std::uint64_t from) const;
  void change_group(const Op& op, Device& device);
  void change_tie(const Op& op, Device& device);
  void change_devices(const Op& op, Device& device);
  void say_signals(const Op& op, Device& device);
  void change_profile(const Op& op, Device& device);
  void repeat(const Op& op, Device& device);
  void invite(Device& device);
  void pair(Device& device, bool approve);
  void remember(const Device& device, const v1::ClientFrame& frame);
  void ask(Device& device, const v1::ClientFrame& frame);
  Device& add_device(const std::string& name);
  [[nodiscard]] Device* member_device(std::uint32_t number);
  [[nodiscard]] core::PublicId some_conversation(const Device& device, std::uint32_t number, std::uint32_t how);
  [[nodiscard]] std::string some_handle(const Device& device, std::uint32_t number) const;

  std::vector<std::string> handles_;
  std::deque<Earlier> earlier_;
  std::vector<std::pair<std::string, std::string>> codes_;  ///< handle and recovery code
  std::uint64_t texts_ = 0;
};

}  // namespace enishi::property
