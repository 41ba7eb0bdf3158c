#include "matrix/table.h"

#include <map>

namespace enishi::matrix {
namespace {

// clang-format off
// Askers:                                   own mem for tie ask end blo str
constexpr const char* kInGroup =            "ok  ok  -   -   -   -   -   -";
constexpr const char* kAki =                "ok  -   -   -   -   -   -   -";
constexpr const char* kInDirect =           "ok  ok  -   -   -   -   -   -";
constexpr const char* kInEnded =            "ok  -   -   -   -   ok  -   -";
constexpr const char* kInBlocked =          "ok  -   -   -   -   -   ok  -";
constexpr const char* kNotTiedEnded =       "NT  -   -   -   -   NT  -   -";
constexpr const char* kNotTiedBlocked =     "NT  -   -   -   -   -   NT  -";
constexpr const char* kBeyond =             "SB  SB  -   -   -   -   -   -";
constexpr const char* kBadInGroup =         "BR  BR  -   -   -   -   -   -";
constexpr const char* kNoGroup =            ".   .   -   -   -   -   -   -";  // a direct conversation is no group

constexpr Row kTable[] = {
    // Before Welcome. A device that does not exist is asked for its proof as any other.
    {"hello", "device_id=?aki_phone", "WS", "ok~"},
    {"prove", "", "WS", "WS"},
    {"invite_preview", "", "WS", "IU"},
    {"join", "", "WS", "IU"},
    {"pair_present", "", "WS", "PU"},
    {"recover", "", "WS", "RU"},
    {"probe", "", "ok", "ok"},

    {"send", "conversation_id=?group", kInGroup},
    {"send", "conversation_id=?direct", kInDirect},
    {"send", "conversation_id=?self", kAki},
    {"send", "conversation_id=?ended", kNotTiedEnded},
    {"send", "conversation_id=?blocked", kNotTiedBlocked},
    {"send", "conversation_id=?group reply_to=3", kInGroup},
    {"send", "conversation_id=?group reply_to=99", kBeyond},
    {"send", "conversation_id=group mentions=?hal", "ok= ok= . . . . . ."},
    {"send", "conversation_id=?group draft_rev=1", kInGroup},
    {"read", "conversation_id=?group", kInGroup},
    {"read", "conversation_id=?ended", kInEnded},
    {"read", "conversation_id=?group read_through_seq=99", kBeyond},
    {"mark_unread", "conversation_id=?group", kInGroup},
    {"mark_unread", "conversation_id=?group base_rev=7", "SR SR - - - - - -"},
    {"mark_unread", "conversation_id=?blocked unread_from_seq=1", kInBlocked},
    {"fetch", "conversation_id=?group", kInGroup},
    {"fetch", "conversation_id=?direct", kInDirect},
    {"fetch", "conversation_id=?self", kAki},
    {"fetch", "conversation_id=?ended", kInEnded},
    {"fetch", "conversation_id=?blocked", kInBlocked},
    {"list", "", "ok"},
    {"set_flag", "conversation_id=?group", kInGroup},
    {"set_flag", "conversation_id=?ended", kInEnded},

    {"edit", "conversation_id=?group seq=2", "ok NA - - - - - -"},
    {"edit", "conversation_id=group seq=2 mentions=?hal", "ok= NA . . . . . ."},
    {"edit", "conversation_id=?group seq=6", "MD NA - - - - - -"},
    {"edit", "conversation_id=?ended seq=1", kNotTiedEnded},
    {"delete", "conversation_id=?group seq=2", "ok NA - - - - - -"},
    {"delete", "conversation_id=?ended seq=1", "ok - - - - NA - -"},
    {"delete", "conversation_id=?blocked seq=2", "NA - - - - - ok -"},
    {"react", "conversation_id=?group seq=2", kInGroup},
    {"react", "conversation_id=?group seq=6", "MD MD - - - - - -"},
    {"react", "conversation_id=?group seq=1", kBadInGroup},
    {"react", "conversation_id=?group seq=99", kBeyond},
    {"react", "conversation_id=?blocked seq=1", kNotTiedBlocked},
    {"pin_message", "conversation_id=?group seq=2", kInGroup},
    {"pin_message", "conversation_id=?ended seq=1", kNotTiedEnded},
    {"set_message_flag", "conversation_id=?group seq=2", kInGroup},
    {"set_message_flag", "conversation_id=?blocked seq=1", kInBlocked},
    {"set_message_flag", "conversation_id=?group seq=99", kBeyond},
    {"forward", "conversation_id=own from_conversation_id=?group from_seq=2", kInGroup},
    {"forward", "conversation_id=own from_conversation_id=?ended from_seq=1", kInEnded},
    {"forward", "conversation_id=?group from_conversation_id=own from_seq=1", kInGroup},
    {"forward", "conversation_id=?blocked from_conversation_id=own from_seq=1", kNotTiedBlocked},
    // What is to be asked for is sealed by the daemon: a made-up one is refused before anything is looked up.
    {"changed", "conversation_id=?group since=x", "BR", "BR"},

    {"group_new", "handles=?dan", "ok - - ok - - - -"},
    {"group_new", "handles=?hal", "- - - - - - - ok"},
    {"group_add", "conversation_id=?group handle=dan", "ok . - - - - - -"},
    {"group_add", "conversation_id=group handle=?hal", "- - - - - - - -"},
    {"group_add", "conversation_id=group handle=ben", "AM . . . . . . ."},
    {"group_add", "conversation_id=?direct handle=dan", kNoGroup},
    {"group_remove", "conversation_id=?group handle=ben", "ok NO - - - - - -"},
    {"group_remove", "conversation_id=group handle=?hal", "- NO - - - - - -"},
    {"group_remove", "conversation_id=?direct handle=ben", kNoGroup},
    {"group_leave", "conversation_id=?group", kInGroup},
    {"group_leave", "conversation_id=group successor=?hal", "- ok= - - - - - -"},
    {"group_leave", "conversation_id=?direct", kNoGroup},
    {"group_title", "conversation_id=?group", kInGroup},
    {"group_title", "conversation_id=?direct", kNoGroup},

    {"put_draft", "conversation_id=?group", kInGroup},
    {"put_draft", "conversation_id=?self", kAki},
    {"put_draft", "conversation_id=?ended", kInEnded},
    {"put_draft", "conversation_id=?blocked", kInBlocked},
    {"put_draft", "conversation_id=?group caret=9", kBadInGroup},
    {"drop_kept", "conversation_id=?group", kInGroup},
    {"drop_kept", "conversation_id=?blocked", kInBlocked},
    {"stored", "conversation_id=?group", kInGroup},
    {"stored", "conversation_id=?direct", kInDirect},
    {"stored", "conversation_id=?ended", kInEnded},
    {"stored", "conversation_id=?blocked", kInBlocked},
    {"stored", "conversation_id=?group through_seq=99", kBeyond},
    {"receipts_ask", "conversation_id=?group", kInGroup},
    {"receipts_ask", "conversation_id=?ended", kInEnded},
    {"receipts_ask", "conversation_id=?blocked", kInBlocked},
    {"set_receipts", "", "ok"},

    // Asking and blocking say the same of a stranger and of nobody.
    {"tie_change", "action=1 handle=?hal", "ok= ok= ok= ok= ok= ok= ok= BR"},
    {"tie_change", "action=1 handle=aki", "BR ok ok ok ok ok ok ok"},
    {"tie_change", "action=1 handle=gus", "BB ok ok ok ok ok BR ok"},
    {"tie_change", "action=2 handle=?hal", "- - - - - - - BR"},
    {"tie_change", "action=2 handle=eve", "ok . . . BR . . ."},
    {"tie_change", "action=3 handle=?hal", "- - - - - - - BR"},
    {"tie_change", "action=4 handle=?hal", "- - - - - - - BR"},
    {"tie_change", "action=4 handle=?aki", "BR ok ok ok ok - - -"},
    {"tie_change", "action=5 handle=?hal", "ok= ok= ok= ok= ok= ok= ok= BR"},
    {"tie_change", "action=6 handle=?hal", "- - - - - - - BR"},
    {"tie_change", "action=6 handle=?gus", "ok - - - - - BR -"},

    {"invite_make", "", "ok"},
    {"invite_list", "", "ok"},
    {"invite_revoke", "id=?invitation", kAki},
    {"pair_offer", "", "ok"},
    {"pair_decide", "", "PU"},
    {"device_list", "", "ok"},
    {"device_revoke", "id=?aki_pc", kAki},
    {"device_revoke", "id=?aki_phone", kAki},
    {"device_revoke", "id=?revoked", "."},
    {"recovery_codes_make", "", "ok"},

    {"set_profile", "", "ok"},
    {"set_picture", "", "ok"},
    {"picture_fetch", "handle=?aki", "ok ok ok ok - - - -"},
    {"picture_fetch", "handle=?ben", ". . - - - - - -"},  // he has none
    {"picture_fetch", "handle=aki conversation_id=?group", kInGroup},
    {"picture_fetch", "handle=aki conversation_id=?ended", "ok - - - - . - -"},
    {"picture_fetch", "handle=aki conversation_id=?blocked", "ok - - - - - . -"},
    {"member_list", "conversation_id=?group", kInGroup},
    {"member_list", "conversation_id=?direct", kInDirect},
    {"member_list", "conversation_id=?self", kAki},
    {"member_list", "conversation_id=?ended", kInEnded},
    {"member_list", "conversation_id=?blocked", kInBlocked},

    {"set_mode", "", "ok"},
    {"watch", "handles=?hal", "ok="},
    {"focus", "conversation_ids=?group", kInGroup},
    {"focus", "conversation_ids=?blocked", kInBlocked},
    {"typing", "conversation_id=?group", kInGroup},
    {"typing", "conversation_id=?ended", kInEnded},
    {"presence_ask", "handles=?hal", "-"},
    {"presence_ask", "handles=?aki", "- ok ok ok - - - -"},

    // Her other device is not connected; to others it does not exist.
    {"baton", "device_id=?aki_pc conversation_id=own", "DA - - - - - - -"},
    {"baton", "device_id=?aki_phone conversation_id=own", "-"},  // this very one
    {"baton", "device_id=?revoked conversation_id=own", "-"},
    {"baton", "device_id=aki_pc conversation_id=?foreign", "- . . . . . . ."},
    {"baton_ask", "", "DA"},
    {"baton_take", "", "."},
};
// clang-format on

}  // namespace

std::span<const Row> table() { return kTable; }

std::string_view code_of(std::string_view letters) {
  static const std::map<std::string_view, std::string_view> kCodes = {
      {"ok", ""},
      {"-", "NOT_FOUND"},
      {".", "NOT_FOUND"},
      {"AM", "ALREADY_MEMBER"},
      {"BB", "BLOCKED_BY_YOU"},
      {"BR", "BAD_REQUEST"},
      {"DA", "DEVICE_AWAY"},
      {"IU", "INVITATION_UNKNOWN"},
      {"MD", "MESSAGE_DELETED"},
      {"NA", "NOT_AUTHOR"},
      {"NO", "NOT_OWNER"},
      {"NT", "NOT_TIED"},
      {"PU", "PAIRING_UNKNOWN"},
      {"RU", "RECOVERY_UNKNOWN"},
      {"SB", "SEQ_BEYOND_LOG"},
      {"SR", "STALE_REV"},
      {"WS", "WRONG_STATE"},
  };
  const auto bare = letters.size() > 1 && (letters.ends_with('=') || letters.ends_with('~'))
                        ? letters.substr(0, letters.size() - 1)
                        : letters;
  const auto at = kCodes.find(bare);
  return at == kCodes.end() ? "a word that table.cc does not explain" : at->second;
}

}  // namespace enishi::matrix
