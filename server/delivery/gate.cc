// Requests: what is refused at the door, and where the rest goes.
#include <algorithm>

#include "core/text.h"
#include "delivery/floor_impl.h"

namespace enishi::delivery {
namespace {

using core::Errc;

/// Commands that a session may give before it has proven anything.
bool is_open(const core::CommandBody& body) {
  return std::holds_alternative<core::Join>(body) || std::holds_alternative<core::PairPresent>(body) ||
         std::holds_alternative<core::Recover>(body);
}

/// Commands that say the same however often they come, and so need no client_id.
bool needs_no_client_id(const core::CommandBody& body) {
  return is_open(body) || std::holds_alternative<core::MarkRead>(body) || std::holds_alternative<core::SetFlag>(body) ||
         std::holds_alternative<core::SetMessageFlag>(body) || std::holds_alternative<core::PairOffer>(body) ||
         std::holds_alternative<core::PutDraft>(body) || std::holds_alternative<core::DropKept>(body) ||
         std::holds_alternative<core::Stored>(body) || std::holds_alternative<core::SetReceipts>(body) ||
         std::holds_alternative<core::SetProfile>(body) || std::holds_alternative<core::SetPicture>(body);
}

/// What a stranger can guess at.
bool presents_secret(const wire::RequestBody& body) {
  const auto* command = std::get_if<core::CommandBody>(&body);
  return (command && is_open(*command)) || std::holds_alternative<wire::InvitePreview>(body);
}

/// What a person does, as far as it can be told from what a client does by itself.
bool is_use(const Seat& seat, const wire::RequestBody& body) {
  if (const auto* command = std::get_if<core::CommandBody>(&body))
    return !std::holds_alternative<core::Stored>(*command);
  if (const auto* mode = std::get_if<wire::SetMode>(&body)) return mode->mode == wire::Presence::active;
  // With each Welcome a client says again what is on its screen.
  if (std::holds_alternative<wire::Focus>(body)) return seat.mode == wire::Presence::active;
  return std::holds_alternative<wire::Typing>(body) || std::holds_alternative<wire::Baton>(body) ||
         std::holds_alternative<wire::BatonAsk>(body) || std::holds_alternative<wire::BatonTake>(body);
}

// Requests that a reader answers.
PageOf question(const wire::Fetch& fetch) {
  return {fetch.conversation, fetch.first, fetch.last, fetch.limit, fetch.newest_first};
}
ChangesOf question(const wire::Changed& changed) { return {changed.conversation, changed.first}; }
ListHeads question(const wire::List&) { return {}; }
ListInvitations question(const wire::InviteList&) { return {}; }
ReceiptsOf question(const wire::ReceiptsAsk& receipts) { return {receipts.conversation}; }
PictureOf question(const wire::PictureFetch& fetch) { return {fetch.handle, fetch.conversation}; }
MembersOf question(const wire::MemberList& list) { return {list.conversation}; }

template <class What>
concept Readable = requires(const What& what) {
  question(what);
};

}  // namespace

void Floor::Impl::on_message(SeatId id, std::string_view payload) {
  auto* seat = roster.find(id);
  if (!seat || seat->state == SeatState::closing) return;
  const auto bytes_max = seat->proving ? options.limits.early_frame_bytes_max : options.limits.frame_bytes_max;
  if (payload.size() > bytes_max) return close(*seat, Errc::frame_too_large);
  auto request = wire::decode(payload, auth::hash_secret);
  if (!request) return close(*seat, core::errc_of(request.error()));
  on_request(*seat, std::move(*request));
}

bool Floor::Impl::is_legal(const Seat& seat, const wire::RequestBody& body) const {
  const auto* command = std::get_if<core::CommandBody>(&body);
  const bool anywhere = std::holds_alternative<wire::Probe>(body);
  const bool early = (command && is_open(*command)) || std::holds_alternative<wire::Hello>(body) ||
                     std::holds_alternative<wire::Prove>(body) || std::holds_alternative<wire::InvitePreview>(body);
  return anywhere || early == (seat.proving != nullptr);
}

bool Floor::Impl::take_token(Seat& seat) {
  const auto rate = static_cast<float>(options.limits.requests_per_second);
  if (rate == 0) return true;
  const auto now = ports_.now();
  const auto passed = std::chrono::duration<float>(now - seat.tokens_at).count();
  seat.tokens_at = now;
  seat.tokens = std::min(static_cast<float>(options.limits.requests_burst), seat.tokens + passed * rate);
  if (seat.tokens < 1) return false;
  seat.tokens -= 1;
  return true;
}

void Floor::Impl::on_request(Seat& seat, wire::Request&& request) {
  const auto id = request.id;
  ++seat.in_flight;
  if (!request.body) return refuse(seat, id, core::errc_of(request.body.error()));
  auto& body = *request.body;
  if (!is_legal(seat, body)) return refuse(seat, id, Errc::wrong_state);
  if (!take_token(seat)) return refuse(seat, id, Errc::rate_limited);
  if (is_use(seat, body)) seat.used_at = ports_.now();
  if (presents_secret(body)) {
    if (const auto wait = seat.outlet->try_secret(); wait.count() > 0) {
      push(seat, wire::encode_rate_limited(id, wait));
      return answered(seat);
    }
  }
  std::visit(
      [&](auto& what) {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, core::CommandBody>) {
          auto command = std::move(what);
          submit(seat, std::move(request), std::move(command));
        } else if constexpr (std::is_same_v<What, wire::Hello>) {
          on_hello(seat, id, std::move(what));
        } else if constexpr (std::is_same_v<What, wire::Prove>) {
          on_prove(seat, id, what);
        } else if constexpr (std::is_same_v<What, wire::Probe>) {
          push(seat, wire::encode_ok(id));
          answered(seat);
        } else if constexpr (std::is_same_v<What, wire::InvitePreview>) {
          if (!ask(seat, id, PreviewInvitation{what.secret_hash})) seat.outlet->take_try_back();
        } else if constexpr (Readable<What>) {
          ask(seat, id, question(what));
        } else if constexpr (std::is_same_v<What, wire::DeviceList>) {
          on_device_list(seat, id);
        } else if constexpr (std::is_same_v<What, wire::SetMode>) {
          on_mode(seat, id, what.mode);
        } else if constexpr (std::is_same_v<What, wire::Watch>) {
          on_watch(seat, id, std::move(what));
        } else if constexpr (std::is_same_v<What, wire::Focus>) {
          on_focus(seat, id, std::move(what));
        } else if constexpr (std::is_same_v<What, wire::Typing>) {
          on_typing(seat, id, what);
        } else if constexpr (std::is_same_v<What, wire::PresenceAsk>) {
          on_presence_ask(seat, id, std::move(what));
        } else if constexpr (std::is_same_v<What, wire::Baton>) {
          on_baton(seat, id, std::move(what));
        } else if constexpr (std::is_same_v<What, wire::BatonAsk>) {
          on_baton_ask(seat, id);
        } else if constexpr (std::is_same_v<What, wire::BatonTake>) {
          on_baton_take(seat, id, what);
        } else {
          refuse(seat, id, Errc::unsupported);
        }
      },
      body);
}

Errc Floor::Impl::refuse_early(const wire::Request& request, const core::CommandBody& body) const {
  if (request.client_id.is_zero() && !needs_no_client_id(body)) return Errc::bad_request;
  if (const auto* send = std::get_if<core::Send>(&body)) {
    if (send->body.empty()) return Errc::body_empty;
    if (send->body.size() > options.limits.core.body_bytes_max) return Errc::body_too_large;
    if (!core::is_utf8(send->body)) return Errc::not_utf8;
  }
  return Errc{};
}

void Floor::Impl::submit(Seat& seat, wire::Request&& request, core::CommandBody&& body) {
  if (const auto code = refuse_early(request, body); code != Errc{}) return refuse(seat, request.id, code);
  core::Command command{seat.sender, address_of(seat, request.id), request.client_id, {}, std::move(body)};
  if (!request.client_id.is_zero()) command.digest = seals_.digest(request.content);
  const bool is_try = is_open(command.body);
  if (ports_.submit(std::move(command))) return;
  if (is_try) seat.outlet->take_try_back();
  refuse(seat, request.id, Errc::overloaded);
}

void Floor::Impl::refuse(Seat& seat, std::uint64_t request, Errc code) {
  push(seat, wire::encode_error(request, code));
  answered(seat);
}

void Floor::Impl::answered(Seat& seat) {
  if (seat.in_flight > 0) --seat.in_flight;
  resume_reading(seat);
}

void Floor::Impl::resume_reading(Seat& seat) {
  if (!seat.read_paused || seat.in_flight >= options.limits.requests_in_flight_max ||
      seat.outlet->queued_bytes() > options.limits.outbox_durable_bytes)
    return;
  seat.read_paused = false;
  seat.outlet->resume_reading();
}

}  // namespace enishi::delivery
