// Standard streams as they are given to this process.
#pragma once

namespace enishi::cli {

/// Sees to it that the numbers 0, 1 and 2 are taken. A stream that the caller closed would else be given to the next
/// file or socket: what is printed would land in the profile, and what is read as a message would come from it. Reading
/// such a stream ends at once; writing to it fails. Called before anything is opened.
void hold_standard_streams();

}  // namespace enishi::cli
