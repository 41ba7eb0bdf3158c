#include "cli/show/qr.h"

#include <qrencode.h>

#include <memory>

namespace enishi::cli {
namespace {

constexpr int kQuietZone = 2;  // modules; four by the standard, two are read by every phone and spare a small window

}  // namespace

std::string qr_code(std::string_view text) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_L, QR_MODE_8, 1), QRcode_free);
  if (!code) return {};
  const int width = code->width;
  const auto is_light = [&](int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= width) return true;
    return (code->data[y * width + x] & 1U) == 0;
  };
  std::string picture;
  for (int y = -kQuietZone; y < width + kQuietZone; y += 2) {
    for (int x = -kQuietZone; x < width + kQuietZone; ++x) {
      const bool upper = is_light(x, y);
      const bool lower = is_light(x, y + 1);
      picture += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    picture += "\n";
  }
  return picture;
}

}  // namespace enishi::cli
