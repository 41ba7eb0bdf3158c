// What people do with their devices.
#include <algorithm>
#include <array>

#include "cpp/requests.h"
#include "property/world/people.h"

namespace enishi::property {
namespace {

namespace requests = client::requests;

constexpr std::size_t kEarlierKept = 40;
constexpr std::size_t kDevicesMax = 3, kMembersMax = 6;

}  // namespace

void People::remember(const Device& device, const v1::ClientFrame& frame) {
  earlier_.push_back({device.handle(), frame});
  if (earlier_.size() > kEarlierKept) earlier_.pop_front();
}

void People::ask(Device& device, const v1::ClientFrame& frame) {
  if (!frame.client_id().empty()) remember(device, frame);
  device.ask(frame);
}

void People::act(const Op& op, Device& device) {
  switch (op.kind) {
    case OpKind::repeat:
      return repeat(op, device);
    case OpKind::group_new:
    case OpKind::group_add:
    case OpKind::group_remove:
    case OpKind::group_leave:
    case OpKind::group_title:
      return change_group(op, device);
    case OpKind::tie:
      return change_tie(op, device);
    case OpKind::invite:
      return invite(device);
    case OpKind::pair:
    case OpKind::revoke:
    case OpKind::recovery_codes:
    case OpKind::recover:
      return change_devices(op, device);
    case OpKind::signals:
      return say_signals(op, device);
    case OpKind::profile:
      return change_profile(op, device);
    case OpKind::second_session:
      if (device.sessions() < 2) device.open_session();
      return;
    default:
      return talk(op, device);
  }
}

void People::talk(const Op& op, Device& device) {
  const auto id = some_conversation(device, op.where, op.how);
  const auto view = device.replica().conversation(id);
  const std::uint64_t head = view ? view->head : 3;
  const std::uint64_t rev = (view ? view->rev : 1) - (op.how % 5 == 1 ? 1 : 0);
  const std::uint64_t seq = op.much % (head + 2);
  switch (op.kind) {
    case OpKind::send: {
      // Sometimes several at once, sometimes a long one, so that conversations get ahead of those who are away.
      const auto count = op.much % 6 == 0 ? 8 : 1;
      for (int i = 0; i < count; ++i) {
        auto text = some_text(op);
        if (op.how % context_.settings.texts_per_long == 2) text.append(op.much % context_.settings.text_bytes, 'x');
        if (op.how % 3 != 0)
          device.send(id, text, op.how % 5 == 3 ? seq : 0);
        else
          ask(device, requests::send(device.new_client_id(), id, text, op.how % 5 == 3 ? seq : 0));
      }
      return;
    }
    case OpKind::read:
      return device.ask(requests::read(id, op.how % 4 == 2 ? 0 : seq, rev));
    case OpKind::draft:
      return view ? write_draft(op, device, id) : void();
    case OpKind::edit:
    case OpKind::remove:
    case OpKind::react:
    case OpKind::pin_message:
    case OpKind::forward:
    case OpKind::message_flag:
      return change_message(op, device, id, seq);
    case OpKind::mark_unread:
      return ask(device, requests::mark_unread(device.new_client_id(), id, rev, seq));
    case OpKind::flag:
      return device.ask(
          requests::set_flag(id, op.much % 2 == 0 ? v1::REGISTER_KIND_MUTE : v1::REGISTER_KIND_PIN, op.much % 3 != 0));
    case OpKind::fetch:
      return device.ask(
          requests::fetch(id, seq, op.much % 3 == 0 ? 0 : seq + op.how % 7, 1 + op.how % 20, op.how % 2 == 0));
    default:
      return device.ask(requests::list());
  }
}

void People::write_draft(const Op& op, Device& device, const core::PublicId& id) {
  const auto shown = device.field_text(id);
  const bool leaves = op.how % 3 == 0;
  switch (op.much % 8) {
    case 0:
      return device.send_field(id);
    case 1:
      return device.type(id, "", leaves);
    case 2:
    case 3:
      return device.type(id, "half " + std::to_string(++texts_), leaves);
    case 4:
      // In the middle: what stood there is no beginning of it.
      return device.type(id, "<" + shown + ">" + std::to_string(++texts_), leaves);
    default:
      return device.type(id, shown + " more" + std::to_string(++texts_), leaves);
  }
}

std::string People::some_text(const Op& op) {
  auto text = "text " + std::to_string(++texts_);
  if (op.where % 3 == 0 && !handles_.empty()) text += " @" + handles_[op.how % handles_.size()];
  if (op.where % 7 == 1) text += " @all";
  return text;
}

void People::change_message(const Op& op, Device& device, const core::PublicId& id, std::uint64_t seq) {
  static constexpr std::array<const char*, 3> kEmoji = {"+", "ok", "\xF0\x9F\x90\x95"};
  const auto client_id = device.new_client_id();
  const bool on = op.how % 3 != 0;
  // The author's own more often than not, or hardly anything would be edited or deleted.
  if ((op.kind == OpKind::edit || op.kind == OpKind::remove) && op.how % 5 != 0) {
    const auto mine = own_message(device, id, seq);
    if (mine != 0) seq = mine;
  }
  switch (op.kind) {
    case OpKind::edit:
      return ask(device, requests::edit(client_id, id, seq, some_text(op)));
    case OpKind::remove:
      return ask(device, requests::delete_message(client_id, id, seq));
    case OpKind::react:
      return ask(device, requests::react(client_id, id, seq, kEmoji.at(op.much % kEmoji.size()), on));
    case OpKind::pin_message:
      return ask(device, requests::pin_message(client_id, id, seq, on));
    case OpKind::forward:
      return ask(device, requests::forward(client_id, some_conversation(device, op.how, op.much), id, seq));
    default:
      return device.ask(
          requests::set_message_flag(id, seq, op.much % 2 == 0 ? v1::REGISTER_KIND_STAR : v1::REGISTER_KIND_HIDE, on));
  }
}

std::uint64_t People::own_message(const Device& device, const core::PublicId& id, std::uint64_t from) const {
  const auto chat = oracle_.model.conversations.find(oracle_.history.name_of(id.view()));
  if (chat == oracle_.model.conversations.end()) return 0;
  const auto& log = chat->second.log;
  for (std::uint64_t step = 0; step < log.size(); ++step) {
    const auto at = (from + step) % log.size();
    if (log[at].kind == "MESSAGE" && log[at].author == device.handle() && !log[at].deleted) return at + 1;
  }
  return 0;
}

void People::change_group(const Op& op, Device& device) {
  const auto client_id = device.new_client_id();
  if (op.kind == OpKind::group_new) {
    std::vector<std::string> handles;
    const auto& history = oracle_.history;
    for (std::uint32_t i = 0; i < handles_.size(); ++i) {
      const auto tie = oracle_.model.ties.find({device.handle(), handles_[i]});
      const bool tied = tie != oracle_.model.ties.end() && tie->second == "MUTUAL";
      if (((op.how >> i) & 1U) != 0 && (tied || op.much % 9 == 0)) handles.push_back(handles_[i]);
    }
    static_cast<void>(history);
    return ask(device, requests::group_new(client_id, "group " + std::to_string(++texts_), handles));
  }
  // Groups, if there are any: others are tried elsewhere.
  std::vector<core::PublicId> groups;
  for (const auto& id : oracle_.history.conversations()) {
    const auto chat = oracle_.model.conversations.find(oracle_.history.name_of(id.view()));
    if (chat != oracle_.model.conversations.end() && chat->second.kind == "GROUP") groups.push_back(id);
  }
  const auto id = groups.empty() || op.much % 11 == 0 ? some_conversation(device, op.where, op.how)
                                                      : groups[op.where % groups.size()];
  const auto handle = some_handle(device, op.how);
  switch (op.kind) {
    case OpKind::group_add:
      return ask(device, requests::group_add(client_id, id, handle));
    case OpKind::group_remove:
      return ask(device, requests::group_remove(client_id, id, handle));
    case OpKind::group_leave:
      return ask(device, requests::group_leave(client_id, id, op.much % 2 == 0 ? "" : handle));
    default:
      return ask(device, requests::group_title(client_id, id, "title " + std::to_string(++texts_)));
  }
}

void People::change_tie(const Op& op, Device& device) {
  const auto handle = some_handle(device, op.where);
  auto action = static_cast<v1::TieAction>(v1::TIE_ACTION_ASK + op.how % 6);
  const auto known = oracle_.model.ties.find({device.handle(), handle});
  const auto tie = known == oracle_.model.ties.end() ? "" : known->second;
  // Ended ties are mended more often than not, or soon nobody would talk.
  if (op.much % 3 != 0) {
    if (oracle_.model.blocks.contains({device.handle(), handle}))
      action = v1::TIE_ACTION_UNBLOCK;
    else if (tie == "ASKED_IN")
      action = v1::TIE_ACTION_ACCEPT;
    else if (tie != "MUTUAL")
      action = v1::TIE_ACTION_ASK;
  }
  ask(device, requests::tie(device.new_client_id(), action, handle));
}

void People::invite(Device& device) {
  if (handles_.size() >= kMembersMax) return;
  join(device, "m" + std::to_string(handles_.size()));
}

void People::pair(Device& device, bool approve) {
  const auto secret = client::make_secret(context_.entropy);
  auto& newcomer = add_device("device" + std::to_string(devices_.size()));
  newcomer.wait_for_person();
  device.on_pair_asked = [this, secret, approve](Device& asked, const core::PublicKey& key) {
    ask(asked, requests::pair_decide(asked.new_client_id(), secret, key, approve));
  };
  device.ask(
      requests::pair_offer(secret),
      [&newcomer, secret](const client::Answer& answer) {
        if (answer.ok())
          newcomer.present(secret);
        else
          newcomer.give_up();
      },
      client::OnLoss::fail);
}

void People::change_devices(const Op& op, Device& device) {
  std::vector<Device*> own;
  for (auto& each : devices_)
    if (each->is_member() && each->handle() == device.handle()) own.push_back(each.get());
  if (op.kind == OpKind::revoke) {
    // The last one stays more often than not, or soon nobody would be left.
    if (own.size() < 2 && op.much % 10 != 0) return;
    auto* victim = own[op.where % own.size()];
    return ask(device, requests::device_revoke(device.new_client_id(), victim->id()));
  }
  if (op.kind == OpKind::recovery_codes) {
    std::vector<core::SecretHash> hashes;
    for (int i = 0; i < 10; ++i) {
      const auto code = *client::normal_recovery_code(client::make_recovery_code(context_.entropy));
      hashes.push_back(client::recovery_code_hash(code));
      oracle_.notes.codes[std::string(hashes.back().view())] = code;
      codes_.emplace_back(device.handle(), code);
    }
    return ask(device, requests::recovery_codes_make(device.new_client_id(), hashes));
  }
  if (own.size() >= kDevicesMax) return;
  if (op.kind == OpKind::pair) return pair(device, op.how % 6 != 0);
  if (codes_.empty()) return;
  auto& recovered = add_device("device" + std::to_string(devices_.size()));
  recovered.recover(codes_[op.where % codes_.size()].second);
}

void People::say_signals(const Op& op, Device& device) {
  const auto id = some_conversation(device, op.where, op.how);
  switch (op.much % 4) {
    case 0:
      return device.ask(requests::watch({}, true));
    case 1:
      return device.ask(requests::focus({}, true));
    case 2:
      return device.ask(requests::set_mode(op.how % 2 == 0 ? v1::PRESENCE_STATE_IDLE : v1::PRESENCE_STATE_ACTIVE));
    default:
      return device.ask(requests::typing(id));
  }
}

void People::change_profile(const Op& op, Device& device) {
  const auto id = some_conversation(device, op.where, op.how);
  switch (op.much % 7) {
    case 0:
      return device.ask(requests::set_profile("Name " + std::to_string(op.how % 9), op.how % 361));
    case 1:
      return device.ask(requests::set_picture(op.how % 4 == 0 ? "" : "\x89PNG\r\n\x1A\n" + std::to_string(op.how % 9)));
    case 2:
      return device.ask(requests::picture_fetch(some_handle(device, op.how), id));
    case 3:
      return device.ask(requests::member_list(id));
    case 4:
      return device.ask(requests::receipts_ask(id));
    default:
      return device.ask(requests::set_receipts(op.how % 2 == 0));
  }
}

void People::repeat(const Op& op, Device& device) {
  std::vector<const v1::ClientFrame*> own;
  for (const auto& each : earlier_)
    if (each.handle == device.handle()) own.push_back(&each.frame);
  if (own.empty()) return;
  auto frame = *own[op.where % own.size()];
  if (op.how % 5 == 0 && frame.has_send()) frame.mutable_send()->set_body("something else");
  device.ask(std::move(frame));
}

}  // namespace enishi::property
