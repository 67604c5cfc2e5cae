#include "render/width.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>

namespace situ {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
// A cluster longer than this is an attack on the terminal, not writing; the longest real ones (families with
// skin tones) have 10 code points.
constexpr std::size_t longest_cluster = 16;

bool regional_indicator(utf8proc_int32_t c) {
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}
bool variation_selector(utf8proc_int32_t c) {
  return c >= 0xFE00 && c <= 0xFE0F;
}
bool cluster_tag(utf8proc_int32_t c) {
  return c >= 0xE0020 && c <= 0xE007F;
}

// May stand in a terminal. Format characters are refused but for the joiners that make emoji and scripts,
// and the tags that spell a flag; they only count after a base.
bool printable(utf8proc_int32_t c, bool first) {
  if (c == 0x200D || c == 0x200C || variation_selector(c) || cluster_tag(c)) return !first;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

// A run of code points that utf8proc sees as one cluster.
class Cluster {
 public:
  void add(utf8proc_int32_t c, std::string_view bytes) {
    const int width = utf8proc_charwidth(c);
    if (count_ == 0 && regional_indicator(c))
      flag_ = 1;
    else if (flag_ == 1 && regional_indicator(c))
      flag_ = 2;
    if (c == 0xFE0F && width_ > 0) width_ = 2;
    width_ = std::max(width_, static_cast<std::size_t>(std::max(width, 0)));
    if (!printable(c, count_ == 0)) broken_ = true;
    text_ += bytes;
    ++count_;
  }

  bool empty() const { return count_ == 0; }
  bool full() const { return count_ >= longest_cluster; }

  Grapheme take(Charset charset) {
    Grapheme result{text_, flag_ == 2 ? 2 : std::min<std::size_t>(width_, 2)};
    if (broken_ || result.width == 0) result = {std::string(replacement), 1};
    const bool ascii = result.text.size() == 1 && static_cast<unsigned char>(result.text[0]) < 0x80;
    if (charset == Charset::ascii && !ascii) result.text = std::string(result.width, '?');
    *this = {};
    return result;
  }

 private:
  std::string text_;
  std::size_t count_ = 0, width_ = 0;
  int flag_ = 0;
  bool broken_ = false;
};

std::string_view cut_mark(Charset charset) {
  return charset == Charset::ascii ? ".." : "\xE2\x80\xA6";
}
std::size_t cut_mark_width(Charset charset) {
  return charset == Charset::ascii ? 2 : 1;
}

}  // namespace

std::vector<Grapheme> graphemes(std::string_view text, Charset charset) {
  std::vector<Grapheme> result;
  result.reserve(text.size());
  Cluster cluster;
  utf8proc_int32_t state = 0, before = 0;
  const auto flush = [&] {
    if (!cluster.empty()) result.push_back(cluster.take(charset));
  };
  while (!text.empty()) {
    utf8proc_int32_t c = -1;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()), &c);
    const bool valid = n > 0 && c >= 0;
    const std::string_view bytes = text.substr(0, valid ? static_cast<std::size_t>(n) : 1);
    text.remove_prefix(bytes.size());
    if (valid && c >= 0x20 && c < 0x7F && (text.empty() || static_cast<unsigned char>(text[0]) < 0x80)) {
      flush();
      result.push_back({std::string(bytes), 1});
      before = 0;
      continue;
    }
    if (!valid || c == '\t') {
      flush();
      if (valid)
        result.insert(result.end(), 2, Grapheme{" ", 1});
      else
        result.push_back({charset == Charset::ascii ? "?" : std::string(replacement), 1});
      before = 0;
      continue;
    }
    if (cluster.empty()) {
      state = 0;
    } else if (utf8proc_grapheme_break_stateful(before, c, &state) || cluster.full()) {
      flush();
      state = 0;
    }
    cluster.add(c, bytes);
    before = c;
  }
  flush();
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const auto& g : graphemes(text)) width += g.width;
  return width;
}

std::string cut(std::string_view text, std::size_t width, Charset charset) {
  const auto all = graphemes(text, charset);
  std::size_t total = 0;
  for (const auto& g : all) total += g.width;
  std::string result;
  if (total <= width) {
    for (const auto& g : all) result += g.text;
    return result;
  }
  const auto mark = cut_mark_width(charset);
  if (width < mark) return std::string(width, '.');
  std::size_t used = 0;
  for (const auto& g : all) {
    if (used + g.width > width - mark) break;
    result += g.text;
    used += g.width;
  }
  return result.append(cut_mark(charset));
}

std::string cut_front(std::string_view text, std::size_t width, Charset charset) {
  const auto all = graphemes(text, charset);
  std::size_t total = 0;
  for (const auto& g : all) total += g.width;
  if (total <= width) return cut(text, width, charset);
  const auto mark = cut_mark_width(charset);
  if (width < mark) return std::string(width, '.');
  std::size_t from = all.size(), used = 0;
  while (from > 0 && used + all[from - 1].width <= width - mark) used += all[--from].width;
  std::string result(cut_mark(charset));
  for (; from < all.size(); ++from) result += all[from].text;
  return result;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, Charset charset) {
  const auto all = graphemes(text, charset);
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < all.size();) {
    std::size_t end = from, used = 0, blank = from;
    while (end < all.size() && used + all[end].width <= width) {
      if (all[end].text == " ") blank = end;
      used += all[end++].width;
    }
    const bool rest = end < all.size();
    if (rest && all[end].text == " ") blank = end;
    const std::size_t stop = rest && blank > from ? blank : std::max(end, from + 1);
    std::string line;
    for (std::size_t i = from; i < stop; ++i) line += all[i].text;
    lines.push_back(std::move(line));
    from = stop;
    while (rest && from < all.size() && all[from].text == " ") ++from;
  }
  return lines;
}

}  // namespace situ
