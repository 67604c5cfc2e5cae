#include "base/error.h"

#include <cstring>
#include <utility>

namespace situ {

Error::Error(ErrorKind kind_, std::string tried_, std::string why_, std::string remedy_)
    : std::runtime_error(tried_ + ": " + why_),
      kind(kind_),
      tried(std::move(tried_)),
      why(std::move(why_)),
      remedy(std::move(remedy_)) {}

void throw_errno(ErrorKind kind, std::string tried) {
  const int error = errno;
  throw Error(kind, std::move(tried), std::strerror(error));
}

}  // namespace situ
