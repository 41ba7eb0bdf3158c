// How threads hand each other values: many writers, one reader, in batches.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace enishi::runtime {

/// Bounded queue from any threads to one reader. What one writer puts in stays in order. The reader either waits
/// (wait_and_take), or is woken by a callback that comes once for each change from empty to not empty (take_all): one
/// wake-up for however many values gather meanwhile.
template <class T>
class Mailbox {
 public:
  /// Holds at most `items_max` values (1 or more).
  explicit Mailbox(std::size_t items_max) : items_max_(items_max) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Sets what is called, in the writer's thread and outside the lock, when the mailbox stops being empty. Before the
  /// first write only.
  void on_filled(std::function<void()> wake) { wake_ = std::move(wake); }

  /// False: full or closed; `item` is untouched. Never waits.
  [[nodiscard]] bool push(T&& item) {
    bool was_empty = false;
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() + reserved_ >= items_max_) return false;
      was_empty = items_.empty();
      items_.push_back(std::move(item));
    }
    announce(was_empty);
    return true;
  }

  /// Keeps room for one value, which push_reserved() brings later: several go in at once, and each was refused in time.
  /// False: full or closed.
  [[nodiscard]] bool reserve() {
    const std::lock_guard lock(mutex_);
    if (closed_ || items_.size() + reserved_ >= items_max_) return false;
    ++reserved_;
    return true;
  }

  /// Puts in all values for which room was kept, with one wake-up, and leaves `items` empty. Closed meanwhile: they are
  /// dropped.
  void push_reserved(std::vector<T>& items) {
    bool was_empty = false;
    {
      const std::lock_guard lock(mutex_);
      reserved_ -= items.size();
      if (!closed_) {
        was_empty = items_.empty() && !items.empty();
        items_.insert(items_.end(), std::make_move_iterator(items.begin()), std::make_move_iterator(items.end()));
      }
    }
    items.clear();
    announce(was_empty);
  }

  /// Waits while it is full: for writers whose values must not be lost and whom the reader never waits for. False:
  /// closed; `item` is untouched.
  bool push_or_wait(T&& item) {
    bool was_empty = false;
    {
      std::unique_lock lock(mutex_);
      has_room_.wait(lock, [this] { return closed_ || items_.size() + reserved_ < items_max_; });
      if (closed_) return false;
      was_empty = items_.empty();
      items_.push_back(std::move(item));
    }
    announce(was_empty);
    return true;
  }

  /// Swaps everything that gathered into `into`, which must be empty: its storage is used again. Also after close().
  void take_all(std::vector<T>& into) {
    {
      const std::lock_guard lock(mutex_);
      items_.swap(into);
    }
    has_room_.notify_all();
  }

  /// Waits for the first value, then takes at most `max` that are there. nullopt: closed and drained. An empty vector:
  /// `time` passed with nothing.
  [[nodiscard]] std::optional<std::vector<T>> wait_and_take(std::size_t max, std::chrono::milliseconds time) {
    std::vector<T> taken;
    {
      std::unique_lock lock(mutex_);
      has_items_.wait_for(lock, time, [this] { return closed_ || !items_.empty(); });
      if (items_.empty()) return closed_ ? std::nullopt : std::optional(std::move(taken));
      if (items_.size() <= max) {
        taken.swap(items_);
      } else {
        const auto end = items_.begin() + static_cast<std::ptrdiff_t>(max);
        taken.assign(std::make_move_iterator(items_.begin()), std::make_move_iterator(end));
        items_.erase(items_.begin(), end);
      }
    }
    has_room_.notify_all();
    return taken;
  }

  /// Nothing more is taken in; what is there can still be taken out.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    has_items_.notify_all();
    has_room_.notify_all();
  }

  /// At this moment; for metrics.
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  void announce(bool was_empty) {
    if (!was_empty) return;
    has_items_.notify_one();
    if (wake_) wake_();
  }

  const std::size_t items_max_;
  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable has_items_;
  std::condition_variable has_room_;
  std::vector<T> items_;
  std::size_t reserved_ = 0;
  bool closed_ = false;
};

}  // namespace enishi::runtime
