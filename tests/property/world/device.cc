#include "property/world/device.h"

#include <algorithm>

#include "cpp/requests.h"

namespace enishi::property {

Device::Device(Parts parts, std::string name)
    : parts_(parts),
      name_(std::move(name)),
      identity_{parts.context.origin, client::DeviceKeys::make(parts.context.entropy), {}, {}, {}, name_, {}, false},
      key_(hex(identity_.keys.public_key.view())),
      store_(parts.place.open_profile(key_)),
      replica_(*store_),
      holder_{name_, {}, replica_, {}, {}} {}

Line Device::dialled() {
  ++dials_;
  Line line;
  line.floor = static_cast<std::uint32_t>((identity_.keys.public_key.value.front() + dials_) % kFloors);
  if (phase_ != Phase::stranger) line.device = key_, line.handle = holder_.handle;
  return line;
}

void Device::join(const client::Secret& secret, const std::string& handle) {
  start_journey(client::requests::join(secret, handle, "Name of " + handle, name_, identity_.keys.public_key));
}
void Device::present(const client::Secret& secret) {
  start_journey(client::requests::pair_present(secret, name_, identity_.keys.public_key));
}
void Device::recover(const std::string& code) {
  start_journey(client::requests::recover(code, name_, identity_.keys.public_key));
}

void Device::start_journey(v1::ClientFrame frame) {
  if (phase_ != Phase::stranger) return;  // it gave up while the other device still asked
  stranger_ = std::make_unique<client::StrangerMachine>(parts_.context.entropy);
  stranger_driver_ = parts_.place.make_driver(*stranger_, {[this] { return dialled(); }, nullptr});
  stranger_->request(std::move(frame), [this](const client::Answer& answer) { on_journey(answer); });
  stranger_driver_->poke();
}

void Device::on_journey(const client::Answer& answer) {
  if (phase_ != Phase::stranger || answer.frame.has_pair_presented()) return;
  stranger_->stop();
  if (!answer.frame.has_joined()) {
    phase_ = Phase::dead;
    return;
  }
  phase_ = Phase::member;
  identity_ = client::finish_identity(identity_, answer.frame.joined());
  holder_.handle = identity_.handle;
  holder_.name = identity_.handle + "/" + name_;
  expect(replica_.put_identity(identity_).has_value(), "a device cannot write its store");
  open_session();
  if (on_member) on_member(*this);
}

void Device::give_up() {
  if (phase_ != Phase::stranger) return;
  phase_ = Phase::dead;
  if (!stranger_) return;
  stranger_->stop();
  stranger_driver_->poke();
}

void Device::open_session() {
  client::SessionSettings settings;
  settings.wall_clock = [this] { return parts_.context.wall_now(); };
  Session session;
  session.store = parts_.place.open_profile(key_);
  session.replica = std::make_unique<client::Replica>(*session.store);
  session.machine =
      std::make_unique<client::SessionMachine>(*session.replica, parts_.context.entropy, *this, std::move(settings));
  auto* machine = session.machine.get();
  session.driver = parts_.place.make_driver(
      *machine,
      {[this] { return dialled(); }, [this, machine](core::Position position) { after_frame(position, *machine); }});
  sessions_.push_back(std::move(session));
  sessions_.back().driver->poke();
}

void Device::restart() {
  expect(unanswered_ == 0, "a device that waits for an answer is not to be restarted");
  sessions_.clear();
  fields_.clear();
  store_.reset();
  store_ = parts_.place.open_profile(key_);
  replica_ = client::Replica(*store_);
  open_session();
}

void Device::probe() {
  core::PublicId none;
  parts_.context.entropy.fill(none.value.data(), none.value.size());
  for (auto& session : sessions_) {
    ++unanswered_;
    session.machine->request(client::requests::fetch(none, 1, 1, 1), [this](const client::Answer&) { --unanswered_; });
    session.driver->poke();
  }
}

Driver& Device::driver(std::size_t index) {
  return sessions_.empty() ? *stranger_driver_ : *sessions_[index % sessions_.size()].driver;
}

core::ClientId Device::new_client_id() {
  return client::make_client_id(parts_.context.wall_now(), parts_.context.entropy);
}

void Device::ask(v1::ClientFrame frame, client::AnswerCallback callback, client::OnLoss on_loss) {
  if (phase_ != Phase::member) return;
  ++unanswered_;
  auto& session = sessions_[turns_++ % sessions_.size()];
  session.machine->request(
      std::move(frame),
      [this, callback = std::move(callback)](const client::Answer& answer) {
        --unanswered_;
        if (callback) callback(answer);
      },
      on_loss);
  session.driver->poke();
}

void Device::send(const core::PublicId& conversation, const std::string& body, std::uint64_t reply_to) {
  if (phase_ != Phase::member) return;
  auto& session = sessions_[turns_++ % sessions_.size()];
  expect(session.machine->send({conversation, body, reply_to, std::nullopt}).has_value(),
         "a message could not be queued");
  session.driver->poke();
}

client::DraftField& Device::field(const core::PublicId& conversation) {
  const auto [at, fresh] = fields_.try_emplace(conversation);
  if (fresh) {
    const auto view = replica_.draft(conversation, core::WallTime{});
    expect(view.has_value(), "a device cannot read its store");
    at->second.open(*view);
  }
  return at->second;
}

std::string Device::field_text(const core::PublicId& conversation) { return field(conversation).text(); }

void Device::type(const core::PublicId& conversation, const std::string& text, bool leaves) {
  if (phase_ != Phase::member) return;
  auto& field = this->field(conversation);
  const Typed::Place place{holder_.handle, std::string(conversation.view())};
  parts_.oracle.typed.on_type(place, key_, field.text(), text);
  parts_.context.trace.say(holder_.name + " typed '" + text + "' over '" + field.text() + "'");
  field.focus(true);
  field.type(text, static_cast<std::uint32_t>(text.size()), 0);
  auto& session = sessions_[turns_++ % sessions_.size()];
  expect(session.machine->put_draft(field.to_save()).has_value(), "a draft could not be stored");
  field.focus(!leaves);
  session.driver->poke();
}

void Device::send_field(const core::PublicId& conversation) {
  if (phase_ != Phase::member) return;
  auto& field = this->field(conversation);
  if (field.text().empty()) return;
  const Typed::Place place{holder_.handle, std::string(conversation.view())};
  parts_.oracle.typed.on_sent(place, field.text());
  auto& session = sessions_[turns_++ % sessions_.size()];
  expect(session.machine->send({conversation, field.text(), 0, std::nullopt, {}, true, field.sent_rev()}).has_value(),
         "a message could not be queued");
  field.on_sent();
  session.driver->poke();
}

void Device::after_frame(core::Position told_up_to, const client::SessionMachine& machine) {
  holder_.ahead = std::max(holder_.ahead, told_up_to);
  if (phase_ != Phase::member) return;
  parts_.oracle.keep_held(holder_);
  std::string cursor;
  const auto read = store_->read([&](client::Rows& rows) { cursor = rows.sync_point().cursor; });
  expect(read.has_value(), "a device cannot read its store");
  if (cursor.empty() || cursor == cursor_) return;
  cursor_ = cursor;
  parts_.oracle.check_cursor(holder_, cursor, machine.is_live());
  if (machine.is_live()) parts_.oracle.check_number(holder_, cursor, ++turns_);
}

void Device::on_daemon_gone() {
  if (stranger_driver_) stranger_driver_->on_daemon_gone();
  for (auto& session : sessions_) session.driver->on_daemon_gone();
}

void Device::settle_down() {
  if (phase_ == Phase::stranger && stranger_driver_) stranger_driver_->calm();
  for (auto& session : sessions_) {
    session.driver->calm();
    session.machine->connect_now();
    session.driver->poke();
  }
}

std::string Device::unsettled() {
  if (phase_ == Phase::dead) return "";
  if (phase_ == Phase::stranger) return name_ + " is nobody's yet";
  for (auto& session : sessions_)
    if (!session.machine->is_caught_up())
      return holder_.name + " is " + client::name_of(session.machine->state()) + " and misses " +
             std::to_string(session.machine->missing());
  if (unanswered_ > 0) return holder_.name + " waits for " + std::to_string(unanswered_) + " answers";
  const auto pending = sessions_.front().machine->outbox().pending();
  expect(pending.has_value(), "a device cannot read its store");
  const bool queued =
      std::ranges::any_of(*pending, [](const auto& each) { return each.state == client::SendState::queued; });
  if (queued) return holder_.name + " has messages to send";
  bool unsaved = false;
  const auto read = store_->read([&](client::Rows& rows) {
    for (const auto& draft : rows.drafts()) unsaved = unsaved || !draft.refused;
  });
  expect(read.has_value(), "a device cannot read its store");
  return unsaved ? holder_.name + " has drafts to save" : "";
}

void Device::on_happening(const client::Happening& happening) {
  namespace h = client::happening;
  if (const auto* asked = std::get_if<h::PairAsked>(&happening)) {
    if (on_pair_asked) on_pair_asked(*this, asked->key);
  } else if (const auto* settled = std::get_if<h::Settled>(&happening)) {
    const auto& entry = settled->entry;
    parts_.context.trace.say(holder_.name + " settled " + hex(entry.client_id.view()).substr(26) + " seq " +
                             std::to_string(entry.seq));
    if (entry.state != client::SendState::committed) return;
    parts_.oracle.check_sent(holder_.handle, entry.conversation.view(), entry.client_id.view(), entry.body, entry.seq);
    if (settled->by_other) return;
    auto& last = last_seq_[entry.conversation];
    expect(sessions_.size() > 1 || entry.seq > last, "messages of one device changed their order");
    last = entry.seq;
  } else if (const auto* receipt = std::get_if<h::Receipt>(&happening)) {
    auto& greatest = receipts_[{receipt->conversation, receipt->handle}];
    // Another process may have told the greater one first.
    if (sessions_.size() == 1)
      expect(receipt->delivered >= greatest.first && receipt->read >= greatest.second, "a receipt fell");
    greatest = {receipt->delivered, receipt->read};
  } else if (const auto* membership = std::get_if<h::Membership>(&happening)) {
    // Left, or come back: what was kept of it went with it.
    std::erase_if(receipts_, [&](const auto& each) { return each.first.first == membership->conversation; });
  } else if (const auto* state = std::get_if<h::State>(&happening)) {
    parts_.context.trace.say(holder_.name + " is " + client::name_of(state->state) + " and misses " +
                             std::to_string(state->missing));
  } else if (const auto* over = std::get_if<h::StartedOver>(&happening)) {
    throw Broken{holder_.name + " had to start over: " + over->why};
  } else if (const auto* stopped = std::get_if<h::Stopped>(&happening)) {
    if (!parts_.oracle.is_revoked(key_))
      throw Broken{holder_.name + " stopped: " + std::to_string(stopped->code) + " " + stopped->text};
    phase_ = Phase::dead;
    parts_.oracle.typed.on_dead(key_);
  } else if (const auto* drafted = std::get_if<h::Drafted>(&happening)) {
    const auto at = fields_.find(drafted->conversation);
    const auto view = replica_.draft(drafted->conversation, core::WallTime{});
    expect(view.has_value(), "a device cannot read its store");
    if (at != fields_.end()) at->second.on_drafted(*view);
  } else if (const auto* saved = std::get_if<h::DraftSaved>(&happening)) {
    const auto at = fields_.find(saved->conversation);
    if (at != fields_.end()) at->second.on_saved(saved->rev, saved->won);
  }
}

}  // namespace enishi::property
