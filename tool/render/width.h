// Foreign text as a terminal shows it: grapheme clusters with their widths in columns, and nothing in it that
// a terminal would obey (control characters, bidirectional overrides). Used by everything drawn in cells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace situ {

// One cell's worth of text. Never a control character; width is 1 or 2.
struct Grapheme {
  std::string text;
  std::size_t width = 1;
};

enum class Charset { utf8, ascii };

// Splits into clusters (UAX #29). What is not printable becomes U+FFFD, a tab two spaces; with
// Charset::ascii whatever is not ASCII becomes '?', as wide as it was.
std::vector<Grapheme> graphemes(std::string_view text, Charset charset = Charset::utf8);

// Columns that `text` takes.
std::size_t display_width(std::string_view text);

// `text` in at most `width` columns; where it is cut, its last column is the mark "…" ("~" in ASCII would be
// a sign: there it is "..").
std::string cut(std::string_view text, std::size_t width, Charset charset = Charset::utf8);

// As `cut`, but keeps the end: of paths and qualified names the end says more.
std::string cut_front(std::string_view text, std::size_t width, Charset charset = Charset::utf8);

// Lines of at most `width` columns, broken at blanks where there are any.
std::vector<std::string> wrap(std::string_view text, std::size_t width, Charset charset = Charset::utf8);

}  // namespace situ
