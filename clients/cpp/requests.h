// Frames of all requests, with their fields in the types of the library. Each answers as its message in
// proto/enishi/v1 says. Those that need a client_id take it first.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "cpp/secrets.h"
#include "cpp/session/baton.h"
#include "cpp/store/local_store.h"
#include "enishi/v1/frame.pb.h"

namespace enishi::client::requests {

using core::ClientId;
using core::PublicId;
using Frame = v1::ClientFrame;

// Conversations
/// Mentions are read out of the text: "@handle", and "@all" or "@here" for all.
[[nodiscard]] Frame send(const ClientId& id, const PublicId& conversation, std::string_view body,
                         std::uint64_t reply_to = 0, std::uint64_t draft_rev = 0);
/// `through` 0: the head at that moment.
[[nodiscard]] Frame read(const PublicId& conversation, std::uint64_t through, std::uint64_t rev);
[[nodiscard]] Frame mark_unread(const ClientId& id, const PublicId& conversation, std::uint64_t base_rev,
                                std::uint64_t from);
[[nodiscard]] Frame fetch(const PublicId& conversation, std::uint64_t from, std::uint64_t to, std::uint32_t limit,
                          bool newest_first = false);
[[nodiscard]] Frame list();
/// `kind`: MUTE or PIN.
[[nodiscard]] Frame set_flag(const PublicId& conversation, v1::RegisterKind kind, bool on);
// Drafts
[[nodiscard]] Frame put_draft(const LocalDraft& draft);
/// `place` and `rev` of a KeptDraft.
[[nodiscard]] Frame drop_kept(const PublicId& conversation, std::uint32_t place, std::uint64_t rev);
// Messages that live
[[nodiscard]] Frame edit(const ClientId& id, const PublicId& conversation, std::uint64_t seq, std::string_view body);
[[nodiscard]] Frame delete_message(const ClientId& id, const PublicId& conversation, std::uint64_t seq);
[[nodiscard]] Frame react(const ClientId& id, const PublicId& conversation, std::uint64_t seq, std::string_view emoji,
                          bool on);
[[nodiscard]] Frame pin_message(const ClientId& id, const PublicId& conversation, std::uint64_t seq, bool on);
[[nodiscard]] Frame forward(const ClientId& id, const PublicId& to, const PublicId& from, std::uint64_t seq);
/// `kind`: STAR or HIDE.
[[nodiscard]] Frame set_message_flag(const PublicId& conversation, std::uint64_t seq, v1::RegisterKind kind, bool on);
[[nodiscard]] Frame changed(const PublicId& conversation, std::string_view since);
// Groups
[[nodiscard]] Frame group_new(const ClientId& id, std::string_view title, std::span<const std::string> handles);
[[nodiscard]] Frame group_add(const ClientId& id, const PublicId& group, std::string_view handle);
[[nodiscard]] Frame group_remove(const ClientId& id, const PublicId& group, std::string_view handle);
[[nodiscard]] Frame group_leave(const ClientId& id, const PublicId& group, std::string_view successor);
[[nodiscard]] Frame group_title(const ClientId& id, const PublicId& group, std::string_view title);
// Delivered and read
/// `through`: this device holds everything up to here.
[[nodiscard]] Frame stored(const PublicId& conversation, std::uint64_t through);
[[nodiscard]] Frame receipts_ask(const PublicId& conversation);
[[nodiscard]] Frame set_receipts(bool on);
// What a member shows of himself
/// `hue`: 0 (none chosen) to 360.
[[nodiscard]] Frame set_profile(std::string_view name, std::uint32_t hue);
/// PNG, JPEG or WebP, at most 24,576 bytes; empty removes the picture.
[[nodiscard]] Frame set_picture(std::string_view picture);
/// `conversation`: one that both are in; zero: the two are tied.
[[nodiscard]] Frame picture_fetch(std::string_view handle, const PublicId& conversation = {});
[[nodiscard]] Frame member_list(const PublicId& conversation);
// People
[[nodiscard]] Frame tie(const ClientId& id, v1::TieAction action, std::string_view handle);
[[nodiscard]] Frame invite_make(const ClientId& id, const Secret& secret, std::uint32_t uses,
                                std::chrono::seconds lifetime, std::string_view note);
[[nodiscard]] Frame invite_list();
[[nodiscard]] Frame invite_revoke(const ClientId& id, const PublicId& invitation);
// Devices
/// Lives in the daemon's memory: send with OnLoss::fail and offer anew.
[[nodiscard]] Frame pair_offer(const Secret& secret);
[[nodiscard]] Frame pair_decide(const ClientId& id, const Secret& secret, const core::PublicKey& newcomer,
                                bool approve);
[[nodiscard]] Frame device_list();
[[nodiscard]] Frame device_revoke(const ClientId& id, const PublicId& device);
[[nodiscard]] Frame recovery_codes_make(const ClientId& id, std::span<const core::SecretHash> hashes);
// Presence
[[nodiscard]] Frame set_mode(v1::PresenceState mode);
[[nodiscard]] Frame watch(std::span<const std::string> handles, bool all);
[[nodiscard]] Frame focus(std::span<const PublicId> conversations, bool all);
[[nodiscard]] Frame typing(const PublicId& conversation);
[[nodiscard]] Frame presence_ask(std::span<const std::string> handles);
// The baton (session/baton.cc)
/// To `device`, another one of this member. `wanted_by`: happening::BatonWanted::by_device of the one that this
/// answers.
[[nodiscard]] Frame baton(const PublicId& device, const BatonPlace& place, const PublicId& wanted_by = {});
[[nodiscard]] Frame baton_ask();
[[nodiscard]] Frame baton_take(const PublicId& baton);
// Before Welcome (StrangerMachine)
[[nodiscard]] Frame invite_preview(const Secret& secret);
[[nodiscard]] Frame join(const Secret& secret, std::string_view handle, std::string_view name,
                         std::string_view device_name, const core::PublicKey& key);
[[nodiscard]] Frame pair_present(const Secret& secret, std::string_view device_name, const core::PublicKey& key);
/// `code`: normal_recovery_code().
[[nodiscard]] Frame recover(std::string_view code, std::string_view device_name, const core::PublicKey& key);

}  // namespace enishi::client::requests
