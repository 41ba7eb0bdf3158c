#include "cli/show/streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace enishi::cli {

void hold_standard_streams() {
  // The least free number is given, so in this order each takes its own. Open for reading: writing there is an error.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) == -1) (void)open("/dev/null", O_RDONLY);
}

}  // namespace enishi::cli
