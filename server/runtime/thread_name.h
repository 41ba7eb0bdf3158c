// Threads by their names, as the system's tools show them.
#pragma once

#include <string>

namespace enishi::runtime {

/// Names the calling thread; at most 15 bytes are kept.
void name_this_thread(const std::string& name);

}  // namespace enishi::runtime
