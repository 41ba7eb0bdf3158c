#include "property/oracle/typed.h"

#include <algorithm>

#include "core/limits.h"

namespace enishi::property {

void Typed::forget(const Place& place, const std::string& covering) {
  std::erase_if(typed_[place], [&](const Entry& each) { return covering.starts_with(each.text); });
}

void Typed::on_type(const Place& place, const std::string& device, const std::string& shown, const std::string& text) {
  forget(place, shown);
  if (!text.empty()) typed_[place].push_back({text, device});
}

void Typed::on_sent(const Place& place, const std::string& body) { forget(place, body); }

void Typed::on_kept(const Place& place, const core::Register& row) {
  auto& before = kept_[{place, row.object}];
  const bool is_pushed_out = !before.removed && !row.removed && !row.text.starts_with(before.text);
  const bool is_old = row.removed && row.at - before.at > core::Limits{}.kept_draft_time;
  if (is_pushed_out || is_old) forget(place, before.text);
  before = row;
}

void Typed::on_dead(const std::string& device) {
  for (auto& [place, entries] : typed_)
    std::erase_if(entries, [&](const Entry& each) { return each.device == device && !each.saved; });
}

std::string Typed::missing(const Place& place, const std::vector<std::string>& found) {
  for (auto& each : typed_[place]) {
    const bool is_there = std::ranges::any_of(found, [&](const auto& text) { return text.starts_with(each.text); });
    if (!is_there) return each.text;
    each.saved = true;
  }
  return "";
}

std::vector<Typed::Place> Typed::places() const {
  std::vector<Place> all;
  for (const auto& [place, entries] : typed_) all.push_back(place);
  return all;
}

}  // namespace enishi::property
