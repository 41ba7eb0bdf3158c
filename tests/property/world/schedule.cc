#include "property/world/schedule.h"

#include <algorithm>
#include <utility>

namespace enishi::property {
namespace {

constexpr std::size_t kAtOnceMax = 20'000;

}  // namespace

void Schedule::push(Instant at, bool is_work, Work work) {
  if (is_work) ++waiting_;
  items_.push({std::max(at, now_), ++last_number_, is_work, std::move(work)});
}

bool Schedule::run_next() {
  if (items_.empty()) return false;
  // top() is const only to keep the order, which a moved-out function does not touch.
  auto item = std::move(const_cast<Item&>(items_.top()));
  items_.pop();
  since_move_ = item.at > now_ ? 0 : since_move_ + 1;
  if (since_move_ > kAtOnceMax) throw Broken{"the world goes round in a circle"};
  now_ = item.at;
  if (item.is_work) --waiting_;
  item.work();
  return true;
}

void Schedule::run_until(Instant until) {
  while (!items_.empty() && items_.top().at <= until) run_next();
  now_ = std::max(now_, until);
}

}  // namespace enishi::property
