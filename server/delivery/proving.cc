// From Hello to Welcome: tickets, proofs, and where the log continues.
#include "core/proof.h"

#include <algorithm>

#include "delivery/floor_impl.h"

namespace enishi::delivery {
namespace {

using core::Errc;

constexpr std::chrono::hours kTicketTime{24};

/// The host of an origin like http://[::1]:8470, or empty when it is not one of http or https.
std::string_view host_of(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!origin.starts_with(scheme)) continue;
    origin.remove_prefix(scheme.size());
    if (origin.starts_with('[')) return origin.substr(0, std::min(origin.size(), origin.find(']') + 1));
    return origin.substr(0, origin.find(':'));
  }
  return {};
}

bool is_loopback_name(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host == "127.0.0.1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

void Floor::Impl::on_hello(Seat& seat, std::uint64_t request, wire::Hello&& hello) {
  auto& proving = *seat.proving;
  if (proving.asked) return refuse(seat, request, Errc::wrong_state);
  proving.asked = true;
  proving.found = false;
  proving.request = request;
  proving.hello = std::move(hello);
  if (const auto known = found_.find(proving.hello.device); known != found_.end()) {
    proving.device = known->second;
    if (holds(proving) && is_current(proving)) return welcome(seat, request);
    proving.device = {};
  }
  if (!ports_.ask(Query{address_of(seat, request), {}, FindDevice{proving.hello.device}})) {
    proving.asked = false;
    refuse(seat, request, Errc::overloaded);
  }
}

void Floor::Impl::on_device_found(Seat& seat, DeviceFound&& found) {
  if (!seat.proving || !seat.proving->asked) return;
  auto& proving = *seat.proving;
  proving.asked = false;
  proving.found = true;
  proving.device = std::move(found);
  if (holds(proving)) return welcome(seat, proving.request);
  // Also for a device that does not exist: the proof will fail, and nothing is told before.
  push(seat, wire::encode_proof_wanted(proving.request));
  answered(seat);
}

bool Floor::Impl::holds(const Proving& proving) const {
  const auto ticket = seals_.open_ticket(proving.hello.ticket);
  const auto& device = proving.device.device;
  return ticket && device && !device->revoked && ticket->device == device->public_id &&
         ticket->generation == device->generation && ports_.wall_now() < ticket->expires &&
         !revoked_.contains(device->id);
}

bool Floor::Impl::is_current(const Proving& proving) {
  bool reset = false;
  const auto after = resume_from(proving.hello.cursor, reset);
  const auto* here = roster.here(proving.device.device->member);
  return !reset && here && here->is_known && after >= here->newest;
}

void Floor::Impl::remember(const DeviceFound& found) {
  // A handle never changes, and a device's row by revocation only, which loops see in order (revoked_); what a member
  // shows of himself may have changed since it was read.
  constexpr std::size_t kFoundMax = 1024;
  const auto& name = found.device->public_id;
  const auto shown = shown_anew_.find(found.device->member);
  if (shown != shown_anew_.end() && shown->second > found.read_at) return;
  if (found_.insert_or_assign(name, found).second) found_order_.push_back(name);
  if (found_order_.size() > kFoundMax) {
    found_.erase(found_order_.front());
    found_order_.pop_front();
  }
  auto& here = *roster.here(found.device->member);
  // What was read before the newest group delivered here may lack something of it.
  if (here.is_known || found.read_at < delivered) return;
  here.is_known = true;
  here.newest = std::max(here.newest, found.read_at);
  here.rseq = std::max(here.rseq, found.rseq);
}

bool Floor::Impl::is_origin(std::string_view origin) const {
  if (origin.find('\0') != std::string_view::npos) return false;
  return std::any_of(options.origins.begin(), options.origins.end(), [&](const std::string& name) {
    return name == "loopback" ? is_loopback_name(host_of(origin)) : name == origin;
  });
}

void Floor::Impl::on_prove(Seat& seat, std::uint64_t request, const wire::Prove& prove) {
  auto& proving = *seat.proving;
  const auto fail = [&](Errc code) {
    push(seat, wire::encode_error(request, code));
    close(seat, code);
  };
  if (!proving.found || proving.asked) return refuse(seat, request, Errc::wrong_state);
  if (std::exchange(proving.nonce_spent, true) || ports_.now() >= proving.nonce_until) return fail(Errc::proof_failed);
  if (!is_origin(prove.origin)) return fail(Errc::wrong_origin);
  const auto& device = proving.device.device;
  if (!device) return fail(Errc::proof_failed);
  core::Nonce server_nonce, client_nonce;
  if (!server_nonce.assign(proving.nonce) || !client_nonce.assign(prove.client_nonce)) return fail(Errc::proof_failed);
  const auto text = core::proof_text(prove.origin, device->public_id, server_nonce, client_nonce);
  if (!auth::verify_signature(device->key, text, prove.signature)) return fail(Errc::proof_failed);
  if (device->revoked || revoked_.contains(device->id)) return fail(Errc::device_revoked);
  welcome(seat, request);
}

core::Position Floor::Impl::resume_from(std::string_view cursor, bool& reset) const {
  reset = true;
  const auto content = cursor.empty() ? std::nullopt : seals_.open_cursor(cursor);
  if (!content) return {};
  for (std::size_t i = 0; i < options.incarnations.size(); ++i) {
    if (options.incarnations[i].random != content->incarnation_random) continue;
    // A position that this history gave to a later start belongs to another history.
    const bool foreign = i + 1 < options.incarnations.size() && content->position >= options.incarnations[i + 1].first;
    if (foreign) return {};
    reset = false;
    return content->position;
  }
  return {};
}

void Floor::Impl::welcome(Seat& seat, std::uint64_t request) {
  const auto proving = std::move(seat.proving);
  const auto& device = *proving->device.device;
  seat.sender = {device.member, device.id, device.generation};
  seat.mode = proving->hello.mode;
  if (seat.mode == wire::Presence::active) seat.used_at = ports_.now();
  bool reset = false;
  const auto after = resume_from(proving->hello.cursor, reset);
  const bool was_read = proving->found;  // else this floor knew him, and that he has everything
  wire::WelcomeView view;
  view.session_id.resize(8);
  ports_.random(view.session_id.data(), view.session_id.size());
  view.incarnation.assign(reinterpret_cast<const char*>(&options.incarnation.random),
                          sizeof options.incarnation.random);
  view.now = ports_.wall_now();
  view.reset = reset;
  view.rseq = was_read ? proving->device.rseq : roster.here(device.member)->rseq;
  view.body_bytes_max = static_cast<std::uint32_t>(options.limits.core.body_bytes_max);
  view.frame_bytes_max = static_cast<std::uint32_t>(options.limits.frame_bytes_max);
  view.requests_in_flight_max = static_cast<std::uint32_t>(options.limits.requests_in_flight_max);
  view.ticket = seals_.seal_ticket({device.public_id, device.generation, view.now + kTicketTime});
  view.member = proving->device.member_public;
  view.handle = proving->device.handle;
  view.name = proving->device.name;
  view.hue = proving->device.hue;
  view.picture_id = proving->device.picture_id;
  view.device_name = device.name;
  view.inviter = proving->device.inviter;
  push(seat, wire::encode_welcome(request, view));
  seat.outlet->proven();
  answered(seat);
  roster.attach(seat);
  seat.next_ping = ports_.now();
  lease(seat, LeaseLetter::Kind::begin, view.handle);
  if (!was_read) return go_live(seat, std::max(after, delivered));
  remember(proving->device);
  start_catch_up(seat, after);
}

}  // namespace enishi::delivery
