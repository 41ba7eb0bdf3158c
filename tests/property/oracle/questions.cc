// Requests that read, compared with what the model knows.
#include "property/oracle/oracle.h"
#include "property/world/context.h"

namespace enishi::property {
namespace {

using Lines = std::vector<std::string>;

/// One line for each fact, or what was refused.
Lines lines_of(const std::vector<v1::ServerFrame>& frames) {
  Lines lines;
  for (const auto& frame : frames) {
    if (frame.has_error()) lines.push_back(error_of(frame));
    for (const auto& each : frame.receipts().receipts())
      lines.push_back(each.handle() + " delivered " + std::to_string(each.delivered_seq()) + " read " +
                      std::to_string(each.read_seq()));
    for (const auto& each : frame.member_views().members())
      lines.push_back(each.person().handle() + (each.owner() ? " owns" : "") + " name " + each.person().name() +
                      " hue " + std::to_string(each.person().hue()) + " picture " + hex(each.person().picture_id()));
    if (frame.has_picture()) lines.push_back("picture " + hex(frame.picture().picture_id()));
  }
  return lines;
}

std::string text_of(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += "  " + line + "\n";
  return text;
}

void hold_against(const char* what, const std::string& who, const Lines& expected, const Lines& got) {
  if (expected != got)
    throw Broken{std::string(what) + " of " + who + " is answered\n" + text_of(got) + "and the model says\n" +
                 text_of(expected)};
}

bool is_tied(const model::Model& model, const std::string& me, const std::string& other) {
  const auto tie = model.ties.find({me, other});
  return tie != model.ties.end() && tie->second == "MUTUAL";
}

Lines members_of(const model::Model& model, const std::string& me, const std::string& conversation) {
  if (model.head(me, conversation).rev == 0) return {"NOT_FOUND"};
  const auto& chat = model.conversations.at(conversation);
  const std::set<std::string> present(chat.present.begin(), chat.present.end());
  Lines lines;
  for (const auto& handle : present) {
    const bool known = chat.kind == "GROUP" || handle == me || is_tied(model, me, handle);
    const auto profile = known ? model.profiles.at(handle) : model::Profile{};
    lines.push_back(handle + (chat.owner == handle ? " owns" : "") + " name " + profile.name + " hue " +
                    std::to_string(profile.hue) + " picture " + profile.picture);
  }
  return lines;
}

Lines receipts_of(const model::Model& model, const std::string& me, const std::string& conversation) {
  if (model.head(me, conversation).rev == 0) return {"NOT_FOUND"};
  Lines lines;
  for (const auto& [handle, receipt] : model.receipts(me, conversation))
    lines.push_back(handle + " delivered " + std::to_string(receipt.delivered) + " read " +
                    std::to_string(receipt.read));
  return lines;
}

Lines picture_of(const model::Model& model, const std::string& me, const std::string& other,
                 const std::string& conversation) {
  const auto chat = model.conversations.find(conversation);
  const bool is_group = chat != model.conversations.end() && chat->second.kind == "GROUP";
  const bool together = chat != model.conversations.end() && chat->second.has(me) && chat->second.has(other);
  const bool tied = me == other || (conversation.empty() && is_tied(model, me, other));
  const auto profile = model.profiles.find(other);
  const bool shown = tied || (together && (is_group || is_tied(model, me, other)));
  if (!shown || profile == model.profiles.end() || profile->second.picture.empty()) return {"NOT_FOUND"};
  return {"picture " + profile->second.picture};
}

}  // namespace

void Oracle::check_questions(const Question& ask, std::uint64_t turn) const {
  if (model.profiles.empty() || history.conversations().empty()) return;
  const auto one = [&](std::uint64_t number) {
    return std::next(model.profiles.begin(), static_cast<std::ptrdiff_t>(number % model.profiles.size()))->first;
  };
  const auto me = one(turn), other = one(turn / 7);
  const auto& all = history.conversations();
  const std::string id(all[turn / 49 % all.size()].view());
  const auto name = history.name_of(id);
  v1::ClientFrame frame;
  frame.mutable_receipts_ask()->set_conversation_id(id);
  hold_against("ReceiptsAsk", me + " in " + name, receipts_of(model, me, name),
               lines_of(ask(history.member(me), frame)));
  frame.mutable_member_list()->set_conversation_id(id);
  hold_against("MemberList", me + " in " + name, members_of(model, me, name), lines_of(ask(history.member(me), frame)));
  const bool by_tie = turn % 2 == 0;
  frame.mutable_picture_fetch()->set_handle(other);
  if (!by_tie) frame.mutable_picture_fetch()->set_conversation_id(id);
  hold_against("PictureFetch", me + " for " + other + " in " + name, picture_of(model, me, other, by_tie ? "" : name),
               lines_of(ask(history.member(me), frame)));
}

}  // namespace enishi::property
