// Whether a pointer whose bytes did not change may still have been written again with the same value.
//
// An allocator hands the same address out again and again, so `p = new int` in a loop leaves p's bytes as
// they were: content alone cannot tell the rewritten, valid pointer from a stale one. What can is the source:
// a pointer is called dangling only if no line that ran since, and no line of the chain that allocated, could
// have written it. Where the source is not at hand, the answer is "may be".
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/recording.h"

namespace situ {

class Rewrites {
 public:
  explicit Rewrites(const Recording& recording) : recording_(recording) {}

  struct Question {
    std::string name;      // of the variable or of the field that holds the pointer
    bool variable = true;  // false: a field in a block, written through any name
    bool plain = true;     // a bare pointer or reference; false: a library type with methods
    StepIndex since = 0;   // the target's birth
    StepIndex now = 0;
    const std::vector<StackLine>* made_by = nullptr;  // the chain that made the target
    std::vector<CallSite> lines;                      // more of it
    bool only_by_name = false;  // whoever asks looks himself for pointers to what is named
  };
  bool may_be_rewritten(const Question& question);

  // Line `number` of `file`; empty when the source is not at hand.
  std::string_view source_line(std::string_view file, std::uint32_t number);
  // Whether `name` occurs as a word.
  static bool mentions(std::string_view line, std::string_view name);

 private:
  bool writes(std::string_view line, const Question& question) const;
  struct Mentions {
    bool named = false, address_taken = false;
  };
  Mentions mentions_of(const Question& question);
  const std::vector<std::string>* lines_of(std::string_view file);

  const Recording& recording_;
  std::unordered_map<std::string, std::vector<std::string>> lines_;
  std::size_t sources_ = 0;  // as many as there were when the caches below were filled
  std::unordered_map<std::string, Mentions> mentions_;
  struct Scanned {
    StepIndex until = 0;
    bool written = false;
  };
  std::unordered_map<std::string, Scanned> scanned_;
};

}  // namespace situ
