// Half-written texts: one for each conversation of a member, and beside it what lost. D24..D26.
#include "model/model.h"

namespace enishi::model {
namespace {

bool is_beginning(const std::string& text, const std::string& of) { return of.starts_with(text); }

Seq code_points(const std::string& text) {
  return static_cast<Seq>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// In the first free place; when there is none, the oldest gives way. What is a beginning of one that is kept takes
// none, and one that is a beginning of it gives its own (D25).
void keep(const Model& m, Member& mine, const std::string& text, const std::string& device, std::int64_t now_ms) {
  Seq place = 1;
  while (mine.kept.contains(place)) ++place;
  if (place > m.kept_max)
    place = std::ranges::min_element(mine.kept, {}, [](const auto& each) { return each.second.rev; })->first;
  for (const auto& [_, kept] : mine.kept)
    if (is_beginning(text, kept.text)) return;
  for (const auto& [old, kept] : mine.kept)
    if (is_beginning(kept.text, text)) {
      place = old;
      break;
    }
  mine.kept[place] = {++mine.kept_revs, text, device, now_ms};
}

// What `text` says anyhow, or is old, is kept no longer.
void free(Member& mine, const std::string& text, std::int64_t now_ms) {
  constexpr std::int64_t kDay = 86'400'000;
  std::erase_if(mine.kept, [&](const auto& each) {
    return is_beginning(each.second.text, text) || now_ms - each.second.since_ms > 30 * kDay;
  });
}

Answer put(const Model& m, Conversation& chat, Member& mine, const Command& c) {
  if (c.text.size() > m.body_bytes_max) return {"BODY_TOO_LARGE"};
  if (c.at > code_points(c.text)) return {"BAD_REQUEST"};
  if (c.seq > chat.log.size() || (c.seq != 0 && !mine.sees(c.seq))) return {"SEQ_BEYOND_LOG"};
  const std::string& device = m.devices.at(c.device).name;
  Draft& draft = mine.draft;
  const bool same_place = c.text.empty() || (c.at == draft.caret && c.seq == draft.reply_to);
  if (c.text == draft.text && (c.rev != draft.rev || same_place)) return {.rev = draft.rev, .won = true};
  const std::string& instead = draft.cleared_by == 0 ? draft.text : chat.sent[draft.cleared_by];
  const bool next = draft.cleared_by != 0 && mine.cleared_on == device && c.rev + 1 == draft.rev;
  if (c.rev != draft.rev && (!next || is_beginning(c.text, instead))) {
    if (!is_beginning(c.text, instead)) keep(m, mine, c.text, device, c.now_ms);
    return {.rev = draft.rev};
  }
  if ((c.on || draft.device != device) && !is_beginning(draft.text, c.text))
    keep(m, mine, draft.text, draft.device, c.now_ms);
  if (!c.text.empty()) free(mine, c.text, c.now_ms);
  draft = c.text.empty() ? Draft{draft.rev + 1} : Draft{draft.rev + 1, c.text, device, c.at, c.seq};
  return {.rev = draft.rev, .won = true};
}

}  // namespace

Answer decide_draft(Model& m, const std::string& me, const Command& c) {
  if (m.head(me, c.conversation).rev == 0) return {"NOT_FOUND"};
  Conversation& chat = m.conversations[c.conversation];
  Member& mine = chat.people[me];
  if (c.what == "put_draft") return put(m, chat, mine, c);
  if (mine.kept.contains(c.seq) && mine.kept[c.seq].rev == c.rev) mine.kept.erase(c.seq);
  return {};
}

// That text and no other.
void on_sent(const Model& m, Conversation& chat, const std::string& me, const Command& c) {
  const std::string& device = m.devices.at(c.device).name;
  chat.sent[chat.log.size()] = c.text;
  if (c.rev == 0) return;
  Member& mine = chat.people[me];
  free(mine, c.text, c.now_ms);
  const Draft& draft = mine.draft;
  const bool meant = draft.rev == c.rev || (draft.device == device && draft.rev == c.rev + 1);
  const bool all_sent = is_beginning(draft.text, c.text);
  if (draft.text.empty() || (!meant && !all_sent)) return;
  if (draft.rev != c.rev && !all_sent) keep(m, mine, draft.text, draft.device, c.now_ms);
  mine.cleared_on = device;
  mine.draft = {.rev = draft.rev + 1, .cleared_by = chat.log.size()};
}

}  // namespace enishi::model
