#include "runtime/Readers.h"
#include "test/runtime/Files.h"

#include <png.h>

#include <cmath>

namespace dlc::runtime {
namespace {

/// The pixels of a PNG file in its own number of channels, or nothing.
std::vector<int> pixelsOf(const std::string &path, uint32_t format, uint32_t width,
                          uint32_t height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_file(&image, path.c_str()) || image.width != width ||
      image.height != height)
    return {};
  EXPECT_EQ(image.format, format);
  std::vector<uint8_t> pixels(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr))
    return {};
  return {pixels.begin(), pixels.end()};
}

TEST(Png, writesGreyAndColour) {
  Folder folder;
  ASSERT_TRUE(
      writePng(folder.at("g"), tensorOf<uint8_t>(ElementType::U8, {2, 3}, {0, 1, 2, 100, 200, 255}))
          .ok());
  EXPECT_EQ(pixelsOf(folder.at("g"), PNG_FORMAT_GRAY, 3, 2),
            (std::vector<int>{0, 1, 2, 100, 200, 255}));
  ASSERT_TRUE(
      writePng(folder.at("c"), tensorOf<uint8_t>(ElementType::U8, {1, 2, 3}, {1, 2, 3, 4, 5, 6}))
          .ok());
  EXPECT_EQ(pixelsOf(folder.at("c"), PNG_FORMAT_RGB, 2, 1), (std::vector<int>{1, 2, 3, 4, 5, 6}));
  ASSERT_TRUE(
      writePng(folder.at("a"), tensorOf<uint8_t>(ElementType::U8, {1, 1, 4}, {1, 2, 3, 4})).ok());
  EXPECT_EQ(pixelsOf(folder.at("a"), PNG_FORMAT_RGBA, 1, 1), (std::vector<int>{1, 2, 3, 4}));
}

TEST(Png, clampsFloats) {
  Folder folder;
  ASSERT_TRUE(writePng(folder.at("f"), floats({2, 3, 1}, {-1, 0, 0.5f, 1, 7, NAN})).ok());
  EXPECT_EQ(pixelsOf(folder.at("f"), PNG_FORMAT_GRAY, 3, 2),
            (std::vector<int>{0, 0, 128, 255, 255, 0}));
  ASSERT_TRUE(writePng(folder.at("b"), tensorOf<uint8_t>(ElementType::Bool, {1, 2}, {0, 1})).ok());
  EXPECT_EQ(pixelsOf(folder.at("b"), PNG_FORMAT_GRAY, 2, 1), (std::vector<int>{0, 255}));
}

TEST(Png, namesWhatCannotBeWritten) {
  Folder folder;
  expectFailure(writePng(folder.at("a"), floats({4}, {1, 2, 3, 4})),
                {folder.at("a"), "this is `f32[4]`"});
  expectFailure(writePng(folder.at("a"), floats({1, 1, 2}, {1, 2})), {"this is `f32[1, 1, 2]`"});
  expectFailure(writePng(folder.at("a"), integers({1, 1}, {1})), {"this is `i64[1, 1]`"});
  expectFailure(writePng(folder.at("a"), floats({0, 3}, {})), {"0 × 3"});
  expectFailure(writePng(folder.at("none/a"), floats({1, 1}, {0})), {"none/a", "no such file"});
  EXPECT_TRUE(folder.entries().empty());
}

} // namespace
} // namespace dlc::runtime
