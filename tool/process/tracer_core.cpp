#include "process/tracer_core.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "base/error.h"

namespace situ {
namespace {

// Field 39 of /proc/PID/stat (proc(5)): the fields are counted after the command's closing parenthesis.
std::optional<int> last_core(int stat_fd) {
  std::array<char, 1024> text;
  const auto got = retry_eintr([&] { return ::pread(stat_fd, text.data(), text.size(), 0); });
  if (got <= 0) return std::nullopt;
  std::string_view rest(text.data(), static_cast<std::size_t>(got));
  const auto command_end = rest.rfind(')');
  if (command_end == std::string_view::npos) return std::nullopt;
  rest.remove_prefix(command_end + 1);
  for (int field = 2; field < 39; ++field) {
    const auto blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(blank + 1);
  }
  int core = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), core);
  return error == std::errc() && core >= 0 && core < CPU_SETSIZE ? std::optional(core) : std::nullopt;
}

}  // namespace

TracerCore::~TracerCore() {
  release();
}

void TracerCore::follow(pid_t pid) {
  if (stat_of_ != pid) {
    stat_.reset(::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC));
    stat_of_ = pid;
  }
  const auto core = stat_ ? last_core(stat_.get()) : std::nullopt;
  if (!core || *core == current_) return;
  if (!allowed_) {
    cpu_set_t now;
    if (::sched_getaffinity(0, sizeof now, &now) != 0) return;
    allowed_ = now;
  }
  if (!CPU_ISSET(static_cast<unsigned>(*core), &*allowed_)) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(*core), &one);
  if (::sched_setaffinity(0, sizeof one, &one) == 0) current_ = *core;
}

void TracerCore::release() {
  if (current_ >= 0 && allowed_) ::sched_setaffinity(0, sizeof *allowed_, &*allowed_);
  current_ = -1;
}

}  // namespace situ
