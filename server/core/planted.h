// Known bugs that a build with ENISHI_PLANTED_BUGS can switch on by name, so that tests/property can show that it finds
// them. In any other build each plant is the constant false.
#pragma once

#ifdef ENISHI_PLANTED_BUGS
#include <string>
#include <string_view>
namespace enishi::core {
/// Name of the one that is on; empty: none. Set by the property harness, in one thread, before anything runs.
inline std::string planted_bug;
inline bool is_planted(std::string_view name) { return planted_bug == name; }
}  // namespace enishi::core
#define ENISHI_PLANT(name) (::enishi::core::is_planted(name))
#else
#define ENISHI_PLANT(name) false
#endif
