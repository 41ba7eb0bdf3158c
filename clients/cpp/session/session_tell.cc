// What a session tells, once it is stored.
#include "cpp/session_machine.h"

namespace enishi::client {

void SessionMachine::on_signal(const v1::Signal& signal) {
  if (signal.typing_in().empty())
    return tell(happening::Presence{signal.handle(), signal.presence(), signal.since_ms()});
  tell(happening::Typing{id_of(signal.typing_in()), signal.handle()});
}

void SessionMachine::tell_delta(const Delta& delta, const std::map<core::PublicId, v1::Register>& dropped) {
  std::set<core::PublicId> marked;
  for (const auto& entry : delta.registers) {
    if (entry.kind() == v1::REGISTER_KIND_MEMBERSHIP)
      tell_membership(entry, dropped);
    else
      tell_register(entry);
    if (entry.kind() == v1::REGISTER_KIND_MARKER) marked.insert(id_of(entry.conversation_id()));
  }
  for (const auto& event : delta.events) tell_event(event, false);
  if (!is_live()) return;
  for (const auto& head : delta.heads) {
    const auto id = id_of(head.conversation_id());
    if (!marked.insert(id).second) continue;
    const auto view = replica_->conversation(id);
    if (view) tell(happening::Recounted{id, view->unread});
  }
}

void SessionMachine::tell_event(const v1::Event& event, bool from_gap) {
  const auto id = id_of(event.conversation_id());
  auto& told = told_[id];
  if (told.contains(event.seq())) return;
  told.add(event.seq());
  tell(happening::Message{event, from_gap});
  using happening::Change;
  const auto members = [&](Change change) {
    for (const auto& person : event.people()) tell(happening::Member{id, person.handle(), change});
  };
  switch (event.kind()) {
    case v1::EVENT_KIND_CREATED:
    case v1::EVENT_KIND_ADDED:
      return members(Change::added);
    case v1::EVENT_KIND_REMOVED:
      return members(Change::removed);
    case v1::EVENT_KIND_LEFT:
      return tell(happening::Member{id, event.author(), Change::left});
    default:
      return;
  }
}

void SessionMachine::tell_membership(const v1::Register& entry, const std::map<core::PublicId, v1::Register>& dropped) {
  const auto id = id_of(entry.conversation_id());
  const auto before = dropped.find(id);
  // Joined again later, its log is told anew from what follows.
  if (entry.removed()) told_.erase(id);
  tell(happening::Membership{id, entry.removed(), before == dropped.end() ? entry : before->second});
}

void SessionMachine::tell_register(const v1::Register& entry) {
  const auto id = id_of(entry.conversation_id());
  switch (entry.kind()) {
    case v1::REGISTER_KIND_MARKER: {
      const auto view = replica_->conversation(id);
      if (view) tell(happening::Marker{id, entry.rev(), entry.seq(), view->unread, entry.device_name()});
      return;
    }
    case v1::REGISTER_KIND_DRAFT:
    case v1::REGISTER_KIND_KEPT_DRAFT:
      return tell(happening::Drafted{id});
    case v1::REGISTER_KIND_TIE:
      return tell(happening::Tie{entry.person().handle(), entry.removed() ? v1::TIE_STATE_UNSPECIFIED : entry.tie(),
                                 entry.person()});
    case v1::REGISTER_KIND_PROFILE:
      return tell(happening::Profile{entry.person()});
    case v1::REGISTER_KIND_BLOCK: {
      if (!entry.removed()) return tell(happening::Tie{entry.person().handle(), v1::TIE_STATE_BLOCKED, entry.person()});
      // Unblocked: what is left is the tie as it stands.
      auto tie = v1::TIE_STATE_UNSPECIFIED;
      const auto read = replica_->store().read([&](Rows& rows) {
        const auto kept = rows.find_register(v1::REGISTER_KIND_TIE, entry.person().id());
        if (kept && !kept->removed()) tie = kept->tie();
      });
      if (read) tell(happening::Tie{entry.person().handle(), tie, entry.person()});
      return;
    }
    case v1::REGISTER_KIND_DEVICE:
      return tell(happening::Device{entry.device_name(), entry.removed()});
    case v1::REGISTER_KIND_MUTE:
    case v1::REGISTER_KIND_PIN:
      return tell(happening::Flag{id, entry.kind(), !entry.removed()});
    default:
      return;
  }
}

}  // namespace enishi::client
