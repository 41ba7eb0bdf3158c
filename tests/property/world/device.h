// A device of a world: the real client library on what its place gives it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cpp/session_machine.h"
#include "cpp/stranger_machine.h"
#include "cpp/view/draft_field.h"
#include "property/world/context.h"
#include "property/world/place.h"

namespace enishi::property {

/// Everything that a device needs of its world.
struct Parts {
  Context& context;
  Oracle& oracle;
  Place& place;
};

/// One installed client. First nobody's (joining, being paired, recovering), then a member's, at last perhaps revoked.
class Device final : public client::Listener {
 public:
  enum class Phase { stranger, member, dead };

  Device(Parts parts, std::string name);

  // Journeys; called once, one of them.
  void join(const client::Secret& secret, const std::string& handle);
  void present(const client::Secret& secret);
  void recover(const std::string& code);
  /// A stranger who waits for nobody any more.
  void give_up();
  /// It is to be paired: what comes of it depends on a person.
  void wait_for_person() noexcept { waits_for_person_ = true; }
  [[nodiscard]] bool waits_for_person() const noexcept { return waits_for_person_; }
  [[nodiscard]] bool has_journey() const noexcept { return stranger_ != nullptr; }

  /// A request of a member's device, repeated until it is answered. Says nothing to a dead one.
  void ask(v1::ClientFrame frame, client::AnswerCallback callback = {},
           client::OnLoss on_loss = client::OnLoss::repeat);
  void send(const core::PublicId& conversation, const std::string& body, std::uint64_t reply_to);
  /// The person types: the field of a conversation that is held shows `text` now; `leaves` it afterwards.
  void type(const core::PublicId& conversation, const std::string& text, bool leaves);
  /// What stands in the field; empty for none.
  [[nodiscard]] std::string field_text(const core::PublicId& conversation);
  /// Sends what stands in the field.
  void send_field(const core::PublicId& conversation);
  /// One more process on the same profile.
  void open_session();
  /// All its processes end and one starts anew, with what the profile holds. Only while it waits for nothing.
  void restart();
  /// Each session asks something that changes nothing, so that its answer comes behind all that was told before.
  void probe();
  [[nodiscard]] core::ClientId new_client_id();

  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] bool is_member() const noexcept { return phase_ == Phase::member; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& key() const noexcept { return key_; }
  [[nodiscard]] const core::PublicId& id() const noexcept { return identity_.device; }
  [[nodiscard]] const std::string& handle() const noexcept { return holder_.handle; }
  [[nodiscard]] client::Replica& replica() noexcept { return replica_; }
  [[nodiscard]] Holder& holder() noexcept { return holder_; }
  [[nodiscard]] std::size_t sessions() const noexcept { return sessions_.size(); }
  [[nodiscard]] bool has_driver() const noexcept { return stranger_driver_ != nullptr; }
  /// The driver of the present phase; `index` of a member's session.
  [[nodiscard]] Driver& driver(std::size_t index = 0);
  void on_daemon_gone();

  /// Wakes everything and takes all faults of its links away.
  void settle_down();
  /// Why it is not quiet yet; empty: everything is sent, answered and stored.
  [[nodiscard]] std::string unsettled();

  /// Called when a member's device hears of a newcomer to a pairing that it offered.
  std::function<void(Device&, const core::PublicKey&)> on_pair_asked;
  /// Called when it has become a member's.
  std::function<void(Device&)> on_member;

  void on_happening(const client::Happening& happening) override;

 private:
  /// One process on the profile.
  struct Session {
    std::shared_ptr<client::LocalStore> store;
    std::unique_ptr<client::Replica> replica;
    std::unique_ptr<client::SessionMachine> machine;
    std::unique_ptr<Driver> driver;
  };
  client::DraftField& field(const core::PublicId& conversation);
  void start_journey(v1::ClientFrame frame);
  void on_journey(const client::Answer& answer);
  void after_frame(core::Position told_up_to, const client::SessionMachine& machine);
  /// Who dials, once more.
  [[nodiscard]] Line dialled();

  Parts parts_;
  const std::string name_;
  client::Identity identity_;
  const std::string key_;
  std::shared_ptr<client::LocalStore> store_;
  client::Replica replica_;
  Holder holder_;
  std::unique_ptr<client::StrangerMachine> stranger_;
  std::unique_ptr<Driver> stranger_driver_;
  std::vector<Session> sessions_;
  std::map<core::PublicId, client::DraftField> fields_;  ///< that are on the screen
  std::map<core::PublicId, std::uint64_t> last_seq_;     ///< of our messages that were acked, by conversation
  std::map<std::pair<core::PublicId, std::string>, std::pair<std::uint64_t, std::uint64_t>> receipts_;  ///< as told
  std::string cursor_;
  std::size_t unanswered_ = 0;
  std::uint64_t turns_ = 0;
  std::uint32_t dials_ = 0;
  bool waits_for_person_ = false;
  Phase phase_ = Phase::stranger;
};

}  // namespace enishi::property
