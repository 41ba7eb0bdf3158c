#include "core/derived/unread.h"

namespace enishi::core {

bool covers(std::span<const SeqInterval> intervals, Seq seq) noexcept {
  return std::ranges::any_of(
      intervals, [seq](const SeqInterval& each) { return seq >= each.joined && (!each.left || seq <= each.left); });
}

}  // namespace enishi::core
