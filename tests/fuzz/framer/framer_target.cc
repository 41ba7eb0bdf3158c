// libFuzzer's entry: any bytes, in any chopping, must give what the reference decoder gives, with bounded memory.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "fuzz/framer/reference_decoder.h"
#include "transport/framer.h"

namespace {

namespace testing = enishi::transport::testing;
using enishi::transport::Framer;
using enishi::transport::FramerLimits;
using enishi::transport::Incoming;

// Small, so that random inputs meet it.
constexpr std::size_t kMessageBytesMax = 300;

void check(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "framer: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t chop = data[0] == 0 ? size : data[0];  // the first byte says how it is cut
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const FramerLimits limits{.message_bytes_max = kMessageBytesMax};
  Framer framer;
  testing::Decoded got;
  for (std::size_t i = 0; i < bytes.size(); i += chop) {
    std::string buffer(framer.rest());
    buffer += bytes.substr(i, chop);
    framer.feed(buffer, Framer::Time{});
    while (const auto incoming = framer.next(limits)) {
      const std::string payload(incoming->payload);
      if (incoming->kind == Incoming::Kind::message) got.log.push_back("message " + payload);
      if (incoming->kind == Incoming::Kind::ping) got.log.push_back("ping " + payload);
      if (incoming->kind == Incoming::Kind::close) got.log.push_back("close " + std::to_string(incoming->code));
    }
    framer.keep_rest();
    // A frame that is not whole and a message that is not: at most twice the limit, and what strings grow by.
    check(framer.held_bytes() <= 4 * kMessageBytesMax + 64, "holds more than its limits allow");
  }
  got.fault = framer.fault() ? static_cast<int>(*framer.fault()) : 0;
  const auto expected = testing::reference_decode(bytes, {.message_bytes_max = kMessageBytesMax});
  check(got.fault == expected.fault, "another fault than the reference");
  check(got.log == expected.log, "other messages than the reference");
  return 0;
}
