// Rows of the store kept in memory by the sequencer, with what its present group staged.
#pragma once

#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace enishi::core {

/// Key -> row, or the knowledge that there is none (the sequencer is the only writer, so absence stays true until it
/// writes). What a group touched is dropped when its commit fails and kept when it succeeds. Pointers stay good until
/// settle() or drop_touched(). Owner: the sequencer.
template <class Key, class Value>
class Cache {
 public:
  /// The row, loaded by `load` (-> optional<Value>) at first need; null when there is none.
  template <class Load>
  Value* find(const Key& key, Load&& load) {
    auto found = rows_.find(key);
    if (found == rows_.end()) found = rows_.emplace(key, load()).first;
    return found->second ? &*found->second : nullptr;
  }
  /// The row if it is in memory; loads nothing.
  Value* peek(const Key& key) {
    auto found = rows_.find(key);
    return found != rows_.end() && found->second ? &*found->second : nullptr;
  }
  /// Says that the present group changes this row.
  void touch(const Key& key) { touched_.push_back(key); }
  Value& put(const Key& key, Value value) {
    touch(key);
    auto& row = rows_[key];
    row = std::move(value);
    return *row;
  }
  /// The group is committed. Over `rows_max` everything is forgotten: it is read again at need.
  void settle(std::size_t rows_max) {
    touched_.clear();
    if (rows_.size() > rows_max) rows_.clear();
  }
  void drop_touched() {
    for (const auto& key : touched_) rows_.erase(key);
    touched_.clear();
  }
  auto begin() { return rows_.begin(); }
  auto end() { return rows_.end(); }

 private:
  std::unordered_map<Key, std::optional<Value>> rows_;
  std::vector<Key> touched_;
};

/// A key of several parts.
template <class... Parts>
struct Key {
  std::tuple<Parts...> parts;
  friend bool operator==(const Key&, const Key&) = default;
};

}  // namespace enishi::core

template <class... Parts>
struct std::hash<enishi::core::Key<Parts...>> {
  std::size_t operator()(const enishi::core::Key<Parts...>& key) const noexcept {
    std::size_t all = 0;
    std::apply(
        [&](const auto&... part) {
          ((all = (all ^ std::hash<std::decay_t<decltype(part)>>{}(part)) * 0x9E3779B97F4A7C15ULL, all ^= all >> 29),
           ...);
        },
        key.parts);
    return all;
  }
};
