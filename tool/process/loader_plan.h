// What the loader maps where the kernel likes, and how a run with one library more (the probe) is brought
// back to the layout of a run without it. Pure bookkeeping: loader_memory.cpp does it to a process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace situ {

// An mmap of the loader's without an address.
struct LoaderMapping {
  enum class Kind {
    file,    // a library, the cache, or the room an aligned library is cut out of
    memory,  // of its own allocator (glibc elf/dl-minimal.c): readable and writable, anonymous
  };
  Kind kind = Kind::memory;
  std::uint64_t size = 0;
  bool operator==(const LoaderMapping&) const = default;
};

// The loader's allocator needs more for one library more, so its mappings come earlier, grow, or are one
// more. Between two files, those of the run are paired in turn with those that a run without the probe had
// made.
class LoaderPlan {
 public:
  enum class Place {
    asked,  // where the kernel puts it, as in the run without
    far,    // away from all that is the program's
  };
  struct Step {
    std::vector<std::uint64_t> placeholders = {};  // sizes, to be mapped before the call runs
    Place place = Place::asked;
    std::uint64_t size = 0;  // what the call is to ask for
    bool operator==(const Step&) const = default;
  };

  // `rehearsed`: what a run without the probe asked for, in order.
  explicit LoaderPlan(std::vector<LoaderMapping> rehearsed);

  // The loader is about to make this call.
  Step next(const LoaderMapping& asked);
  // The loader is done: the placeholders that are still missing.
  std::vector<std::uint64_t> finish();
  // The files came as rehearsed. If not, nothing more is changed.
  bool in_step() const { return in_step_; }

 private:
  std::vector<std::uint64_t> take_memory();

  std::vector<LoaderMapping> rehearsed_;
  std::size_t next_ = 0;
  bool in_step_ = true;
};

}  // namespace situ
