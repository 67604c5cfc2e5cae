#include "render/json_utf8.h"

namespace situ {
namespace {

// What may follow a lead byte: the range of the second byte and how many bytes there are in all.
struct Lead {
  std::size_t size = 0;  // 0: no lead byte
  unsigned char low = 0x80, high = 0xbf;
};

Lead lead(unsigned char c) {
  if (c < 0x80) return {.size = 1};
  if (c < 0xc2) return {};
  if (c < 0xe0) return {.size = 2};
  if (c == 0xe0) return {.size = 3, .low = 0xa0};   // no overlong forms
  if (c == 0xed) return {.size = 3, .high = 0x9f};  // no surrogates
  if (c < 0xf0) return {.size = 3};
  if (c == 0xf0) return {.size = 4, .low = 0x90};
  if (c < 0xf4) return {.size = 4};
  if (c == 0xf4) return {.size = 4, .high = 0x8f};  // nothing above U+10FFFF
  return {};
}

}  // namespace

Utf8Run utf8_run(std::string_view text) {
  const Lead first = lead(static_cast<unsigned char>(text.front()));
  if (first.size == 0) return {.size = 1};
  for (std::size_t i = 1; i < first.size; ++i) {
    if (i == text.size()) return {.size = i};
    const auto c = static_cast<unsigned char>(text[i]);
    const bool fits = i == 1 ? first.low <= c && c <= first.high : (c & 0xc0) == 0x80;
    if (!fits) return {.size = i};
  }
  return {.size = first.size, .valid = true};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Run run = utf8_run(text);
    if (!run.valid) return false;
    text.remove_prefix(run.size);
  }
  return true;
}

}  // namespace situ
