#include "heap/ledger.h"

#include <algorithm>

namespace situ {
namespace {

// glibc malloc.c: the size field before a block has three flag bits; the rest is the chunk's size.
constexpr std::uint64_t header_flags = 7;

BlockSize size_of(const ProbeRecord& record, StepIndex step) {
  return {record.requested, record.usable, record.header & ~header_flags, {step, std::nullopt}};
}

}  // namespace

Ledger::Ledger(Recording& recording, HeapDetail detail) : recording_(recording), detail_(detail) {
  if (detail_ == HeapDetail::live) recording_.heap_totals.emplace();
}

std::optional<HeapChange> Ledger::apply(const ProbeRecord& record, StepIndex step, ThreadId thread) {
  const Booking booking{record, step, thread};
  switch (record.phase) {
    case HeapPhase::allocated:
      return allocate(booking);
    case HeapPhase::releasing:
      return release(booking);
    case HeapPhase::realloc_begin:
      in_realloc_.erase(record.thread_pointer);
      if (const auto block = live_at(record.argument)) in_realloc_[record.thread_pointer] = *block;
      return std::nullopt;
    case HeapPhase::realloc_end:
      return finish_realloc(booking);
  }
  return std::nullopt;
}

HeapChange Ledger::allocate(const Booking& booking) {
  HeapChange change;
  if (booking.record.result) change.born = add_block(booking);
  book_event(booking, change, change.born, booking.record.result);
  return change;
}

HeapChange Ledger::release(const Booking& booking) {
  HeapChange change;
  change.died = live_at(booking.record.argument);
  change.unknown_release = !change.died;
  if (change.died) end_life(*change.died, booking);
  book_event(booking, change, change.died, booking.record.argument);
  return change;
}

HeapChange Ledger::finish_realloc(const Booking& booking) {
  const ProbeRecord& record = booking.record;
  auto block = live_at(record.argument);
  if (const auto begun = in_realloc_.find(record.thread_pointer); begun != in_realloc_.end()) {
    block = begun->second;
    in_realloc_.erase(begun);
  }
  HeapChange change;
  change.unknown_release = !block;
  const bool released = !record.result && record.requested == 0;
  const bool in_place = block && record.result == record.argument;
  if (in_place) {
    change.resized = block;
    resize(*block, booking);
  } else if (record.result || released) {
    if (block) {
      change.died = block;
      end_life(*block, booking);
    }
    if (record.result) change.born = add_block(booking);
    if (block && change.born) recording_.blocks[block->value].moved_to = change.born;
  }
  const auto touched = change.born ? change.born : block;
  book_event(booking, change, touched, record.result);
  return change;
}

void Ledger::book_event(const Booking& booking, HeapChange& change, std::optional<BlockId> block,
                        Address address) {
  const ProbeRecord& record = booking.record;
  const HeapEvent event{.seq = record.seq,
                        .step = booking.step,
                        .thread = booking.thread,
                        .op = record.op,
                        .block = block,
                        .requested = releases(record.op) ? 0 : record.requested,
                        .address = address,
                        .argument = record.argument};
  if (detail_ == HeapDetail::everything) {
    change.event = recording_.events.size();
    recording_.events.push_back(event);
    return;
  }
  tally_.count(event, change.born ? change.died : std::nullopt);
  recording_.heap_totals = tally_.totals();
  if (change.died) forget(*change.died);
}

// Its id may be another block's from now on, unless a realloc that has not returned yet still speaks of it.
void Ledger::forget(BlockId block) {
  const bool spoken_of = std::any_of(in_realloc_.begin(), in_realloc_.end(),
                                     [&](const auto& begun) { return begun.second == block; });
  if (!spoken_of) slots_.push_back(block);
}

BlockId Ledger::free_slot() {
  if (slots_.empty()) {
    recording_.blocks.emplace_back();
    return {static_cast<std::uint32_t>(recording_.blocks.size() - 1)};
  }
  const BlockId id = slots_.back();
  slots_.pop_back();
  return id;
}

BlockId Ledger::add_block(const Booking& booking) {
  const ProbeRecord& record = booking.record;
  make_room_at(record.result, booking.step);
  const BlockId id = free_slot();
  Block block;
  block.address = record.result;
  block.sizes.push_back(size_of(record, booking.step));
  block.by = record.op;
  block.thread = booking.thread;
  if (detail_ == HeapDetail::everything) block.tenant = ++tenants_[record.result];
  if (record.header != 0) block.header = record.header;
  block.life.born = booking.step;
  recording_.blocks[id.value] = std::move(block);
  live_[record.result] = id;
  return id;
}

// A live block where the allocator just put another one: a realloc that has not returned yet moved it away,
// or the record of its release was lost. Either way it is no longer there.
void Ledger::make_room_at(Address start, StepIndex step) {
  const auto at = live_.find(start);
  if (at == live_.end()) return;
  Block& gone = recording_.blocks[at->second.value];
  gone.life.died = step;
  gone.sizes.back().life.died = step;
  live_.erase(at);
}

void Ledger::end_life(BlockId id, const Booking& booking) {
  Block& block = recording_.blocks[id.value];
  block.freed_by = booking.record.op;
  block.freed_by_thread = booking.thread;
  if (!block.life.died) {
    block.life.died = booking.step;
    block.sizes.back().life.died = booking.step;
  }
  if (const auto at = live_.find(block.address); at != live_.end() && at->second == id) live_.erase(at);
}

void Ledger::resize(BlockId id, const Booking& booking) {
  Block& block = recording_.blocks[id.value];
  const BlockSize size = size_of(booking.record, booking.step);
  if (booking.record.header != 0) block.header = booking.record.header;
  BlockSize& last = block.sizes.back();
  if (last.requested == size.requested && last.usable == size.usable) return;
  last.life.died = booking.step;
  block.sizes.push_back(size);
}

void Ledger::name(BlockId id, bool user, Purpose purpose) {
  Block& block = recording_.blocks[id.value];
  if (block.number || block.runtime_number) return;
  block.user = user;
  block.purpose = purpose;
  (user ? block.number : block.runtime_number) = user ? ++user_blocks_ : ++runtime_blocks_;
}

std::optional<BlockId> Ledger::live_at(Address start) const {
  const auto at = live_.find(start);
  return at == live_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<BlockId> Ledger::live_containing(Address inside) const {
  auto after = live_.upper_bound(inside);
  if (after == live_.begin()) return std::nullopt;
  const auto& [start, id] = *std::prev(after);
  const BlockSize& size = recording_.blocks[id.value].sizes.back();
  const std::uint64_t bytes = size.usable != 0 ? size.usable : size.requested;
  return inside.value - start.value < bytes ? std::optional(id) : std::nullopt;
}

}  // namespace situ
