// What is left of a picture when it is sent.
#include "cpp/view/picture.h"

#include <gtest/gtest.h>

#include "cpp/secrets.h"

namespace enishi::client {
namespace {

using namespace std::string_literals;

std::string number(std::uint32_t value, std::size_t size, bool little = false) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<char>(value >> (8 * (little ? i : size - 1 - i)) & 0xFFU));
  return bytes;
}
std::string chunk(const std::string& type, const std::string& data) {
  return number(static_cast<std::uint32_t>(data.size()), 4) + type + data + "CRC!";
}
std::string segment(unsigned kind, const std::string& data) {
  return "\xFF" + number(kind, 1) + number(static_cast<std::uint32_t>(data.size()) + 2, 2) + data;
}
std::string riff(const std::string& name, const std::string& data) {
  return name + number(static_cast<std::uint32_t>(data.size()), 4, true) + data + (data.size() % 2 == 1 ? "\0"s : "");
}

TEST(Picture, APngKeepsWhatItIsAndLosesWhatIsSaidOfIt) {
  const auto signature = "\x89PNG\r\n\x1A\n"s;
  const auto header = chunk("IHDR", "0123456789012"), pixels = chunk("IDAT", "pixels"), end = chunk("IEND", "");
  const auto clear = chunk("tRNS", "x");
  const auto whole = signature + header + chunk("tEXt", "Author\0me") + chunk("eXIf", "where I live") + clear + pixels +
                     end + "and more behind it";
  EXPECT_EQ(*bare_picture(whole), signature + header + clear + pixels + end);
  EXPECT_EQ(core::errc_of(bare_picture(signature + header + pixels).error()), core::Errc::bad_request);
  EXPECT_FALSE(bare_picture(signature));
  EXPECT_FALSE(bare_picture(signature + "\xFF\xFF\xFF\xFFIHDR"));
}

TEST(Picture, AJpegLosesTheCameraAndStaysTheRightWayUp) {
  const auto exif = "Exif\0\0II*\0"s + number(8, 4, true) + number(2, 2, true) +  // little-endian, as phones write
                    number(0x010F, 2, true) + number(2, 2, true) + number(4, 4, true) + "ACME" +
                    number(0x0112, 2, true) + number(3, 2, true) + number(1, 4, true) + number(6, 4, true) + "GPS";
  const auto begin = "\xFF\xD8"s, end = "\xFF\xD9"s, frame = segment(0xC0, "frame"), jfif = segment(0xE0, "JFIF\0"s);
  const auto scan = segment(0xDA, "scan") + "data\xFF\x00more\xFF\xD0more"s;
  const auto bare = bare_picture(begin + jfif + segment(0xE1, exif) + segment(0xFE, "a comment") + frame + scan +
                                 segment(0xC4, "table") + scan + end + "a film behind it");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->find("ACME"), std::string::npos);
  EXPECT_EQ(bare->find("GPS"), std::string::npos);
  EXPECT_EQ(bare->find("comment"), std::string::npos);
  const auto turned = segment(0xE1, "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s);
  EXPECT_EQ(*bare, begin + jfif + turned + frame + scan + segment(0xC4, "table") + scan + end);
  EXPECT_EQ(*bare_picture(*bare), *bare) << "what is bare stays as it is";
  EXPECT_FALSE(bare_picture(begin + "\xFF\xC0"));
  EXPECT_FALSE(bare_picture(begin + frame + scan));
  EXPECT_FALSE(bare_picture(begin + "\xFF\xE1\0\0"s));
}

TEST(Picture, AWebpLosesItsNotes) {
  const auto header = [](char flags) { return riff("VP8X", std::string(1, flags) + "\0\0\0abcabc"s); };
  const auto pixels = riff("VP8 ", "odd");
  const auto file = [](const std::string& chunks) {
    return "RIFF" + number(static_cast<std::uint32_t>(chunks.size()) + 4, 4, true) + "WEBP" + chunks;
  };
  EXPECT_EQ(*bare_picture(file(header('\x1C') + pixels + riff("EXIF", "place") + riff("XMP ", "x"))),
            file(header('\x10') + pixels));
  EXPECT_FALSE(bare_picture(file("")));
  EXPECT_FALSE(bare_picture(file("VP8 \xFF\xFF\0\0"s)));
}

TEST(Picture, AnythingElseIsNone) {
  for (const auto& bytes : {""s, "GIF89a"s, "<svg/>"s, "RIFF"s, "RIFFxxxxWAVE"s, "\xFF\xD8\xFF"s})
    EXPECT_FALSE(bare_picture(bytes));
}

TEST(Picture, ItsIdIsTheBeginningOfItsHash) {
  // FIPS 180-4, "abc".
  EXPECT_EQ(to_hex(picture_id_of("abc").view()), "bddd813c634239723171ef3fee98579b");
  EXPECT_TRUE(picture_id_of("").is_zero());
}

}  // namespace
}  // namespace enishi::client
