#include "runtime/File.h"
#include "runtime/Readers.h"

#include <fmt/format.h>
#include <png.h>

#include <cmath>

namespace dlc::runtime {

namespace {

uint8_t pixelOf(double value) {
  if (!(value > 0)) // NaN too
    return 0;
  return static_cast<uint8_t>(std::min(value, 1.0) * 255 + 0.5);
}

} // namespace

Status writePng(const std::string &path, const Tensor &image) {
  auto wrong = [&](std::string text) {
    return Status::run(fmt::format("cannot write `{}`: {}", path, text));
  };
  const Shape &shape = image.shape();
  int64_t channels = shape.size() == 3 ? shape[2] : 1;
  bool byte = image.type() == ElementType::U8, flag = image.type() == ElementType::Bool;
  if (shape.size() < 2 || shape.size() > 3 || channels < 1 || channels == 2 || channels > 4 ||
      !(byte || flag || isFloat(image.type())))
    return wrong(fmt::format("an image is u8, bool or a float of shape [height, width], or with 1, "
                             "3 or 4 channels last; "
                             "this is `{}`",
                             typeText(image.type(), shape)));
  constexpr int64_t most = int64_t{1} << 28;
  if (shape[0] < 1 || shape[1] < 1 || image.count() > most)
    return wrong(fmt::format("an image of {} × {} pixels cannot be written", shape[0], shape[1]));

  std::vector<uint8_t> pixels(static_cast<size_t>(image.count()));
  for (size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = byte   ? image.as<uint8_t>()[i]
                : flag ? static_cast<uint8_t>(image.as<uint8_t>()[i] ? 255 : 0)
                       : pixelOf(image.number(static_cast<int64_t>(i)));

  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(shape[1]);
  png.height = static_cast<png_uint_32>(shape[0]);
  png.format = channels == 1 ? PNG_FORMAT_GRAY : channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::string text(bytes, '\0');
  if (!png_image_write_to_memory(&png, text.data(), &bytes, 0, pixels.data(), 0, nullptr))
    return wrong(png.message);
  text.resize(bytes);
  return writeWhole(path, text);
}

} // namespace dlc::runtime
