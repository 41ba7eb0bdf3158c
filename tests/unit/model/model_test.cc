// Accounts, ties, direct conversations, markers: scenes with the numbers counted by hand. D1..D15:
// tests/model/DECISIONS.md.
#include "unit/model/scene.h"

namespace enishi::model {
namespace {

const std::string kDirect = Model::direct_id("aki", "ben");

TEST(ModelJoin, FirstMemberOwnsWhatTheDaemonGave_D13) {
  Model m;
  m.apply({.what = "invite", .secret = "s", .uses = 2, .expires_in_s = 60});
  EXPECT_EQ(m.apply({.what = "join", .handle = "aki", .name = "phone", .key = "a", .secret = "s"}), Answer{});
  const Answer second = m.apply({.what = "join", .handle = "ben", .name = "phone", .key = "b", .secret = "s"});
  EXPECT_EQ(second, Answer{.inviter = "aki"});
  EXPECT_EQ(m.owner, "aki");
  EXPECT_EQ(m.view("aki").ties, (std::map<std::string, Name>{{"ben", "MUTUAL"}}));
  EXPECT_EQ(m.head("ben", kDirect), head_of(0, 0, 1, 0));
  EXPECT_EQ(m.head("ben", Model::self_id("ben")), head_of(0, 0, 1, 0));
  EXPECT_EQ(m.head("aki", Model::self_id("ben")), Head{});
  EXPECT_EQ(m.apply({.what = "join", .handle = "cho", .name = "phone", .key = "c", .secret = "s"}).error,
            "INVITATION_SPENT");
  EXPECT_EQ(m.apply({.what = "uninvite", .device = "b", .client_id = "1", .secret = "s"}).error, "NOT_FOUND");
  EXPECT_EQ(m.apply({.what = "uninvite", .device = "a", .client_id = "1", .secret = "s"}).error, "NOT_FOUND");
  m.apply({.what = "invite", .secret = "later", .uses = 1, .expires_in_s = 60});
  EXPECT_EQ(m.apply({.what = "uninvite", .device = "b", .client_id = "1", .secret = "later"}).error, "NOT_FOUND");
  EXPECT_EQ(m.apply({.what = "uninvite", .device = "a", .client_id = "1", .secret = "later"}).error, "");
  EXPECT_EQ(m.apply({.what = "uninvite", .device = "a", .client_id = "2", .secret = "later"}).error, "");
  EXPECT_EQ(m.invitations["later"].state(0), "REVOKED");
}

TEST(ModelJoin, EachRefusalByName_D13) {
  Scene s{"aki"};
  s.by("aki", {.what = "invite", .secret = "s", .uses = 3, .expires_in_s = 60, .now_ms = 1'000});
  const Command join{.what = "join", .handle = "ben", .name = "phone", .key = "b", .secret = "s", .now_ms = 60'999};
  Command other = join;
  other.secret = "x";
  EXPECT_EQ(s.model.apply(other).error, "INVITATION_UNKNOWN");
  other = join;
  other.now_ms = 61'000;
  EXPECT_EQ(s.model.apply(other).error, "INVITATION_EXPIRED");
  other = join;
  other.handle = "aki";
  EXPECT_EQ(s.model.apply(other).error, "HANDLE_TAKEN");
  other = join;
  other.key = "aki";
  EXPECT_EQ(s.model.apply(other).error, "KEY_IN_USE");
  EXPECT_EQ(s.model.invitations["s"].used, 0u);
  EXPECT_EQ(s.model.apply(join), (Answer{.inviter = "aki"}));
  other = join;
  other.now_ms = 99'000;  // the same again, late
  EXPECT_EQ(s.model.apply(other), (Answer{.inviter = "aki", .duplicate = true}));
  EXPECT_EQ(s.model.invitations["s"].used, 1u);
}

TEST(ModelJoin, TieReplacesAllButABlock_D13) {
  Scene s{"aki", "ben"};
  s.tie("aki", "block", "cho");
  s.tie("ben", "ask", "cho");  // there is no cho yet
  s.arrive("cho");
  EXPECT_EQ(s.side("aki", "cho"), "BLOCKED");
  EXPECT_EQ(s.side("cho", "aki"), "");
  EXPECT_EQ(s.side("cho", "ben"), "ASKED_IN");  // D9
  EXPECT_EQ(s.side("ben", "cho"), "ASKED_OUT");
  EXPECT_EQ(s.tie("cho", "accept", "ben").tie, "MUTUAL");
  s.tie("aki", "ask", "dai");  // nor is there a dai
  s.arrive("dai");
  EXPECT_EQ(s.side("aki", "dai"), "MUTUAL");
}

TEST(ModelDevices, PairRevokeRecover_D14) {
  Scene s{"aki", "ben"};
  EXPECT_EQ(s.by("aki", {.what = "pair", .name = "phone", .key = "aki2"}).error, "DEVICE_NAME_TAKEN");
  EXPECT_EQ(s.by("aki", {.what = "pair", .name = "pc", .key = "ben"}).error, "KEY_IN_USE");
  EXPECT_EQ(s.by("aki", {.what = "pair", .name = "pc", .key = "aki2"}).error, "");
  EXPECT_EQ(s.model.view("aki").devices, (std::set<std::string>{"pc", "phone"}));
  s.by("aki", {.what = "codes", .list = {"old"}});
  s.by("aki", {.what = "codes", .list = {"c0", "c1"}});
  EXPECT_EQ(s.by("ben", {.what = "revoke", .key = "aki"}).error, "NOT_FOUND");
  EXPECT_EQ(s.by("aki2", {.what = "revoke", .key = "aki"}).error, "");
  EXPECT_EQ(s.by("aki2", {.what = "revoke", .key = "aki"}).error, "NOT_FOUND");
  EXPECT_EQ(s.send("aki", kDirect, "queued").error, "DEVICE_REVOKED");
  EXPECT_EQ(s.read("aki", kDirect, 0).error, "DEVICE_REVOKED");
  EXPECT_EQ(s.send("nobody", kDirect, "x").error, "PROOF_FAILED");
  EXPECT_EQ(s.by("aki2", {.what = "revoke", .key = "aki2"}).error, "");  // the last one
  EXPECT_TRUE(s.model.view("aki").devices.empty());
  Command recover{.what = "recover", .name = "phone", .key = "aki3", .secret = "old"};
  EXPECT_EQ(s.model.apply(recover).error, "RECOVERY_UNKNOWN");
  recover.secret = "c0";
  EXPECT_EQ(s.model.apply(recover), Answer{});  // the name is free again; the first member has no inviter
  EXPECT_EQ(s.model.apply(recover), Answer{.duplicate = true});
  recover.key = "aki4";
  EXPECT_EQ(s.model.apply(recover).error, "RECOVERY_UNKNOWN");  // used up
  recover.secret = "c1";
  EXPECT_EQ(s.model.apply(recover).error, "DEVICE_NAME_TAKEN");
  recover.name = "tablet";
  EXPECT_EQ(s.model.apply(recover).error, "");  // the refusal left the code
  EXPECT_EQ(s.model.view("aki").devices, (std::set<std::string>{"phone", "tablet"}));
  EXPECT_EQ(s.by("aki3", {.what = "fly"}).error, "UNSUPPORTED");
}

TEST(ModelSend, NumbersAndContent) {
  Scene s{"aki", "ben"};
  EXPECT_EQ(s.send("aki", kDirect, "one"), Answer{.seq = 1});
  EXPECT_EQ(s.send("ben", kDirect, "two", 1), Answer{.seq = 2});
  EXPECT_EQ(s.send("ben", Model::self_id("ben"), "note"), Answer{.seq = 1});
  const View view = s.model.view("aki");
  EXPECT_EQ(view.chats.at(kDirect).slots.at(2), (Slot{"MESSAGE", "ben", "phone", "c2", "two", 1, {}}));
  EXPECT_EQ(view.chats.at(kDirect).head, head_of(2, 0, 1, 1));
  EXPECT_EQ(view.chats.at(kDirect).kind, "DIRECT");
}

TEST(ModelSend, EachRefusalByNameAndNothingChanged_D1_D7) {
  Scene s{"aki", "ben", "cho"};
  s.model.body_bytes_max = 4;
  s.send("aki", kDirect, "one");
  const View before = s.model.view("aki");
  EXPECT_EQ(s.send("cho", kDirect, "hi").error, "NOT_FOUND");
  EXPECT_EQ(s.send("aki", "nowhere", "").error, "NOT_FOUND");
  EXPECT_EQ(s.send("aki", kDirect, "").error, "BODY_EMPTY");
  EXPECT_EQ(s.send("aki", kDirect, "12345").error, "BODY_TOO_LARGE");
  EXPECT_EQ(s.send("aki", kDirect, "1234", 2).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(diff(before, s.model.view("aki")), "");
  EXPECT_EQ(s.by("aki", {.what = "send", .client_id = "c1", .conversation = kDirect, .text = ""}).error,
            "CLIENT_ID_REUSED");
}

TEST(ModelSend, RepeatGetsTheOriginalAnswer_D1_D2) {
  Scene s{"aki", "ben"};
  s.by("aki", {.what = "pair", .name = "pc", .key = "aki2"});
  Command send{.what = "send", .client_id = "x", .conversation = kDirect, .text = ""};
  EXPECT_EQ(s.by("aki", send).error, "BODY_EMPTY");
  send.text = "one";
  EXPECT_EQ(s.by("aki", send), Answer{.seq = 1});  // the refusal left the client_id free
  EXPECT_EQ(s.by("ben", send), Answer{.seq = 2});  // another author, another client_id
  s.tie("ben", "end", "aki");
  EXPECT_EQ(s.by("aki2", send), (Answer{.seq = 1, .duplicate = true}));
  EXPECT_EQ(s.send("aki", kDirect, "more").error, "NOT_TIED");
  send.text = "other";
  EXPECT_EQ(s.by("aki", send).error, "CLIENT_ID_REUSED");
  EXPECT_EQ(s.tie("aki", "ask", "ben").tie, "ASKED_OUT");
  EXPECT_EQ(s.by("aki", {.what = "ask", .client_id = "x", .handle = "ben"}).error, "CLIENT_ID_REUSED");
  EXPECT_EQ(s.model.head("aki", kDirect).head, 2u);
}

TEST(ModelTie, AskAcceptEndReopen_D10_D11) {
  Scene s{"own", "aki", "ben"};
  EXPECT_EQ(s.tie("aki", "accept", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "decline", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "end", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "unblock", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "ask", "aki").error, "BAD_REQUEST");
  EXPECT_EQ(s.tie("aki", "ask", "ben").tie, "ASKED_OUT");
  EXPECT_EQ(s.side("ben", "aki"), "ASKED_IN");
  EXPECT_EQ(s.tie("ben", "end", "aki").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "end", "ben"), Answer{});  // withdrawn
  EXPECT_EQ(s.side("ben", "aki"), "");
  s.tie("aki", "ask", "ben");
  EXPECT_EQ(s.send("aki", kDirect, "early").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("ben", "accept", "aki").tie, "MUTUAL");
  EXPECT_EQ(s.tie("aki", "ask", "ben").tie, "MUTUAL");
  s.send("aki", kDirect, "one");
  s.read("ben", kDirect, 1);
  EXPECT_EQ(s.tie("ben", "end", "aki").tie, "ENDED");
  EXPECT_EQ(s.side("aki", "ben"), "ENDED");
  EXPECT_EQ(s.send("ben", kDirect, "x").error, "NOT_TIED");
  EXPECT_EQ(s.seen("aki", kDirect), "1");
  EXPECT_EQ(s.tie("aki", "end", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "ask", "ben").tie, "ASKED_OUT");
  EXPECT_EQ(s.tie("ben", "ask", "aki").tie, "MUTUAL");
  EXPECT_EQ(s.send("ben", kDirect, "two").seq, 2u);
  EXPECT_EQ(s.model.head("ben", kDirect), head_of(2, 1, 1, 0));
}

TEST(ModelTie, NobodyLooksLikeSomebody_D9) {
  Scene s{"own", "aki", "ben"};
  s.tie("ben", "block", "aki");
  for (const std::string other : {"ben", "ghost"}) {
    EXPECT_EQ(s.tie("aki", "ask", other), Answer{.tie = "ASKED_OUT"});
    EXPECT_EQ(s.tie("aki", "ask", other), Answer{.tie = "ASKED_OUT"});
    EXPECT_EQ(s.tie("aki", "accept", other).error, "NOT_FOUND");
    EXPECT_EQ(s.tie("aki", "end", other), Answer{});
    EXPECT_EQ(s.tie("aki", "block", other), Answer{.tie = "BLOCKED"});
    EXPECT_EQ(s.tie("aki", "block", other), Answer{.tie = "BLOCKED"});
    EXPECT_EQ(s.tie("aki", "ask", other).error, "BLOCKED_BY_YOU");
    EXPECT_EQ(s.tie("aki", "unblock", other), Answer{});
  }
}

TEST(ModelTie, DeclineInSilence_D9_D10) {
  Scene s{"own", "aki", "ben"};
  s.tie("aki", "ask", "ben");
  EXPECT_EQ(s.tie("ben", "decline", "aki"), Answer{});
  EXPECT_EQ(s.side("ben", "aki"), "");
  EXPECT_EQ(s.side("aki", "ben"), "ASKED_OUT");
  EXPECT_EQ(s.tie("ben", "accept", "aki").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "ask", "ben").tie, "ASKED_OUT");
  EXPECT_EQ(s.side("ben", "aki"), "ASKED_IN");  // shown again
  s.tie("ben", "decline", "aki");
  EXPECT_EQ(s.tie("ben", "ask", "aki").tie, "ASKED_OUT");
  EXPECT_EQ(s.side("aki", "ben"), "ASKED_IN");
  EXPECT_EQ(s.tie("aki", "accept", "ben").tie, "MUTUAL");
}

TEST(ModelTie, BlockLooksLikeEnded_D10) {
  Scene s{"aki", "ben"};
  s.send("ben", kDirect, "one");
  EXPECT_EQ(s.tie("aki", "block", "ben").tie, "BLOCKED");
  EXPECT_EQ(s.side("ben", "aki"), "ENDED");
  EXPECT_EQ(s.send("ben", kDirect, "x").error, "NOT_TIED");
  EXPECT_EQ(s.send("aki", kDirect, "x").error, "NOT_TIED");
  EXPECT_EQ(s.seen("aki", kDirect), "1");
  EXPECT_EQ(s.tie("aki", "end", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("ben", "ask", "aki").tie, "ASKED_OUT");
  EXPECT_EQ(s.side("aki", "ben"), "BLOCKED");
  EXPECT_EQ(s.tie("aki", "accept", "ben").error, "NOT_FOUND");
  EXPECT_EQ(s.tie("aki", "unblock", "ben").tie, "ENDED");
  EXPECT_EQ(s.side("aki", "ben"), "ENDED");  // his ask did not reach her
  s.tie("ben", "ask", "aki");
  EXPECT_EQ(s.side("aki", "ben"), "ASKED_IN");
  s.tie("aki", "block", "ben");
  EXPECT_EQ(s.side("ben", "aki"), "ASKED_OUT");
  EXPECT_EQ(s.tie("aki", "unblock", "ben").tie, "ENDED");
  s.tie("aki", "ask", "ben");
  EXPECT_EQ(s.side("ben", "aki"), "ASKED_IN");
  s.tie("aki", "block", "ben");  // withdraws
  EXPECT_EQ(s.side("ben", "aki"), "ENDED");
}

TEST(ModelMarker, ReadGrowsWithinARev_D6) {
  Scene s{"aki", "ben"};
  for (int i = 0; i < 5; ++i) s.send("aki", kDirect, "m");
  EXPECT_EQ(s.read("ben", kDirect, 3), (Answer{.head = head_of(5, 3, 1, 2)}));
  EXPECT_EQ(s.read("ben", kDirect, 2).head, head_of(5, 3, 1, 2));
  EXPECT_EQ(s.read("ben", kDirect, 5, 2).head, head_of(5, 3, 1, 2));
  EXPECT_EQ(s.read("ben", kDirect, 0, 2).head, head_of(5, 3, 1, 2));
  EXPECT_EQ(s.read("ben", kDirect, 6, 2).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.read("ben", kDirect, 0).head, head_of(5, 5, 1, 0));
  EXPECT_EQ(s.model.head("aki", kDirect), head_of(5, 0, 1, 0));  // sending marks nothing
}

TEST(ModelMarker, MarkUnreadBeginsARev_D5_D7) {
  Scene s{"aki", "ben"};
  for (int i = 0; i < 3; ++i) s.send("aki", kDirect, "m");
  s.read("ben", kDirect, 0);
  EXPECT_EQ(s.mark_unread("ben", kDirect, 2, 1).head, head_of(3, 1, 2, 2));
  EXPECT_EQ(s.read("ben", kDirect, 3, 1).head, head_of(3, 1, 2, 2));
  EXPECT_EQ(s.mark_unread("ben", kDirect, 1, 1), (Answer{.error = "STALE_REV", .head = head_of(3, 1, 2, 2)}));
  EXPECT_EQ(s.mark_unread("ben", kDirect, 0, 2).error, "SEQ_BEYOND_LOG");
  EXPECT_EQ(s.mark_unread("ben", kDirect, 4, 1).error, "SEQ_BEYOND_LOG");  // looked at before the rev
  const Command back{.what = "mark_unread", .client_id = "x", .conversation = kDirect, .seq = 1, .rev = 2};
  EXPECT_EQ(s.by("ben", back).head, head_of(3, 0, 3, 3));
  s.read("ben", kDirect, 0, 3);
  EXPECT_EQ(s.by("ben", back), (Answer{.head = head_of(3, 0, 3, 3), .duplicate = true}));
  EXPECT_EQ(s.model.head("ben", kDirect), head_of(3, 3, 3, 0));
}

TEST(ModelFlags, LastOneStands) {
  Scene s{"aki", "ben", "cho"};
  s.by("aki", {.what = "mute", .conversation = kDirect, .on = true});
  s.by("aki", {.what = "pin", .conversation = kDirect, .on = true});
  s.by("aki", {.what = "mute", .conversation = kDirect, .on = false});
  EXPECT_FALSE(s.model.view("aki").chats.at(kDirect).muted);
  EXPECT_TRUE(s.model.view("aki").chats.at(kDirect).pinned);
  EXPECT_FALSE(s.model.view("ben").chats.at(kDirect).pinned);
  EXPECT_EQ(s.by("cho", {.what = "pin", .conversation = kDirect, .on = true}).error, "NOT_FOUND");
}

TEST(ModelView, DiffNamesWhatDiffers) {
  Scene s{"aki", "ben"};
  s.send("ben", kDirect, "one");
  const View expected = s.model.view("aki");
  View actual = expected;
  EXPECT_EQ(diff(expected, actual), "");
  actual.chats.at(kDirect).slots.clear();
  actual.ties["ben"] = "ENDED";
  EXPECT_EQ(diff(expected, actual),
            "- @aki+ben slot 1 MESSAGE by ben/phone client_id c1 reply_to 0 body one people\n"
            "- tie ben MUTUAL\n"
            "+ tie ben ENDED\n");
  Model copy = s.model;
  copy.apply({.what = "pin", .device = "aki", .conversation = kDirect, .on = true});
  EXPECT_EQ(
      diff(expected, copy.view("aki")),
      "- @aki+ben DIRECT head 1 marker 0 rev 1 unread 1 mentions 0 title  in 0..0 stored 0 read_through 0\n"
      "+ @aki+ben DIRECT head 1 marker 0 rev 1 unread 1 mentions 0 pinned title  in 0..0 stored 0 read_through 0\n");
  EXPECT_EQ(s.model.view("aki"), expected);
}

}  // namespace
}  // namespace enishi::model
