#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "unit/transport/client_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace enishi::transport {
namespace {

using testing::client_frame;
using testing::FrameShape;

constexpr int kInputs = 200'000;

// Mostly sound frames, so that the deep states are reached, with now and then a wrong choice or a flipped bit.
std::string some_frames(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t n) { return random() % n; };
  std::string bytes;
  bool in_message = false;
  for (std::uint64_t frames = below(12); frames > 0; --frames) {
    FrameShape shape;
    shape.mask = static_cast<std::uint32_t>(random());
    const bool is_wrong = below(40) == 0;
    if (below(4) == 0)
      shape.opcode = below(8) == 0 ? 0x8 : static_cast<std::uint8_t>(0x9 + below(2));
    else {
      shape.opcode = in_message ? 0x0 : 0x2;
      shape.is_final = below(3) != 0;
      in_message = !shape.is_final;
    }
    if (is_wrong) shape.opcode = static_cast<std::uint8_t>(below(16));
    if (below(200) == 0) shape.reserved = static_cast<std::uint8_t>(below(8));
    if (below(200) == 0) shape.is_masked = false;
    const std::uint64_t sizes[] = {0, 1, 2, below(20), below(130), below(400)};
    std::string payload(sizes[below(shape.opcode >= 8 && !is_wrong ? 4 : 6)], '\0');
    for (char& byte : payload) byte = static_cast<char>(below(3) == 0 ? random() : 'a');
    if (shape.opcode == 0x8 && payload.size() >= 2) {
      payload[0] = static_cast<char>(below(2) == 0 ? 3 : below(32));
      payload[1] = static_cast<char>(payload[0] == 3 ? 0xE8 + below(20) : random());
    }
    if (below(100) == 0) shape.length_bytes = payload.size() <= 0xFFFF && below(2) == 0 ? 2 : 8;
    bytes += client_frame(payload, shape);
  }
  if (!bytes.empty() && below(10) == 0) bytes[below(bytes.size())] = static_cast<char>(random());
  if (!bytes.empty() && below(10) == 0) bytes.resize(below(bytes.size()));
  return bytes;
}

TEST(FramerFuzz, AgreesWithTheReferenceOnAnyBytes) {
  const char* given = std::getenv("ENISHI_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20'261'123;
  RecordProperty("seed", std::to_string(seed));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);  // the target aborts on a difference
  std::mt19937_64 random(seed);
  int done = 0;
  for (; done < kInputs; ++done) {
    std::string input(1, static_cast<char>(random() % 4 == 0 ? random() : random() % 9));
    if (random() % 10 == 0) {
      for (std::uint64_t size = random() % 64; size > 0; --size) input += static_cast<char>(random());
    } else {
      input += some_frames(random);
    }
    ASSERT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()), 0);
  }
  EXPECT_EQ(done, kInputs);
}

}  // namespace
}  // namespace enishi::transport
