#include "cli/screen/keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "cli/show/clusters.h"

namespace enishi::cli {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kPasteBegin = "\x1b[200~";
constexpr std::string_view kPasteEnd = "\x1b[201~";
// The longest sequence that a terminal sends is far shorter; what is longer is no sequence.
constexpr std::size_t kSequenceMax = 32;

using Names = std::pair<std::string_view, KeyKind>;

// After ESC. xterm, VT220, rxvt and Linux console; ";5" is Ctrl, ";3" Alt.
constexpr std::array kSequences{Names{"[A", KeyKind::up},           Names{"[B", KeyKind::down},
                                Names{"[C", KeyKind::right},        Names{"[D", KeyKind::left},
                                Names{"OA", KeyKind::up},           Names{"OB", KeyKind::down},
                                Names{"OC", KeyKind::right},        Names{"OD", KeyKind::left},
                                Names{"[H", KeyKind::home},         Names{"[F", KeyKind::end},
                                Names{"OH", KeyKind::home},         Names{"OF", KeyKind::end},
                                Names{"[1~", KeyKind::home},        Names{"[4~", KeyKind::end},
                                Names{"[7~", KeyKind::home},        Names{"[8~", KeyKind::end},
                                Names{"[3~", KeyKind::erase},       Names{"[5~", KeyKind::page_up},
                                Names{"[6~", KeyKind::page_down},   Names{"[1;5C", KeyKind::word_right},
                                Names{"[1;5D", KeyKind::word_left}, Names{"[1;3C", KeyKind::word_right},
                                Names{"[1;3D", KeyKind::word_left}, Names{"[I", KeyKind::focus_gained},
                                Names{"[O", KeyKind::focus_lost},   Names{"b", KeyKind::word_left},
                                Names{"f", KeyKind::word_right},    Names{"\r", KeyKind::line_break},
                                Names{"\n", KeyKind::line_break},   Names{"\x7f", KeyKind::kill_word},
                                Names{"OM", KeyKind::enter}};

constexpr std::array kControls{std::pair{'\r', KeyKind::enter},         std::pair{'\n', KeyKind::line_break},
                               std::pair{'\x7f', KeyKind::backspace},   std::pair{'\x08', KeyKind::backspace},
                               std::pair{'\x01', KeyKind::home},        std::pair{'\x05', KeyKind::end},
                               std::pair{'\x02', KeyKind::left},        std::pair{'\x06', KeyKind::right},
                               std::pair{'\x10', KeyKind::up},          std::pair{'\x0e', KeyKind::down},
                               std::pair{'\x0b', KeyKind::kill_to_end}, std::pair{'\x15', KeyKind::kill_to_start},
                               std::pair{'\x17', KeyKind::kill_word},   std::pair{'\x0f', KeyKind::list},
                               std::pair{'\x03', KeyKind::interrupt},   std::pair{'\x04', KeyKind::end_of_input},
                               std::pair{'\x1a', KeyKind::suspend},     std::pair{'\x0c', KeyKind::redraw}};

bool is_control(std::int32_t point) { return point < 0x20 || (point >= 0x7F && point < 0xA0); }

/// How long the sequence after ESC is, ESC not counted; nullopt: it is unfinished.
std::optional<std::size_t> sequence_size(std::string_view after) {
  if (after.empty()) return std::nullopt;
  if (after[0] == 'O') return after.size() < 2 ? std::nullopt : std::optional<std::size_t>(2);
  if (after[0] != '[') {
    // Alt and a character, which may have several bytes.
    auto rest = after;
    return take_point(rest).bytes.size();
  }
  // ECMA-48 5.4: parameter bytes 30-3F, intermediate bytes 20-2F, one final byte 40-7E. Linux's function keys have a
  // second "[" there, which nobody else uses as a final byte.
  for (std::size_t at = 1; at < after.size(); ++at) {
    const auto byte = static_cast<unsigned char>(after[at]);
    if (byte >= 0x40 && byte <= 0x7E) return at == 1 && byte == '[' && after.size() > 2 ? 3 : at + 1;
    if (byte < 0x20 || byte > 0x7E || at > kSequenceMax) return at;
  }
  return std::nullopt;
}

/// True when more bytes may still make a character of it.
bool is_begun(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  const std::size_t wanted = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (first >= 0xF5 || bytes.size() >= wanted) return false;
  return std::ranges::all_of(bytes.substr(1), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; });
}

/// A paste as a text: line ends as "\n", no other control characters but tabs, no bytes that are not UTF-8.
std::string cleaned(std::string_view pasted) {
  std::string text;
  while (!pasted.empty()) {
    const auto point = take_point(pasted);
    if (point.value == '\r') {
      text += '\n';
      if (pasted.starts_with('\n')) pasted.remove_prefix(1);
    } else if (point.value == '\n' || point.value == '\t' || !is_control(point.value)) {
      text += point.bytes;
    }
  }
  return text;
}

}  // namespace

std::vector<Key> KeyDecoder::feed(std::string_view bytes) {
  std::vector<Key> keys;
  rest_ += bytes;
  while (!rest_.empty() && (pasting_ ? take_paste(keys) : take(keys))) {
  }
  return keys;
}

std::vector<Key> KeyDecoder::expire() {
  if (!waits()) return {};
  // Also of a sequence that was cut off: its rest would be text otherwise.
  const bool lone = rest_.size() == 1;
  rest_.clear();
  if (!lone) return {};
  return {Key{KeyKind::escape, {}}};
}

bool KeyDecoder::take(std::vector<Key>& keys) {
  if (rest_.front() == kEscape) return take_escape(keys);
  const auto control = std::ranges::find(kControls, rest_.front(), &std::pair<char, KeyKind>::first);
  if (control != kControls.end()) {
    keys.push_back({control->second, {}});
    rest_.erase(0, 1);
    return true;
  }
  std::string_view left = rest_;
  const auto point = take_point(left);
  if (point.value < 0 && is_begun(rest_)) return false;
  if (!is_control(point.value)) {
    // What is typed at once stays one key.
    if (keys.empty() || keys.back().kind != KeyKind::text) keys.push_back({});
    keys.back().text += point.bytes;
  }
  rest_.erase(0, point.bytes.size());
  return true;
}

bool KeyDecoder::take_escape(std::vector<Key>& keys) {
  if (rest_.starts_with(kPasteBegin)) {
    rest_.erase(0, kPasteBegin.size());
    pasted_.clear();
    return pasting_ = true;
  }
  const auto after = std::string_view(rest_).substr(1);
  if (after.starts_with(kEscape)) {
    keys.push_back({KeyKind::escape, {}});
    rest_.erase(0, 1);
    return true;
  }
  const auto size = sequence_size(after);
  if (!size) return false;
  const auto known = std::ranges::find(kSequences, after.substr(0, *size), &Names::first);
  if (known != kSequences.end()) keys.push_back({known->second, {}});
  rest_.erase(0, 1 + *size);
  return true;
}

bool KeyDecoder::take_paste(std::vector<Key>& keys) {
  const auto end = rest_.find(kPasteEnd);
  // The end may be half here.
  const auto sure = end != std::string::npos ? end : rest_.size() - std::min(rest_.size(), kPasteEnd.size() - 1);
  pasted_.append(rest_, 0, std::min(sure, kPasteMax - std::min(kPasteMax, pasted_.size())));
  rest_.erase(0, sure);
  if (end == std::string::npos) return false;
  rest_.erase(0, kPasteEnd.size());
  pasting_ = false;
  if (auto text = cleaned(pasted_); !text.empty()) keys.push_back({KeyKind::paste, std::move(text)});
  pasted_.clear();
  return true;
}

}  // namespace enishi::cli
