#include "cli/output.h"

#include <fcntl.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace situ {
namespace {

bool set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

bool wants_color(const std::string& choice, int stream) {
  if (choice != "auto") return choice == "always";
  if (set("NO_COLOR")) return false;
  if (set("CLICOLOR_FORCE") || set("FORCE_COLOR")) return true;
  const char* terminal = std::getenv("TERM");
  return isatty(stream) && terminal && std::strcmp(terminal, "dumb") != 0;
}

std::size_t terminal_width(int stream) {
  winsize size{};
  if (ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const long width = columns ? std::strtol(columns, nullptr, 10) : 0;
  return width > 0 ? static_cast<std::size_t>(width) : 118;
}

}  // namespace

Output::Output(const std::string& path) : path_(path == "-" ? "" : path) {
  if (path_.empty()) {
    file_ = stdout;
    return;
  }
  temporary_ = path_ + ".XXXXXX";
  const int fd = mkstemp(temporary_.data());  // O_EXCL, mode 0600
  if (fd < 0) throw_errno(ErrorKind::file, "cannot write " + path_);
  file_ = fdopen(fd, "w");
}

Output::~Output() {
  if (path_.empty() || !file_) return;
  std::fclose(file_);
  unlink(temporary_.c_str());
}

void Output::write(std::string_view text) {
  failed_ = failed_ || std::fwrite(text.data(), 1, text.size(), file_) != text.size();
}

void Output::finish() {
  const std::string name = path_.empty() ? "standard output" : path_;
  if (std::fflush(file_) != 0 || failed_) throw_errno(ErrorKind::file, "cannot write " + name);
  if (path_.empty()) return;
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0 || rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    unlink(temporary_.c_str());
    errno = error;
    throw_errno(ErrorKind::file, "cannot write " + name);
  }
}

void add_text_options(CLI::App& app, TextArguments& a) {
  app.add_option("--values", a.values,
                 "clean: as their author thinks of them; raw: by their fields; bytes: both, and every byte")
      ->check(CLI::IsMember({"clean", "raw", "bytes"}));
  app.add_option("--elements", a.decode.elements,
                 "Elements shown of a sequence: the first, some of the middle, the last (25)")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--depth", a.decode.depth, "How deep values in values are shown (8)")
      ->type_name("N")
      ->check(CLI::Range(1, 100));
  app.add_option("--string", a.decode.string_bytes, "Bytes shown of a string (200)")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--width", a.width, "Columns of the picture (the terminal's, or 118)")
      ->type_name("N")
      ->check(CLI::Range(40, 1000));
  app.add_flag("--ascii", a.ascii, "Draw with + - | only");
  app.add_option("--color", a.color, "auto: on a terminal, without NO_COLOR")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

DecodeOptions decode_options(const TextArguments& a) {
  DecodeOptions options = a.decode;
  options.raw = a.values == "raw";
  options.bytes = a.values == "bytes";
  return options;
}

TextOptions text_options(const TextArguments& a, int stream) {
  TextOptions options;
  options.raw = a.values == "raw";
  options.bytes = a.values == "bytes";
  options.width = a.width ? a.width : terminal_width(stream);
  options.ascii = a.ascii || std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
  options.color = wants_color(a.color, stream);
  return options;
}

}  // namespace situ
