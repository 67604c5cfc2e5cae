// Where a command's result goes: standard output or a file, and how wide and colourful a terminal is.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "render/text.h"

namespace CLI {
class App;
}

namespace situ {

// A file that is replaced only once it is whole ("-" or empty: standard output). Mode 0600: it holds memory
// contents.
class Output {
 public:
  // Throws Error{file}.
  explicit Output(const std::string& path);
  ~Output();
  void write(std::string_view text);
  // Puts the file in its place; throws Error{file} when not everything could be written.
  void finish();

 private:
  std::string path_, temporary_;
  std::FILE* file_ = nullptr;
  bool failed_ = false;
};

struct TextArguments {
  std::size_t width = 0;  // 0: the terminal's
  std::string values = "clean";
  DecodeOptions decode;
  bool ascii = false;
  std::string color = "auto";
};
// How values are shown, for text and JSON alike: --values, --elements, --depth, --string.
DecodeOptions decode_options(const TextArguments& arguments);
void add_text_options(CLI::App& app, TextArguments& arguments);
// `stream`: the descriptor the text goes to. Follows NO_COLOR, CLICOLOR_FORCE, TERM=dumb and the locale's
// character set.
TextOptions text_options(const TextArguments& arguments, int stream);

}  // namespace situ
