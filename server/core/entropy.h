// Unpredictable bytes, injected, so that decisions can be repeated.
#pragma once

#include <cstddef>

#include "core/ids.h"

namespace enishi::core {

class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(void* bytes, std::size_t size) = 0;
  [[nodiscard]] PublicId public_id() {
    PublicId id;
    fill(id.value.data(), id.value.size());
    return id;
  }
};

}  // namespace enishi::core
