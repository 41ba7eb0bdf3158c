#include "cpp/session/stored_reports.h"

#include <algorithm>
#include <utility>

namespace enishi::client {

void StoredReports::want(const core::PublicId& conversation, std::uint64_t through) {
  auto& entry = entries_[conversation];
  entry.wanted = std::max(entry.wanted, through);
}

std::optional<StoredReports::Report> StoredReports::take(Instant now) {
  if (under_way_ >= kUnderWayMax) return std::nullopt;
  for (auto& [conversation, entry] : entries_) {
    if (entry.wanted == 0 || entry.under_way || entry.not_before > now) continue;
    entry.under_way = true;
    entry.not_before = now + kBetween;
    ++under_way_;
    return Report{conversation, std::exchange(entry.wanted, 0)};
  }
  return std::nullopt;
}

void StoredReports::on_answered(const core::PublicId& conversation) {
  auto& entry = entries_[conversation];
  if (std::exchange(entry.under_way, false)) --under_way_;
}

void StoredReports::on_put_off(const Report& report, Instant until) {
  on_answered(report.conversation);
  want(report.conversation, report.through);
  auto& entry = entries_[report.conversation];
  entry.not_before = std::max(entry.not_before, until);
}

void StoredReports::on_disconnected() {
  under_way_ = 0;
  for (auto& [conversation, entry] : entries_) {
    entry.under_way = false;
    entry.wanted = 0;
  }
}

std::optional<Instant> StoredReports::wakeup_at() const {
  std::optional<Instant> soonest;
  if (under_way_ >= kUnderWayMax) return soonest;  // an answer makes room, no time does
  for (const auto& [conversation, entry] : entries_)
    if (entry.wanted != 0 && !entry.under_way && (!soonest || entry.not_before < *soonest)) soonest = entry.not_before;
  return soonest;
}

bool StoredReports::is_busy(Instant now) const {
  return std::ranges::any_of(entries_, [now](const auto& each) {
    const auto& entry = each.second;
    return entry.under_way || (entry.wanted != 0 && entry.not_before <= now);
  });
}

}  // namespace enishi::client
