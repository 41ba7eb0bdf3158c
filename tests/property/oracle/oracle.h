// What must be: the reference model, fed in commit order, and the checks of everything that can be seen against it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "property/oracle/history.h"
#include "property/oracle/translate.h"
#include "property/oracle/typed.h"
#include "sequencer/messages.h"

namespace enishi::property {

struct Context;

/// One command as the sequencer took it.
struct Asked {
  core::ReplyAddress to;
  bool wants_answer = true;  ///< false: of the daemon itself (DeviceSeen)
  std::string what = {};     ///< as the model calls it; empty: it does not hear of it
};

/// What one step of the sequencer came to.
struct Stepped {
  const sequencer::Group* group = nullptr;  ///< null: the store failed, the process ends
  const core::Batch* written = nullptr;     ///< what the store holds now that it did not before; null: nothing
  bool commit_failed = false;
  core::WallTime at{};
};

/// The server's end of a session, as far as promises are made of it.
struct Line {
  std::uint32_t floor = 0;
  std::string device, handle;  ///< key in hex and member; empty for a stranger
  bool welcome = false;
  bool live = false;        ///< a frontier said so, and no Lagged since
  core::Position frontier;  ///< of the last one
};

/// One device's holdings.
struct Holder {
  std::string name, handle;
  client::Replica& replica;
  core::Position ahead;  ///< an answer may have told of things up to here, beside the log
  std::map<core::PublicId, std::pair<std::uint64_t, std::uint64_t>> markers;  ///< greatest (rev, seq) seen
};

/// Throws Broken where a promise is broken. The model gets each command as the client worded it (the frame that was
/// sent), in the order in which the sequencer decided, and only when the store took the group; so neither the wire
/// codec nor the core is believed. One for each world.
class Oracle {
 public:
  explicit Oracle(Context& context) : context_(context) {}

  /// A frame of a client reaches the daemon.
  void on_request(const core::ReplyAddress& from, const std::string& device, std::string_view payload);
  /// As on_request, for the operator's own commands.
  void on_operator(const core::ReplyAddress& from, model::Command command);
  /// Answers equal the model's; what failed changed nothing.
  void judge(const std::vector<Asked>& commands, const Stepped& step);
  /// A floor learns of a revocation with the group that it tells now, and has told it. Answers may go with that group.
  void on_revoking(std::uint32_t floor, core::DeviceId device) { revoked_[{floor, device}] = false; }
  void on_revoked(std::uint32_t floor, core::DeviceId device) { revoked_[{floor, device}] = true; }
  /// A floor puts a frame into a session's outbox. `in_group`: while it tells a committed group.
  void on_push(Line& line, const wire::Frame& frame, bool in_group);
  /// As on_push, but later: a frame has come to the client's end. Returns up to where it tells of the log by itself: no
  /// farther than the frontier that will follow it (0), or perhaps of all there is.
  core::Position on_arrival(Line& line, std::string_view payload);

  /// A device stored a cursor: all that was committed up to it is held, or is a debt that is written down.
  void check_cursor(const Holder& holder, std::string_view cursor, bool live);
  /// Of a live device, at its cursor: one conversation's number, chosen by `turn`; and markers never fall.
  void check_number(Holder& holder, std::string_view cursor, std::uint64_t turn);
  /// Nothing is on its way: the device holds what the model says, to the letter.
  void check_quiet(const Holder& holder);
  /// A device may have stored something: what its member can be said to hold.
  void keep_held(const Holder& holder);
  /// Puts a question of a member to the store as it is; the answer's frames.
  using Question = std::function<std::vector<v1::ServerFrame>(core::MemberId, const v1::ClientFrame&)>;
  /// Nothing is on its way: what one member may ask about one conversation, chosen by `turn`, is answered as the model
  /// says (ReceiptsAsk, MemberList, PictureFetch).
  void check_questions(const Question& ask, std::uint64_t turn) const;
  /// A client was told that its message is in the log.
  void check_sent(const std::string& handle, std::string_view conversation, std::string_view client_id,
                  const std::string& body, std::uint64_t seq) const;
  [[nodiscard]] bool is_revoked(const std::string& device) const;

  Notes notes;
  Typed typed;
  std::map<v1::ServerFrame::BodyCase, std::uint64_t> arrived;  ///< frames told to on_arrival, by what is in them
  std::set<std::string> carried_out;                           ///< commands, as the model calls them
  History history;
  model::Model model;

 private:
  struct Request {
    std::optional<model::Command> command;  ///< none: not judged
    v1::ClientFrame frame;
    std::string device;
  };
  struct Judged {
    model::Command command;
    model::Answer expected;
    v1::ServerFrame answer;
    std::string handle;
  };
  std::optional<Judged> apply(const Request& request, const std::optional<v1::ServerFrame>& answer, core::WallTime at);
  void compare(Judged judged);
  void check_receipts(const core::Batch& batch, const std::set<std::string>& off_before) const;
  void keep_heads();
  void follow(Line& line, const v1::ServerFrame& frame, bool in_group) const;
  void check_told(const Line& line, const v1::ServerFrame& frame, bool in_group) const;
  void check_not_revoked(const Line& line, const v1::ServerFrame& frame) const;
  void check_event(const Line& line, const v1::Event& event) const;
  void check_receipt(const Line& line, const v1::Receipt& receipt) const;
  void check_receipts_told(const sequencer::Group& group, core::Position before) const;
  void check_not_left(const Line& line, std::string_view conversation) const;
  [[nodiscard]] core::Position position_of(std::string_view cursor) const;

  Context& context_;
  std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint64_t>, Request> requests_;
  std::map<std::pair<std::uint32_t, core::DeviceId>, bool> revoked_;  ///< true: its group was told
  std::map<std::pair<std::string, core::ConversationId>, std::vector<std::pair<core::Position, model::Head>>> heads_;
  std::map<std::string, core::ConversationId> named_;
  /// Through here some device of the member held everything that he may see.
  std::map<std::pair<std::string, core::ConversationId>, std::uint64_t> held_;
  std::map<std::string, model::View> views_;  ///< of the model as it is, until it changes
};

}  // namespace enishi::property
