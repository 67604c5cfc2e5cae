#include "process/loader_plan.h"

#include <utility>

namespace situ {
namespace {

constexpr std::uint64_t page = 4096;

std::uint64_t whole_pages(std::uint64_t size) {
  return (size + page - 1) & ~(page - 1);
}

}  // namespace

LoaderPlan::LoaderPlan(std::vector<LoaderMapping> rehearsed) : rehearsed_(std::move(rehearsed)) {}

std::vector<std::uint64_t> LoaderPlan::take_memory() {
  std::vector<std::uint64_t> sizes;
  for (; next_ < rehearsed_.size() && rehearsed_[next_].kind == LoaderMapping::Kind::memory; ++next_)
    sizes.push_back(rehearsed_[next_].size);
  return sizes;
}

LoaderPlan::Step LoaderPlan::next(const LoaderMapping& asked) {
  Step step{{}, Place::asked, asked.size};
  if (!in_step_) return step;
  if (asked.kind == LoaderMapping::Kind::file) {
    step.placeholders = take_memory();
    in_step_ = next_ < rehearsed_.size() && rehearsed_[next_].size == asked.size;
    if (!in_step_) return {{}, Place::asked, asked.size};
    ++next_;
    return step;
  }
  if (next_ == rehearsed_.size() || rehearsed_[next_].kind == LoaderMapping::Kind::file) {
    step.place = Place::far;
    return step;
  }
  const std::uint64_t size = rehearsed_[next_++].size;
  if (whole_pages(asked.size) > whole_pages(size)) {
    step.placeholders.push_back(size);
    step.place = Place::far;
  } else if (whole_pages(asked.size) < whole_pages(size)) {
    step.size = size;  // what it did not ask for it does not use
  }
  return step;
}

std::vector<std::uint64_t> LoaderPlan::finish() {
  if (!in_step_) return {};
  std::vector<std::uint64_t> missing = take_memory();
  in_step_ = next_ == rehearsed_.size();
  return in_step_ ? missing : std::vector<std::uint64_t>();
}

}  // namespace situ
