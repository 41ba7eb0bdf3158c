// What reader threads do: questions answered from one snapshot of the store, already put into frames.
#pragma once

#include <cstddef>

#include "delivery/query.h"
#include "storage/store.h"
#include "wire/encode.h"

namespace enishi::delivery {

struct ReadingLimits {
  std::size_t gap_events = 200;                     ///< K: a conversation further behind is gapped
  std::size_t newest_page = 50;                     ///< events sent of a gapped conversation, at most K
  std::size_t chunk_bytes = 256 * 1024;             ///< a catch-up answer ends soon after this much
  std::size_t page_bytes = wire::kFrameContentMax;  ///< a page of history is cut below it, its skipped ranges included
  std::size_t registers_per_read = 500;             ///< of a catch-up; with them a chunk may end
};

/// Answers one query. Owner: any reader thread, with its own `reader`. A store that cannot be read makes an answer with
/// store_failed; it never throws StoreError.
[[nodiscard]] Answer answer(storage::Reader& reader, const Query& query, const ReadingLimits& limits,
                            core::WallTime now);

}  // namespace enishi::delivery
