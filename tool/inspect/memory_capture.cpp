#include "inspect/memory_capture.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace situ {
namespace {

constexpr std::int64_t vtable_head = 64;
constexpr std::size_t not_read = ~std::size_t{0};

std::uint64_t block_bytes(const Block& block) {
  const BlockSize& size = block.sizes.back();
  return size.usable != 0 ? size.usable : size.requested;
}

}  // namespace

MemoryCapture::MemoryCapture(Recording& recording, ReadMany read_many, const Ledger& ledger,
                             CaptureBudget budget)
    : recording_(recording), read_many_(std::move(read_many)), ledger_(ledger), budget_(budget) {}

MemoryCapture::MemoryCapture(Recording& recording, const Tracee& tracee, const Ledger& ledger,
                             CaptureBudget budget)
    : MemoryCapture(
          recording,
          [&tracee](std::span<const Tracee::ReadRequest> requests) { return tracee.read_many(requests); },
          ledger, budget) {}

void MemoryCapture::set_regions(const std::vector<Mapping>& maps) {
  read_only_.clear();
  settled_.fill(0);
  for (const Mapping& m : maps) {
    if (m.readable && !m.writable && !m.executable && m.path.starts_with('/')) read_only_.push_back(m.range);
  }
  std::ranges::sort(read_only_);
}

bool MemoryCapture::capture(StepIndex step, const std::vector<const StackSnapshot*>& stacks,
                            const std::vector<std::uint64_t>& roots, std::span<const AddressRange> statics) {
  ++number_;
  left_ = budget_.bytes_per_stop;
  cut_ = false;
  buffer_.clear();
  unfollowed_.clear();
  constants_.clear();
  last_reached_ = std::exchange(reached_, {});
  measure_heap();

  for (const StackSnapshot* stack : stacks) {
    recording_.memory.write(step, stack->low(), stack->bytes());
    follow_words(stack->low(), stack->bytes());
  }
  for (const std::uint64_t word : roots) follow(word);
  for (const AddressRange& range : statics) {
    if (range.size() > budget_.bytes_per_block) cut_ = true;
    if (const std::uint64_t size = grant(std::min(range.size(), budget_.bytes_per_block)); size != 0)
      wanted_.push_back({range.low, size, {}});
  }
  // What the last capture reached, this one is likely to reach too: it is read in the same system call.
  for (const BlockId id : last_reached_)
    if (ledger_.live_at(recording_.at(id).address) == id) want(id);

  while (!wanted_.empty()) {
    const std::vector<Target> wave = std::exchange(wanted_, {});
    std::size_t at = buffer_.size();
    read_targets(step, wave);
    for (const Target& target : wave) {
      if (!target.block) follow_words(target.from, std::span(buffer_).subspan(at, target.size));
      at += target.size;
    }
    for (std::size_t i = 0; i < unfollowed_.size(); ++i) {
      const Read& read = reads_[unfollowed_[i].value];
      if (read.capture != number_ || read.size == 0 || read.offset == not_read) continue;
      const BlockId id = unfollowed_[i];
      unfollowed_[i--] = unfollowed_.back();
      unfollowed_.pop_back();
      follow_words(recording_.at(id).address, std::span(buffer_).subspan(read.offset, read.size));
    }
  }
  read_targets(step, constants_);
  return cut_;
}

void MemoryCapture::capture_range(StepIndex step, Address from, std::uint64_t size) {
  const Target target{from, std::min(size, budget_.bytes_per_block), {}};
  buffer_.clear();
  read_targets(step, std::span(&target, 1));
}

void MemoryCapture::measure_heap() {
  heap_ = {};
  followed_ = {};
  if (!read_only_.empty()) followed_ = {read_only_.front().low, read_only_.back().high};
  const auto& live = ledger_.live();
  if (live.empty()) return;
  const auto& [last, id] = *live.rbegin();
  heap_ = {live.begin()->first, last + block_bytes(recording_.at(id))};
  if (reads_.size() < recording_.blocks.size()) reads_.resize(recording_.blocks.size());
  if (followed_.size() == 0) followed_ = heap_;
  followed_ = {std::min(followed_.low, heap_.low), std::max(followed_.high, heap_.high)};
}

void MemoryCapture::follow_words(Address from, std::span<const std::byte> bytes) {
  std::uint64_t word = 0;
  for (std::size_t at = (8 - from.value % 8) % 8; at + 8 <= bytes.size(); at += 8) {
    std::memcpy(&word, bytes.data() + at, sizeof word);
    if (word - followed_.low.value < followed_.size()) follow(word);
  }
}

void MemoryCapture::follow(std::uint64_t word) {
  const Address target{word};
  if (heap_.contains(target)) {
    if (const auto block = ledger_.live_containing(target)) return reach(*block);
  }
  if (!read_only_.empty() && read_only_.front().low <= target && target < read_only_.back().high) {
    std::uint64_t& settled = settled_[word % settled_.size()];
    if (settled != word && add_read_only(target)) settled = word;
  }
}

std::uint64_t MemoryCapture::grant(std::uint64_t wanted) {
  const std::uint64_t given = std::min(wanted, left_);
  left_ -= given;
  if (given < wanted) cut_ = true;
  return given;
}

void MemoryCapture::reach(BlockId id) {
  Read& read = reads_[id.value];
  if (read.reached == number_) return;
  read.reached = number_;
  reached_.push_back(id);
  unfollowed_.push_back(id);
  want(id);
}

void MemoryCapture::want(BlockId id) {
  Read& read = reads_[id.value];
  if (read.capture == number_) return;
  const Block& block = recording_.at(id);
  const std::uint64_t whole = block_bytes(block);
  if (whole > budget_.bytes_per_block) cut_ = true;
  const std::uint64_t size = grant(std::min(whole, budget_.bytes_per_block));
  read = {number_, read.reached, not_read, static_cast<std::size_t>(size)};
  if (size != 0) wanted_.push_back({block.address, size, id});
}

bool MemoryCapture::add_read_only(Address target) {
  const auto after = std::ranges::upper_bound(read_only_, target, {}, &AddressRange::low);
  if (after == read_only_.begin() || !std::prev(after)->contains(target)) return true;
  if (read_only_seen_.contains(target)) return true;
  // A C++ object points into the middle of its vtable: where its bases are stands before (Itanium C++ ABI
  // §2.5.2).
  const AddressRange& mapping = *std::prev(after);
  const bool aligned = target.value % 8 == 0;
  const Address from = aligned && target - mapping.low >= vtable_head ? target - vtable_head : target;
  const std::uint64_t wanted =
      std::min<std::uint64_t>(budget_.read_only_bytes, static_cast<std::uint64_t>(mapping.high - from));
  const std::uint64_t size = grant(wanted);
  if (size < wanted) return false;  // another stop may afford it
  read_only_seen_.insert(target);
  constants_.push_back({from, size, {}});
  return true;
}

// Appends the targets' bytes to buffer_; those that could not be read are zero there and not in the history.
void MemoryCapture::read_targets(StepIndex step, std::span<const Target> targets) {
  std::size_t total = 0;
  for (const Target& target : targets) total += target.size;
  if (total == 0) return;
  std::size_t offset = buffer_.size();
  buffer_.resize(offset + total);
  std::vector<Tracee::ReadRequest> requests;
  requests.reserve(targets.size());
  for (const Target& target : targets) {
    if (target.block) reads_[target.block->value].offset = offset;
    requests.push_back({target.from, std::span(buffer_).subspan(offset, target.size)});
    offset += target.size;
  }
  const std::vector<std::size_t> counts = read_many_(requests);
  for (std::size_t i = 0; i < requests.size() && i < counts.size(); ++i) {
    recording_.memory.write(step, requests[i].from, requests[i].into.first(counts[i]));
  }
}

}  // namespace situ
