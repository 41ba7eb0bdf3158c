// From Challenge to Welcome: proofs, tickets, and what a stranger learns.
#include <gtest/gtest.h>
#include <sodium.h>

#include "core/proof.h"
#include "unit/delivery/rig.h"

namespace enishi::test {
namespace {

using core::Errc;

/// A device with a real key.
struct Keyed {
  Person person;
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
};

class Proofs : public testing::Test {
 protected:
  explicit Proofs(std::vector<std::string> origins = {"loopback", "https://chat.example"})
      : rig_(1, {}, std::move(origins)) {}

  void SetUp() override {
    ASSERT_GE(sodium_init(), 0);
    core::PublicKey key;
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed{3};
    crypto_sign_seed_keypair(key.value.data(), aki_.secret.data(), seed.data());
    const core::Join join{bytes_with<core::SecretHash>(1), "aki", "Aki", "phone", key};
    ASSERT_TRUE(rig_.desk.ask({}, join).has_joined());
    const auto device = *rig_.desk.reader->device_by_key(key);
    aki_.person = {{device.member, device.id, 1}, "aki", key};
  }

  /// Hello without a ticket; the answer is ProofWanted, also for devices that do not exist.
  v1::ServerFrame greet(Client& client, const core::PublicId& device, const std::string& ticket = {}) {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_device_id(std::string(device.view()));
    frame.mutable_hello()->set_ticket(ticket);
    return client.ask(frame);
  }
  core::PublicId device() { return rig_.desk.device(aki_.person); }

  /// Signs the client's challenge, as seen from `origin`.
  v1::ClientFrame proof(const Client& client, const std::string& origin, const core::PublicId& device) {
    core::Nonce server, mine = bytes_with<core::Nonce>(5);
    EXPECT_TRUE(server.assign(client.frames.at(0).challenge().nonce()));
    const auto text = core::proof_text(origin, device, server, mine);
    core::Signature signature;
    crypto_sign_detached(signature.value.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()),
                         text.size(), aki_.secret.data());
    v1::ClientFrame frame;
    frame.mutable_prove()->set_origin(origin);
    frame.mutable_prove()->set_client_nonce(std::string(mine.view()));
    frame.mutable_prove()->set_signature(std::string(signature.view()));
    return frame;
  }
  /// Greets and proves on a new session; the code with which it was closed, or Errc{}.
  Errc prove(const std::string& origin, const core::PublicId& device) {
    auto client = rig_.open();
    EXPECT_TRUE(greet(*client, device).has_proof_wanted());
    const auto answer = client->ask(proof(*client, origin, device));
    if (answer.has_welcome()) return Errc{};
    EXPECT_EQ(static_cast<int>(answer.error().code()), static_cast<int>(*client->closed)) << "said, then closed";
    return *client->closed;
  }

  Rig rig_;
  Keyed aki_;
};

TEST_F(Proofs, ASignatureOverTheOriginDialledIsWelcome) {
  for (const char* origin : {"http://127.0.0.1:8470", "http://localhost:8470", "http://[::1]:1", "https://127.9.9.9",
                             "https://chat.example"})
    EXPECT_EQ(prove(origin, device()), Errc{}) << origin;
}

TEST_F(Proofs, ForeignOriginsAreRefused) {
  for (const char* origin :
       {"http://chat.example", "https://chat.example:444", "http://evil.example", "http://127.0.0.1.evil.example",
        "http://localhost.evil.example", "ftp://localhost", "localhost", "", "http://10.0.0.1:8470"})
    EXPECT_EQ(prove(origin, device()), Errc::wrong_origin) << origin;
}

TEST_F(Proofs, TheSignatureBindsOriginAndDevice) {
  auto client = rig_.open();
  greet(*client, device());
  auto frame = proof(*client, "http://localhost:8470", device());
  frame.mutable_prove()->set_origin("https://chat.example");
  EXPECT_EQ(client->ask(frame).error().code(), v1::ERROR_CODE_PROOF_FAILED);
}

TEST_F(Proofs, AnUnknownDeviceLooksLikeAnyOtherUntilTheProof) {
  auto known = rig_.open(), unknown = rig_.open();
  auto a = greet(*known, device()), b = greet(*unknown, bytes_with<core::PublicId>(99));
  EXPECT_EQ(a.SerializeAsString(), b.SerializeAsString()) << "the same bytes";
  EXPECT_EQ(prove("http://localhost:8470", bytes_with<core::PublicId>(99)), Errc::proof_failed);
  auto wrong = rig_.open();
  greet(*wrong, device());
  auto frame = proof(*wrong, "http://localhost:8470", device());
  frame.mutable_prove()->set_signature(std::string(64, 'x'));
  EXPECT_EQ(wrong->ask(frame).error().code(), v1::ERROR_CODE_PROOF_FAILED) << "as for a wrong key";
}

TEST_F(Proofs, ANonceServesOnceOnItsSocket) {
  auto first = rig_.open(), second = rig_.open();
  greet(*first, device());
  greet(*second, device());
  EXPECT_NE(first->frames[0].challenge().nonce(), second->frames[0].challenge().nonce());
  const auto frame = proof(*first, "http://localhost:8470", device());
  EXPECT_TRUE(second->ask(frame).has_error()) << "taken to another socket";
  EXPECT_EQ(*second->closed, Errc::proof_failed);
  EXPECT_TRUE(first->ask(frame).has_welcome());
}

TEST_F(Proofs, AfterAWrongProofTheSocketTakesNoOther) {
  auto client = rig_.open();
  greet(*client, device());
  auto bad = proof(*client, "http://localhost:8470", device());
  bad.mutable_prove()->set_signature(std::string(64, 'x'));
  client->ask(bad);
  const auto before = client->frames.size();
  client->say(proof(*client, "http://localhost:8470", device()));
  rig_.settle();
  EXPECT_EQ(client->frames.size(), before) << "it is closing";
}

TEST_F(Proofs, ANonceIsGoodForThirtySeconds) {
  delivery::FloorLimits limits;
  limits.proof_time = std::chrono::minutes{2};  // else the session is closed before
  auto client = rig_.open();
  EXPECT_EQ(client->frames[0].challenge().nonce().size(), 32U);
  greet(*client, device());
  rig_.now += std::chrono::seconds{30};
  EXPECT_EQ(client->ask(proof(*client, "http://localhost:8470", device())).error().code(), v1::ERROR_CODE_PROOF_FAILED);
}

TEST_F(Proofs, ARevokedDeviceIsToldOnceItHasProvenItself) {
  const auto name = device();
  rig_.run(aki_.person.sender, core::DeviceRevoke{name});
  rig_.settle();
  EXPECT_EQ(prove("http://localhost:8470", name), Errc::device_revoked);
}

TEST_F(Proofs, RequestsBeforeWelcomeAreFew) {
  auto client = rig_.open();
  v1::ClientFrame list;
  list.mutable_list();
  EXPECT_EQ(client->ask(list).error().code(), v1::ERROR_CODE_WRONG_STATE);
  EXPECT_EQ(client->ask(proof(*client, "http://localhost:8470", device())).error().code(), v1::ERROR_CODE_WRONG_STATE)
      << "without a Hello";
  v1::ClientFrame probe;
  probe.mutable_probe();
  EXPECT_TRUE(client->ask(probe).has_ok());
  EXPECT_FALSE(client->closed) << "the session goes on";
  auto session = rig_.connect(aki_.person);
  EXPECT_EQ(session->ask(rig_.hello(aki_.person)).error().code(), v1::ERROR_CODE_WRONG_STATE) << "and Hello only once";
}

TEST_F(Proofs, EarlyFramesAreSmall) {
  auto client = rig_.open();
  rig_.floor(0).on_message(client->seat, std::string(4097, 'x'));
  EXPECT_EQ(*client->closed, Errc::frame_too_large);
  auto other = rig_.open();
  rig_.floor(0).on_message(other->seat, "\xFF\xFF\xFF");
  EXPECT_EQ(*other->closed, Errc::protocol_violation);
}

TEST_F(Proofs, TicketsStandForTheProof) {
  auto client = rig_.open();
  const auto welcome = client->ask(rig_.hello(aki_.person)).welcome();
  EXPECT_EQ(welcome.member().handle(), "aki");
  EXPECT_EQ(welcome.device_name(), "phone");
  EXPECT_EQ(welcome.limits().requests_in_flight_max(), 64U);
  auto again = rig_.open();
  EXPECT_TRUE(greet(*again, device(), welcome.ticket()).has_welcome()) << "the one that Welcome hands out";
}

TEST_F(Proofs, TicketsThatDoNotHoldAreNoError) {
  const auto& seals = rig_.desk.seals;
  const auto day = rig_.desk.now + std::chrono::hours{24};
  const auto wants_proof = [&](const std::string& ticket) {
    auto client = rig_.open();
    return greet(*client, device(), ticket).has_proof_wanted() && !client->closed;
  };
  EXPECT_TRUE(wants_proof("rubbish"));
  EXPECT_TRUE(wants_proof(seals.seal_ticket({device(), 2, day}))) << "another generation";
  EXPECT_TRUE(wants_proof(seals.seal_ticket({bytes_with<core::PublicId>(9), 1, day}))) << "another device's";
  EXPECT_TRUE(wants_proof(seals.seal_ticket({device(), 1, rig_.desk.now}))) << "its time is over";
  EXPECT_TRUE(wants_proof(auth::Seals(auth::Seals::Key{8}).seal_ticket({device(), 1, day}))) << "of another daemon";
  const auto ticket = seals.seal_ticket({device(), 1, day});
  EXPECT_FALSE(wants_proof(ticket));
  rig_.run(aki_.person.sender, core::DeviceRevoke{device()});
  // The revocation has reached the loop, but the reader still works on an older snapshot: simulated by the order here.
  rig_.deliver(0);
  EXPECT_TRUE(wants_proof(ticket));
}

TEST_F(Proofs, AStrangerSeesAnInvitationAndJoins) {
  auto client = rig_.open();
  v1::ClientFrame preview;
  preview.mutable_invite_preview()->set_secret(std::string(16, 'n'));
  EXPECT_EQ(client->ask(preview).error().code(), v1::ERROR_CODE_INVITATION_UNKNOWN);
  const std::string secret(16, 's');
  rig_.run(aki_.person.sender, core::InviteMake{auth::hash_secret(secret), 1, std::chrono::hours{1}, "welcome", false});
  preview.mutable_invite_preview()->set_secret(secret);
  EXPECT_EQ(client->ask(preview).invitation_preview().inviter(), "aki");
  EXPECT_EQ(client->ask(preview).invitation_preview().note(), "welcome");
  v1::ClientFrame join;
  join.mutable_join()->set_secret(secret);
  join.mutable_join()->set_handle("ben");
  join.mutable_join()->set_name("Ben");
  join.mutable_join()->set_device_name("phone");
  join.mutable_join()->set_key(std::string(32, 'k'));
  EXPECT_EQ(client->ask(join).joined().inviter(), "aki");
  EXPECT_EQ(client->ask(preview).error().code(), v1::ERROR_CODE_INVITATION_SPENT);
}

TEST_F(Proofs, WhatAStrangerTriesIsCountedUnlessHeKnewIt) {
  v1::ClientFrame preview, join, recover, present;
  preview.mutable_invite_preview()->set_secret(std::string(16, 'x'));
  join.mutable_join()->set_secret(std::string(16, 'x'));
  join.mutable_join()->set_handle("ben");
  join.mutable_join()->set_name("Ben");
  join.mutable_join()->set_device_name("phone");
  join.mutable_join()->set_key(std::string(32, 'b'));
  recover.mutable_recover()->set_code("AAAAAAAAAAAAAAAAAAAA");
  recover.mutable_recover()->set_device_name("pc");
  recover.mutable_recover()->set_key(std::string(32, 'c'));
  present.mutable_pair_present()->set_secret(std::string(16, 'x'));
  present.mutable_pair_present()->set_name("pc");
  present.mutable_pair_present()->set_key(std::string(32, 'd'));
  auto guesser = rig_.open();
  int tries = 0;
  for (const auto& frame : {preview, join, recover, present}) {
    EXPECT_TRUE(guesser->ask(frame).has_error());
    EXPECT_EQ(guesser->tries, ++tries) << frame.ShortDebugString();
  }
  // Known ones, good or not: no guess.
  const std::string secret(16, 's');
  rig_.run(aki_.person.sender, core::InviteMake{auth::hash_secret(secret), 1, std::chrono::seconds{3600}, "", false});
  auto guest = rig_.open();
  preview.mutable_invite_preview()->set_secret(secret);
  EXPECT_TRUE(guest->ask(preview).has_invitation_preview());
  join.mutable_join()->set_secret(secret);
  join.mutable_join()->set_handle("aki");
  EXPECT_EQ(guest->ask(join).error().code(), v1::ERROR_CODE_HANDLE_TAKEN);
  join.mutable_join()->set_handle("ben");
  EXPECT_TRUE(guest->ask(join).has_joined());
  EXPECT_EQ(guest->ask(preview).error().code(), v1::ERROR_CODE_INVITATION_SPENT);
  EXPECT_EQ(guest->tries, 0);
  // What was not looked at was no try either.
  rig_.loops[0]->takes_commands = rig_.loops[0]->takes_queries = false;
  for (const auto& frame : {preview, join, recover, present})
    EXPECT_EQ(guest->ask(frame).error().code(), v1::ERROR_CODE_OVERLOADED);
  EXPECT_EQ(guest->tries, 0);
}

TEST_F(Proofs, WhoTriedTooMuchIsToldForHowLong) {
  auto guesser = rig_.open();
  guesser->secret_wait = std::chrono::milliseconds{4321};
  const auto reads = rig_.desk.store.read_count();
  v1::ClientFrame preview, join;
  preview.mutable_invite_preview()->set_secret(std::string(16, 'x'));
  join.mutable_join()->set_secret(std::string(16, 'x'));
  join.mutable_join()->set_handle("ben");
  join.mutable_join()->set_name("Ben");
  join.mutable_join()->set_device_name("phone");
  join.mutable_join()->set_key(std::string(32, 'b'));
  for (const auto& frame : {preview, join}) {
    const auto answer = guesser->ask(frame);
    EXPECT_EQ(answer.error().code(), v1::ERROR_CODE_RATE_LIMITED);
    EXPECT_EQ(answer.error().retry_after_ms(), 4321U);
  }
  EXPECT_EQ(rig_.desk.store.read_count(), reads) << "the secret is not even looked at";
  EXPECT_FALSE(guesser->closed);
  EXPECT_TRUE(guesser->ask(rig_.hello(aki_.person)).has_welcome()) << "a device is no guesser";
  EXPECT_EQ(guesser->welcomed, 1);
}

}  // namespace
}  // namespace enishi::test
