#include "property/oracle/oracle.h"

#include <algorithm>

#include "property/world/context.h"

namespace enishi::property {
namespace {

auto key_of(const core::ReplyAddress& to) { return std::tuple(to.loop, to.seat, to.request); }

v1::ServerFrame parsed(std::string_view payload) {
  v1::ServerFrame answer;
  expect(answer.ParseFromArray(payload.data(), static_cast<int>(payload.size())),
         "the daemon encoded what nobody can read");
  return answer;
}

/// The answer to a command; what else goes to its address is no answer.
std::optional<v1::ServerFrame> answer_to(const sequencer::Group& group, const core::ReplyAddress& to) {
  for (const auto& reply : group.replies) {
    if (reply.to != to) continue;
    auto frame = parsed(wire::payload_of(reply.frame));
    if (!frame.has_pair_asked()) return frame;
  }
  return std::nullopt;
}

}  // namespace

void Oracle::on_request(const core::ReplyAddress& from, const std::string& device, std::string_view payload) {
  Request request;
  expect(request.frame.ParseFromArray(payload.data(), static_cast<int>(payload.size())),
         "a client encoded what nobody can read");
  if (request.frame.has_pair_present())
    notes.newcomers[hex(request.frame.pair_present().key())] = request.frame.pair_present().name();
  request.command = command_of(request.frame, device, history, notes);
  request.device = device;
  auto address = from;
  address.request = request.frame.request_id();
  requests_[key_of(address)] = std::move(request);
}

void Oracle::on_operator(const core::ReplyAddress& from, model::Command command) {
  requests_[key_of(from)] = Request{std::move(command), {}, {}};
}

void Oracle::judge(const std::vector<Asked>& commands, const Stepped& step) {
  const auto before = history.newest();
  if (step.written) {
    history.learn(*step.written);
    typed.learn(
        *step.written, [this](core::MemberId id) { return history.handle(id); },
        [this](core::ConversationId id) { return std::string(history.public_id(id)); });
  }
  if (step.group) check_receipts_told(*step.group, before);
  const bool applied = step.written || (step.group && !step.commit_failed);
  const auto off_before = model.no_receipts;
  std::vector<Judged> judged;
  for (const auto& asked : commands) {
    if (!asked.wants_answer) continue;
    const auto at = requests_.find(key_of(asked.to));
    expect(at != requests_.end(), "the sequencer got a command that nobody asked");
    const auto request = std::move(at->second);
    requests_.erase(at);
    expect(!request.command || request.command->what == asked.what, "a request was understood as another one");
    // A refused newcomer, and one whom nobody has seen, are no device.
    expect(request.command || asked.what.empty() || asked.what == "pair", "the model does not hear of a request");
    std::optional<v1::ServerFrame> answer;
    if (step.group) {
      answer = answer_to(*step.group, asked.to);
      expect(answer.has_value(), "a command got no answer");
    }
    if (applied) {
      if (auto done = apply(request, answer, step.at)) judged.push_back(*std::move(done));
    } else if (answer) {
      const bool later = answer->has_error() && answer->error().code() >= 200 && answer->error().code() < 300;
      expect(later, "the commit failed, and yet a command was answered as if it had not");
    }
  }
  for (auto& each : judged) compare(std::move(each));
  if (!step.written) return;
  check_receipts(*step.written, off_before);
  keep_heads();
}

// Within a group receipts may go on and off; who had them off before and after it has at most tried.
void Oracle::check_receipts(const core::Batch& batch, const std::set<std::string>& off_before) const {
  const auto is_off = [&](core::MemberId member) {
    const auto& handle = history.handle(member);
    return off_before.contains(handle) && model.no_receipts.contains(handle);
  };
  for (const auto& change : batch.changes)
    for (const auto& moved : change.receipts)
      for (const auto member : *moved.both)
        expect(!is_off(member) && !is_off(moved.member), "a read receipt goes to or comes from one who has them off");
}

std::optional<Oracle::Judged> Oracle::apply(const Request& request, const std::optional<v1::ServerFrame>& answer,
                                            core::WallTime at) {
  if (!request.command) return std::nullopt;
  auto command = *request.command;
  // An offer lives in the daemon's memory, so the daemon alone knows whether the newcomer still waits.
  if (command.what == "pair" && answer && error_of(*answer) == "PAIRING_UNKNOWN") return std::nullopt;
  if (command.what == "pair" && !answer && !history.device(command.key)) return std::nullopt;
  const auto device = model.devices.find(command.device);
  const auto handle = device == model.devices.end() ? std::string() : device->second.handle;
  if (command.what == "group_new") {
    core::ClientId id;
    static_cast<void>(id.assign(request.frame.client_id()));
    command.conversation = history.made_by(history.member(handle), id);
  }
  command.now_ms = at.time_since_epoch().count();
  auto expected = model.apply(command);
  views_.clear();
  if (expected.error.empty()) carried_out.insert(command.what);
  context_.trace.say("decided " + command.what + ' ' + command.conversation + ' ' + command.handle + " by " + handle +
                     ' ' + command.device.substr(0, 4) + ": " + (expected.error.empty() ? "done" : expected.error) +
                     ' ' + std::to_string(expected.seq) + (expected.duplicate ? " again" : "") + " id " +
                     (command.client_id.size() == 32 ? command.client_id.substr(26) : "none") + " @" +
                     std::to_string(history.newest().value));
  if (!answer) return std::nullopt;
  if (answer->has_invitation_made()) notes.invitations[answer->invitation_made().invitation().id()] = command.secret;
  return Judged{std::move(command), std::move(expected), *answer, handle};
}

void Oracle::compare(Judged judged) {
  auto& [command, expected, answer, handle] = judged;
  // A number is told as it is once the whole group is committed; to one who left within it, nothing is told.
  const bool stale = expected.error == "STALE_REV";
  const bool has_number = command.what == "read" || command.what == "mark_unread";
  if (has_number && (expected.error.empty() || stale)) {
    expected.head = model.head(handle, command.conversation);
    if (expected.head.rev == 0 && !stale) expected.error = "NOT_FOUND";
    if (expected.head.rev == 0 && stale) expected.head.rev = answer.error().current_rev();
  }
  if (const auto differs = difference(command, expected, answer); !differs.empty())
    throw Broken{"answer to " + command.what + " (" + command.conversation + ' ' + command.handle + ") of " + handle +
                 ": " + differs};
}

void Oracle::keep_heads() {
  for (auto i = named_.size(); i < history.conversations().size(); ++i) {
    const auto public_id = history.conversations()[i].view();
    named_[history.name_of(public_id)] = history.conversation(public_id);
  }
  for (const auto& [name, chat] : model.conversations) {
    const auto known = named_.find(name);
    expect(known != named_.end(), "a conversation of the model was not committed");
    const auto id = known->second;
    std::vector<std::string> kinds;
    for (const auto& slot : chat.log) kinds.push_back(slot.kind);
    expect(kinds == history.kinds(id), "the log holds other events than the model's");
    for (const auto& [handle, member] : chat.people) {
      const auto head = model.head(handle, name);
      auto& trail = heads_[{handle, id}];
      if (trail.empty() || trail.back().second != head) trail.emplace_back(history.newest(), head);
    }
  }
}

void Oracle::on_push(Line& line, const wire::Frame& frame, bool in_group) {
  const auto told = parsed(wire::payload_of(frame));
  if (!told.has_server_ping())
    context_.trace.say("push " + std::to_string(line.floor) + ' ' + line.device.substr(0, 4) + " case " +
                       std::to_string(told.body_case()) + " request " + std::to_string(told.request_id()));
  if (told.has_welcome()) line.welcome = true;
  if (!line.welcome) return;
  const auto revoked = revoked_.find({line.floor, history.device(line.device)});
  const bool is_answer = told.request_id() != 0 || told.has_pair_asked();
  expect(revoked == revoked_.end() || (!revoked->second && is_answer), "a revoked device is told something");
  follow(line, told, in_group);
}

core::Position Oracle::on_arrival(Line& line, std::string_view payload) {
  const auto told = parsed(payload);
  ++arrived[told.body_case()];
  if (!told.has_server_ping())
    context_.trace.say("heard " + line.device.substr(0, 4) + " case " + std::to_string(told.body_case()) + " request " +
                       std::to_string(told.request_id()));
  if (told.has_welcome()) line.welcome = true;
  if (!line.welcome) return history.newest();
  const bool is_of_group = line.live && told.request_id() == 0;
  if (is_of_group) check_not_revoked(line, told);
  follow(line, told, false);
  if (told.has_frontier()) return line.frontier;
  return is_of_group ? core::Position{} : history.newest();
}

void Oracle::follow(Line& line, const v1::ServerFrame& told, bool in_group) const {
  check_told(line, told, in_group);
  if (told.has_lagged()) line.live = false;
  if (!told.has_frontier()) return;
  const auto position = position_of(told.frontier().cursor());
  expect(position >= line.frontier, "a session's frontier went back");
  expect(position <= history.newest(), "a frontier is ahead of what was committed");
  line.frontier = position;
  line.live = line.live || told.frontier().live();
}

void Oracle::check_not_revoked(const Line& line, const v1::ServerFrame& frame) const {
  const auto end = history.revoked_at(history.device(line.device));
  if (!end) return;
  bool is_later = frame.has_frontier() && position_of(frame.frontier().cursor()) >= end;
  for (const auto& event : frame.batch().events())
    is_later = is_later || history.position(history.conversation(event.conversation_id()), event.seq()) >= end;
  expect(!is_later, "a revoked device is told something that came after its revocation");
}

void Oracle::check_told(const Line& line, const v1::ServerFrame& frame, bool in_group) const {
  const bool durable = frame.has_batch() || frame.has_head() || frame.has_gap() || frame.has_skipped();
  if (durable && in_group) expect(line.live, "a session that is catching up or lagging got a live durable frame");
  for (const auto& event : frame.batch().events()) {
    check_event(line, event);
    check_not_left(line, event.conversation_id());
  }
  for (const auto& event : frame.page().events()) check_event(line, event);
  for (const auto& event : frame.changes().events()) check_event(line, event);
  if (frame.has_receipt()) check_receipt(line, frame.receipt());
  for (const auto& receipt : frame.receipts().receipts()) check_receipt(line, receipt);
  if (frame.has_head()) check_not_left(line, frame.head().conversation_id());
  if (frame.has_gap()) check_not_left(line, frame.gap().conversation_id());
}

void Oracle::check_event(const Line& line, const v1::Event& event) const {
  const auto stays =
      history.stays(history.member(line.handle), history.conversation(event.conversation_id()), history.newest());
  expect(core::covers(stays, core::Seq{event.seq()}), "a session got an event that its member may not see");
}

void Oracle::check_not_left(const Line& line, std::string_view conversation) const {
  const auto member = history.member(line.handle);
  const auto id = history.conversation(conversation);
  const auto then = history.stays(member, id, line.frontier);
  const bool had_left = !then.empty() && then.back().left;
  // He may have come back since, perhaps for a moment only.
  const bool came_back = history.stays(member, id, history.newest()).size() > then.size();
  expect(!had_left || came_back, "a session got something of a conversation behind the frontier of its removal");
}

core::Position Oracle::position_of(std::string_view cursor) const {
  const auto content = context_.seals.open_cursor(cursor);
  expect(content.has_value(), "a cursor is none of this daemon's");
  return content->position;
}

bool Oracle::is_revoked(const std::string& device) const {
  const auto known = model.devices.find(device);
  return known != model.devices.end() && known->second.revoked;
}

}  // namespace enishi::property
