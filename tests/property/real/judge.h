// Between the threads of a real daemon and its clients on one side, and the oracle, which knows no thread, on the
// other.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/command.h"
#include "property/oracle/oracle.h"
#include "sequencer/messages.h"

namespace enishi::property::real {

/// One lock before oracle, history, model and trace. The sequencer's thread holds it from before a commit until that is
/// judged; so whatever a client hears (of readers, too, who see a commit before its group is told), the oracle has
/// heard of it first. Commands are judged in the order in which the sequencer's inbox had them, each in the words in
/// which a client sent it. Any thread, as said.
class Judge {
 public:
  explicit Judge(Oracle& oracle) : oracle_(oracle) {}

  using Lock = std::unique_lock<std::recursive_mutex>;
  /// For whoever looks at oracle or trace, and for clients in whatever they are told.
  [[nodiscard]] Lock lock() { return Lock(mutex_); }
  /// Throws Broken if a promise was broken where no test could catch it.
  void rethrow();

  /// A client sends a frame; `device`: its key in hex, empty for a stranger. With the lock.
  void on_sent(const std::string& device, std::string_view frame);
  /// The operator's own command, before it is on its way.
  void on_operator(const core::ReplyAddress& from, model::Command command);
  /// A command is on its way to the sequencer; one thread, in order.
  void on_command(const core::Command& command);
  /// Waits until all of these are judged, or will never be.
  void wait_until_idle();
  [[nodiscard]] bool is_idle();

  // The sequencer's thread.
  void on_commit_begins();
  void on_commit_ends(bool done, const core::Batch* written);
  /// What the group came to, before anybody is told. `at`: the sequencer's time.
  void on_group(const sequencer::Group& group, core::WallTime at);
  /// The daemon dies with the one command that it was deciding.
  void on_death(core::WallTime at);

  /// What was on its way to the sequencer is gone with the daemon.
  void forget_commands();

 private:
  [[nodiscard]] v1::ClientFrame frame_of(const core::Command& command) const;
  void judge(const std::vector<Asked>& commands, const sequencer::Group* group, core::WallTime at);
  /// Takes the lock unless the commit has taken it.
  [[nodiscard]] Lock lock_after_commit();

  Oracle& oracle_;
  std::recursive_mutex mutex_;
  std::condition_variable_any judged_;
  std::map<std::pair<std::string, std::uint64_t>, std::vector<v1::ClientFrame>> sent_;  ///< by device and request_id
  std::deque<Asked> asked_;
  std::string broken_;
  bool is_dead_ = false;
  // The sequencer's thread, within one step.
  bool in_commit_ = false;
  bool commit_failed_ = false;
  std::optional<core::Batch> written_;
};

}  // namespace enishi::property::real
