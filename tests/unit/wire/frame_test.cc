#include "wire/frame.h"

#include <gtest/gtest.h>

#include <string>

namespace enishi::wire {
namespace {

struct Case {
  std::size_t payload, header;
  unsigned char length;
};

TEST(Frame, HeadersOfEverySize) {
  // RFC 6455 section 5.2: seven bits, then 16, then 64, the shortest that fits.
  for (const auto& [payload, header, length] : {Case{0, 2, 0}, Case{1, 2, 1}, Case{125, 2, 125}, Case{126, 4, 126},
                                                Case{65535, 4, 126}, Case{65536, 10, 127}}) {
    std::string text(payload, 'x');
    if (payload > 0) text.back() = 'y';
    const auto frame = frame_of(text);
    ASSERT_EQ(frame->size(), payload + header);
    EXPECT_EQ(static_cast<unsigned char>((*frame)[0]), 0x82) << "final, binary";
    EXPECT_EQ(static_cast<unsigned char>((*frame)[1]), length) << "unmasked";
    std::uint64_t written = 0;
    for (std::size_t i = 2; i < header; ++i) written = written << 8 | static_cast<unsigned char>((*frame)[i]);
    EXPECT_EQ(header == 2 ? length : written, payload);
    EXPECT_EQ(payload_of(frame), text);
  }
}

}  // namespace
}  // namespace enishi::wire
