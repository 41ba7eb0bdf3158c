#include "cpp/session/backoff.h"

#include <algorithm>

namespace enishi::client {

Instant Backoff::on_closed(Instant now) {
  if (proven_at_ && now - *proven_at_ >= kStable) attempts_ = 0;
  proven_at_.reset();
  // 2^6 times the base is past the cap; a greater shift would overflow one day.
  const Instant longest = std::min<Instant>(kCap, kBase * (1 << std::min(attempts_, 6U)));
  ++attempts_;
  if (told_) {
    const auto wait = *told_;
    told_.reset();
    return wait;
  }
  const auto bound = static_cast<std::uint64_t>(longest.count()) + 1;
  return Instant{static_cast<Instant::rep>(below(*entropy_, bound))};
}

}  // namespace enishi::client
