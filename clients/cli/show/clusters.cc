#include "cli/show/clusters.h"

#include <utf8proc.h>

#include <algorithm>

namespace enishi::cli {

Point take_point(std::string_view& text) {
  utf8proc_int32_t value = -1;
  const auto* data = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto size = utf8proc_iterate(data, static_cast<utf8proc_ssize_t>(text.size()), &value);
  if (size <= 0) size = 1, value = -1;
  const Point point{value, text.substr(0, static_cast<std::size_t>(size))};
  text.remove_prefix(point.bytes.size());
  return point;
}

std::vector<Cluster> clusters_of(std::string_view text) {
  std::vector<Cluster> clusters;
  utf8proc_int32_t state = 0;
  std::int32_t before = -1;
  while (!text.empty()) {
    const auto point = take_point(text);
    const auto width = static_cast<std::size_t>(point.value < 0 ? 1 : std::max(0, utf8proc_charwidth(point.value)));
    const bool starts =
        before < 0 || point.value < 0 || utf8proc_grapheme_break_stateful(before, point.value, &state) != 0;
    if (starts) {
      if (before < 0 || point.value < 0) state = 0;
      clusters.push_back({point.bytes, width});
    } else {
      auto& last = clusters.back();
      last.bytes = {last.bytes.data(), last.bytes.size() + point.bytes.size()};
      // The emoji selector and the second half of a flag make one wide character of what stands before them.
      const bool flag = point.value >= 0x1F1E6 && point.value <= 0x1F1FF;
      last.columns = point.value == 0xFE0F || flag ? 2 : std::max(last.columns, std::min<std::size_t>(width, 2));
    }
    before = point.value;
  }
  return clusters;
}

}  // namespace enishi::cli
