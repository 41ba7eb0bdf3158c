// Requests in their good form, and each field outside its range.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "auth/seals.h"
#include "enishi/v1/frame.pb.h"
#include "wire/request.h"

namespace enishi::wire {
namespace {

using core::Errc;
using v1::ClientFrame;
using Change = std::function<void(ClientFrame&)>;

const std::string kId(16, '\x07');
const std::string kKey(32, '\x08');

/// One request: its good form, and changes after each of which it is refused.
struct Case {
  std::string name;
  Change good;
  std::vector<Change> bad;
  Errc refused = Errc::bad_request;
};

std::vector<Case> before_welcome() {
  return {
      {"hello",
       [](auto& f) { f.mutable_hello()->set_device_id(kId); },
       {[](auto& f) { f.mutable_hello()->set_device_id("short"); },
        [](auto& f) { f.mutable_hello()->set_mode(v1::PRESENCE_STATE_OFFLINE); },
        [](auto& f) { f.mutable_hello()->set_mode(static_cast<v1::PresenceState>(99)); }}},
      {"prove",
       [](auto& f) {
         f.mutable_prove()->set_client_nonce(kKey);
         f.mutable_prove()->set_signature(std::string(64, 's'));
       },
       {[](auto& f) { f.mutable_prove()->set_client_nonce("x"); },
        [](auto& f) { f.mutable_prove()->set_signature(kKey); }}},
      {"invite_preview", [](auto& f) { f.mutable_invite_preview()->set_secret(kId); }, {}},
      {"join",
       [](auto& f) {
         f.mutable_join()->set_secret(kId);
         f.mutable_join()->set_key(kKey);
       },
       {[](auto& f) { f.mutable_join()->set_key(kId); }, [](auto& f) { f.mutable_join()->clear_key(); }}},
      {"join with a secret of another size",
       [](auto& f) { f.mutable_join()->set_secret(kId), f.mutable_join()->set_key(kKey); },
       {[](auto& f) { f.mutable_join()->set_secret("x"); }},
       Errc::invitation_unknown},
      {"pair_present",
       [](auto& f) {
         f.mutable_pair_present()->set_secret(kId);
         f.mutable_pair_present()->set_key(kKey);
       },
       {[](auto& f) { f.mutable_pair_present()->set_key("x"); }}},
      {"pair_present with a secret of another size",
       [](auto& f) { f.mutable_pair_present()->set_secret(kId), f.mutable_pair_present()->set_key(kKey); },
       {[](auto& f) { f.mutable_pair_present()->clear_secret(); }},
       Errc::pairing_unknown},
      {"recover", [](auto& f) { f.mutable_recover()->set_key(kKey); }, {[](auto& f) {
         f.mutable_recover()->set_key("x");
       }}},
      {"probe", [](auto& f) { f.mutable_probe(); }, {}},
  };
}

/// A request whose one checked field is its conversation.
template <class Message>
Case of_conversation(const std::string& name, Message* (ClientFrame::*field)()) {
  return {name,
          [field](auto& f) { (f.*field)()->set_conversation_id(kId); },
          {[field](auto& f) { (f.*field)()->clear_conversation_id(); },
           [field](auto& f) { (f.*field)()->set_conversation_id(kId + "x"); }}};
}

std::vector<Case> of_conversations() {
  std::vector<Case> cases{
      of_conversation("send", &ClientFrame::mutable_send),
      of_conversation("read", &ClientFrame::mutable_read),
      of_conversation("mark_unread", &ClientFrame::mutable_mark_unread),
      of_conversation("fetch", &ClientFrame::mutable_fetch),
      of_conversation("group_add", &ClientFrame::mutable_group_add),
      of_conversation("group_remove", &ClientFrame::mutable_group_remove),
      of_conversation("group_leave", &ClientFrame::mutable_group_leave),
      of_conversation("group_title", &ClientFrame::mutable_group_title),
      of_conversation("typing", &ClientFrame::mutable_typing),
      {"list", [](auto& f) { f.mutable_list(); }, {}},
      {"set_flag",
       [](auto& f) {
         f.mutable_set_flag()->set_conversation_id(kId);
         f.mutable_set_flag()->set_kind(v1::REGISTER_KIND_PIN);
       },
       {[](auto& f) { f.mutable_set_flag()->set_kind(v1::REGISTER_KIND_MARKER); },
        [](auto& f) { f.mutable_set_flag()->clear_kind(); },
        [](auto& f) { f.mutable_set_flag()->set_conversation_id("x"); }}},
      {"group_new", [](auto& f) { f.mutable_group_new()->set_title("t"); }, {[](auto& f) {
         for (int i = 0; i < 1001; ++i) f.mutable_group_new()->add_handles("ben");
       }}},
  };
  cases[3].bad.push_back([](auto& f) { f.mutable_fetch()->set_limit(501); });
  return cases;
}

std::vector<Case> of_people() {
  const auto invite = [](auto& f) -> v1::InviteMake& { return *f.mutable_invite_make(); };
  return {
      {"tie_change",
       [](auto& f) { f.mutable_tie_change()->set_action(v1::TIE_ACTION_ASK); },
       {[](auto& f) { f.mutable_tie_change()->clear_action(); },
        [](auto& f) { f.mutable_tie_change()->set_action(static_cast<v1::TieAction>(7)); }}},
      {"invite_make",
       [invite](auto& f) {
         invite(f).set_secret(kId);
         invite(f).set_uses(1);
         invite(f).set_expires_in_s(3600);
       },
       {[invite](auto& f) { invite(f).set_secret("x"); }, [invite](auto& f) { invite(f).set_expires_in_s(0); },
        [invite](auto& f) { invite(f).set_expires_in_s(366U * 86400U + 1); }}},
      {"invite_list", [](auto& f) { f.mutable_invite_list(); }, {}},
      {"invite_revoke", [](auto& f) { f.mutable_invite_revoke()->set_id(kId); }, {[](auto& f) {
         f.mutable_invite_revoke()->set_id("x");
       }}},
      {"pair_offer", [](auto& f) { f.mutable_pair_offer()->set_secret(kId); }, {[](auto& f) {
         f.mutable_pair_offer()->set_secret("x");
       }}},
      {"pair_decide",
       [](auto& f) {
         f.mutable_pair_decide()->set_secret(kId);
         f.mutable_pair_decide()->set_key(kKey);
       },
       {[](auto& f) { f.mutable_pair_decide()->set_secret("x"); },
        [](auto& f) { f.mutable_pair_decide()->set_key("x"); }}},
      {"device_list", [](auto& f) { f.mutable_device_list(); }, {}},
      {"device_revoke", [](auto& f) { f.mutable_device_revoke()->set_id(kId); }, {[](auto& f) {
         f.mutable_device_revoke()->set_id("");
       }}},
      {"recovery_codes_make",
       [](auto& f) { f.mutable_recovery_codes_make()->add_hashes(kKey); },
       {[](auto& f) { f.mutable_recovery_codes_make()->add_hashes("x"); },
        [](auto& f) {
          for (int i = 0; i < 101; ++i) f.mutable_recovery_codes_make()->add_hashes(kKey);
        }}},
  };
}

std::vector<Case> of_batons() {
  return {
      {"baton",
       [](auto& f) {
         f.mutable_baton()->set_device_id(kId);
         f.mutable_baton()->set_conversation_id(kId);
         f.mutable_baton()->set_anchor_offset(999);
         f.mutable_baton()->set_wanted_by(kId);
       },
       {[](auto& f) { f.mutable_baton()->set_device_id("x"); }, [](auto& f) { f.mutable_baton()->clear_device_id(); },
        [](auto& f) { f.mutable_baton()->set_conversation_id("x"); },
        [](auto& f) { f.mutable_baton()->set_anchor_offset(1000); },
        [](auto& f) { f.mutable_baton()->set_wanted_by("x"); }}},
      {"baton_ask", [](auto& f) { f.mutable_baton_ask(); }, {}},
      {"baton_take", [](auto& f) { f.mutable_baton_take()->set_baton_id(kId); }, {[](auto& f) {
         f.mutable_baton_take()->set_baton_id(kKey);
       }}},
  };
}

std::vector<Case> of_signals() {
  return {
      {"set_mode",
       [](auto& f) { f.mutable_set_mode()->set_mode(v1::PRESENCE_STATE_IDLE); },
       {[](auto& f) { f.mutable_set_mode()->clear_mode(); },
        [](auto& f) { f.mutable_set_mode()->set_mode(v1::PRESENCE_STATE_OFFLINE); }}},
      {"watch",
       [](auto& f) { f.mutable_watch()->add_handles("ben"); },
       {[](auto& f) {
         for (int i = 0; i < 1001; ++i) f.mutable_watch()->add_handles("ben");
       }},
       Errc::limit_reached},
      {"focus", [](auto& f) { f.mutable_focus()->add_conversation_ids(kId); }, {[](auto& f) {
         f.mutable_focus()->add_conversation_ids("x");
       }}},
      {"focus on too many",
       [](auto& f) { f.mutable_focus()->set_all(true); },
       {[](auto& f) {
         for (int i = 0; i < 1001; ++i) f.mutable_focus()->add_conversation_ids(kId);
       }},
       Errc::limit_reached},
      {"presence_ask",
       [](auto& f) { f.mutable_presence_ask(); },
       {[](auto& f) {
         for (int i = 0; i < 1001; ++i) f.mutable_presence_ask()->add_handles("ben");
       }},
       Errc::limit_reached},
  };
}

core::Result<Request> decoded(const ClientFrame& frame) { return decode(frame.SerializeAsString(), auth::hash_secret); }

void check(const std::vector<Case>& cases) {
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    ClientFrame frame;
    frame.set_request_id(42);
    each.good(frame);
    const auto good = decoded(frame);
    ASSERT_TRUE(good);
    EXPECT_EQ(good->id, 42U);
    EXPECT_TRUE(good->body) << core::name_of(core::errc_of(good->body.error()));
    for (std::size_t i = 0; i < each.bad.size(); ++i) {
      auto changed = frame;
      each.bad[i](changed);
      const auto bad = decoded(changed);
      ASSERT_TRUE(bad) << "a bad field does not fail the frame";
      EXPECT_EQ(bad->id, 42U) << "bad form " << i;
      ASSERT_FALSE(bad->body) << "bad form " << i;
      EXPECT_EQ(core::errc_of(bad->body.error()), each.refused) << "bad form " << i;
    }
  }
}

TEST(Decode, RequestsBeforeWelcome) { check(before_welcome()); }
TEST(Decode, RequestsOfConversations) { check(of_conversations()); }
TEST(Decode, RequestsOfPeople) { check(of_people()); }
TEST(Decode, RequestsOfSignals) { check(of_signals()); }
TEST(Decode, RequestsOfTheBaton) { check(of_batons()); }

TEST(Decode, EveryRequestOfTheProtocolIsKnown) {
  const auto* body = ClientFrame::descriptor()->FindOneofByName("body");
  ASSERT_NE(body, nullptr);
  for (int i = 0; i < body->field_count(); ++i) {
    ClientFrame frame;
    frame.set_request_id(1);
    frame.GetReflection()->MutableMessage(&frame, body->field(i));
    const auto request = decoded(frame);
    ASSERT_TRUE(request);
    EXPECT_NE(request->body ? Errc{} : core::errc_of(request->body.error()), Errc::unsupported)
        << body->field(i)->name();
  }
}

TEST(Decode, FieldsArriveWhereTheyBelong) {
  ClientFrame frame;
  frame.set_request_id(9);
  auto& fetch = *frame.mutable_fetch();
  fetch.set_conversation_id(kId);
  fetch.set_from_seq(3);
  fetch.set_to_seq(8);
  fetch.set_newest_first(true);
  const auto request = decoded(frame);
  const auto& asked = std::get<Fetch>(*request->body);
  EXPECT_EQ(asked.conversation.view(), kId);
  EXPECT_EQ(asked.first, core::Seq{3});
  EXPECT_EQ(asked.last, core::Seq{8});
  EXPECT_EQ(asked.limit, 50U) << "0 means 50";
  EXPECT_TRUE(asked.newest_first);
}

TEST(Decode, SecretsGoOnAsHashes) {
  ClientFrame frame;
  frame.set_request_id(9);
  frame.mutable_pair_offer()->set_secret(kId);
  const auto request = decoded(frame);
  const auto& offer = std::get<core::PairOffer>(std::get<core::CommandBody>(*request->body));
  EXPECT_EQ(offer.secret_hash, auth::hash_secret(kId));
}

TEST(Decode, UnknownRequestsAreUnsupported) {
  ClientFrame empty;
  empty.set_request_id(5);
  EXPECT_EQ(core::errc_of(decoded(empty)->body.error()), Errc::unsupported);
  // Field 999, length-delimited, three bytes: a request of tomorrow.
  const std::string tomorrow = empty.SerializeAsString() + "\xBA\x3E\x03xyz";
  const auto request = decode(tomorrow, auth::hash_secret);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, 5U);
  EXPECT_EQ(core::errc_of(request->body.error()), Errc::unsupported);
}

TEST(Decode, IdsOfRequestsAndClients) {
  ClientFrame frame;
  frame.mutable_list();
  EXPECT_EQ(core::errc_of(decoded(frame)->body.error()), Errc::bad_request) << "request_id 0";
  frame.set_request_id(1);
  frame.set_client_id("short");
  EXPECT_EQ(core::errc_of(decoded(frame)->body.error()), Errc::bad_request);
  frame.set_client_id(kId);
  EXPECT_EQ(decoded(frame)->client_id.view(), kId);
}

}  // namespace
}  // namespace enishi::wire
