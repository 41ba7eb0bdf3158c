// Devices of a member: pairing, revocation, recovery.
#include <algorithm>
#include <set>

#include "core/decision/decision.h"
#include "core/text.h"

namespace enishi::core {
namespace {

constexpr std::size_t kRecoveryCodes = 10;

}  // namespace

Result<void> Decision::check_new_device(MemberId member, const std::string& name, const PublicKey& key) {
  if (!is_name(name, state_.limits.name_bytes_max)) return Errc::bad_name;
  if (state_.device_by_key(key)) return Errc::key_in_use;
  std::size_t live = 0;
  for (const auto id : state_.devices_of(member)) {
    const auto& device = state_.device_of(id);
    if (device.revoked) continue;
    if (device.name == name) return Errc::device_name_taken;
    ++live;
  }
  if (live >= state_.limits.devices_max) return Errc::limit_reached;
  return {};
}

Device& Decision::add_device(MemberId member, const std::string& name, const PublicKey& key) {
  Device row{DeviceId{++state_.counters.device}, entropy_.public_id(), member, name, key, 1, now_, now_, false};
  change_.devices.push_back(row);
  auto& device = state_.put(std::move(row));
  write(member, RegisterKind::device, device.id.value);
  return device;
}

bool Decision::is_finished(const SecretHash& pairing) const {
  return std::find(state_.finished_pairings.begin(), state_.finished_pairings.end(), pairing) !=
         state_.finished_pairings.end();
}

Result<Outcome> Decision::decide(const PairOffer& offer) {
  const auto me = command_->sender.member;
  std::erase_if(state_.pairings, [&](const auto& entry) { return now_ >= entry.second.expires; });
  const auto& key = state_.device_of(command_->sender.device).key;
  if (const auto known = state_.pairings.find(offer.secret_hash); known != state_.pairings.end()) {
    // The same device asks again: its answer was lost, or its group could not be written. It is answered where it is
    // now.
    auto& pairing = known->second;
    if (pairing.member != me || pairing.offerer_key != key || is_finished(offer.secret_hash)) return Errc::bad_request;
    state_.touch_pairing(offer.secret_hash);
    pairing.offerer = command_->reply_to;
    if (pairing.presented) change_.direct.push_back({pairing.offerer, pairing.newcomer});
    return Done{};
  }
  const auto mine = std::count_if(state_.pairings.begin(), state_.pairings.end(),
                                  [&](const auto& entry) { return entry.second.member == me; });
  if (static_cast<std::size_t>(mine) >= state_.limits.pairings_max) return Errc::limit_reached;
  state_.touch_pairing(offer.secret_hash);
  state_.pairings[offer.secret_hash] =
      Pairing{me, key, command_->reply_to, now_ + state_.limits.pairing_time, false, {}, {}};
  return Done{};
}

Result<Outcome> Decision::decide(const PairPresent& present) {
  const auto found = state_.pairings.find(present.secret_hash);
  if (found == state_.pairings.end() || now_ >= found->second.expires || is_finished(present.secret_hash)) {
    // The same newcomer asks again: his answer was lost on the way. Of the key nothing is looked up without the secret.
    const auto* made = state_.recovery_code(present.secret_hash);
    if (!made || !made->used_by) return Errc::pairing_unknown;
    const auto& device = state_.device_of(made->used_by);
    if (device.key != present.key || device.revoked) return Errc::pairing_unknown;
    return Joined{device.member, device.id};
  }
  auto& pairing = found->second;
  // Presented once; the same newcomer may ask again on a new connection.
  if (pairing.presented && pairing.newcomer.key != present.key) return Errc::pairing_unknown;
  if (!is_name(present.name, state_.limits.name_bytes_max)) return Errc::bad_name;
  if (state_.device_by_key(present.key)) return Errc::key_in_use;
  state_.touch_pairing(present.secret_hash);
  // One place for each offer: where he waited before, nobody waits any more.
  if (pairing.presented && pairing.newcomer_address != command_->reply_to)
    change_.direct.push_back({pairing.newcomer_address, Errc::pairing_unknown});
  pairing.presented = true;
  pairing.newcomer = present;
  pairing.newcomer_address = command_->reply_to;
  change_.direct.push_back({pairing.offerer, present});
  return PairPresented{pairing.offerer_key, pairing.member};
}

Result<Outcome> Decision::decide(const PairDecide& verdict) {
  const auto me = command_->sender.member;
  const auto found = state_.pairings.find(verdict.secret_hash);
  if (found == state_.pairings.end() || now_ >= found->second.expires || found->second.member != me ||
      !found->second.presented || found->second.newcomer.key != verdict.key || is_finished(verdict.secret_hash))
    return Errc::pairing_unknown;
  const auto& pairing = found->second;
  if (verdict.approve)
    if (const auto fits = check_new_device(me, pairing.newcomer.name, pairing.newcomer.key); !fits) return fits.error();

  if (verdict.approve) {
    const auto& device = add_device(me, pairing.newcomer.name, pairing.newcomer.key);
    // Kept like a used recovery code, for a repeat of PairPresent.
    change_.recovery_codes.push_back({me, verdict.secret_hash, device.id});
    state_.put(RecoveryCode{me, verdict.secret_hash, device.id});
    change_.direct.push_back({pairing.newcomer_address, Joined{me, device.id}});
    change_.device_added.emplace_back(me, device.name);
  } else {
    change_.direct.push_back({pairing.newcomer_address, Errc::pairing_refused});
  }
  state_.finished_pairings.push_back(verdict.secret_hash);
  remember();
  return Done{};
}

Result<Outcome> Decision::decide(const DeviceRevoke& revoke) {
  for (const auto id : state_.devices_of(command_->sender.member)) {
    Device row = state_.device_of(id);
    if (row.public_id != revoke.device || row.revoked) continue;
    row.revoked = true;
    ++row.generation;
    change_.devices.push_back(row);
    state_.put(std::move(row));
    write(command_->sender.member, RegisterKind::device, id.value, true);
    change_.revoked.push_back(id);
    remember();
    return Done{};
  }
  return Errc::not_found;
}

Result<Outcome> Decision::decide(const RecoveryCodesMake& make) {
  if (make.hashes.size() != kRecoveryCodes) return Errc::bad_request;
  // Two equal ones would be one code less than the owner counts on.
  if (std::set(make.hashes.begin(), make.hashes.end()).size() != kRecoveryCodes) return Errc::bad_request;
  for (const auto& hash : make.hashes)
    if (state_.recovery_code(hash)) return Errc::bad_request;
  const auto me = command_->sender.member;
  change_.recovery_cleared.push_back(me);
  state_.clear_recovery_codes(me);
  for (const auto& hash : make.hashes) {
    change_.recovery_codes.push_back({me, hash, {}});
    state_.put(RecoveryCode{me, hash, {}});
  }
  remember();
  return Done{};
}

Result<Outcome> Decision::decide(const Recover& recover) {
  const auto* code = state_.recovery_code(recover.code_hash);
  if (const auto* device = state_.device_by_key(recover.key)) {
    // The same device asks again: its answer was lost on the way.
    if (code && code->used_by == device->id && !device->revoked) return Joined{device->member, device->id};
    return Errc::key_in_use;
  }
  if (!code || code->used_by) return Errc::recovery_unknown;
  const auto member = code->member;
  if (const auto fits = check_new_device(member, recover.device_name, recover.key); !fits) return fits.error();

  const auto device = add_device(member, recover.device_name, recover.key).id;
  change_.recovery_codes.push_back({member, recover.code_hash, device});
  state_.put(RecoveryCode{member, recover.code_hash, device});
  change_.device_added.emplace_back(member, recover.device_name);
  return Joined{member, device};
}

Result<Outcome> Decision::decide(const DeviceSeen& seen) {
  for (const auto id : seen.devices) {
    auto* device = state_.device(id);
    if (!device || device->revoked || device->last_seen >= now_) continue;
    device->last_seen = now_;
    change_.seen.emplace_back(id, now_);
  }
  return Done{};
}

}  // namespace enishi::core
