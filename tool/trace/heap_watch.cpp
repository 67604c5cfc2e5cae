#include "trace/heap_watch.h"

#include <algorithm>

namespace situ {
namespace {

// The far ranges that hold the probe, the ring and the flags: 1 TiB and up, nothing of the program's.
constexpr AddressRange far_range{{wire::probe_base}, {wire::flags_address + (1ULL << 32)}};

void write_flags(Tracee& tracee, Ring::Recording recording, Ring::Trapping trapping) {
  const wire::Flags flags = Ring::flags(recording, trapping);
  tracee.write(Ring::flags_address(), std::as_bytes(std::span(&flags, 1)));
}

}  // namespace

std::vector<RemoteMapping> HeapWatch::mappings(const Ring& ring) {
  RemoteMapping shared;
  shared.at = Ring::address();
  shared.size = Ring::size();
  shared.writable = true;
  shared.shared_fd = ring.fd();

  RemoteMapping flags;
  flags.at = Ring::flags_address();
  flags.size = Ring::flags_size();
  flags.writable = true;
  flags.wipe_on_fork = true;
  const wire::Flags first = Ring::flags(Ring::Recording::on, Ring::Trapping::off);
  const auto bytes = std::as_bytes(std::span(&first, 1));
  flags.initial.assign(bytes.begin(), bytes.end());
  return {shared, flags};
}

std::vector<AddressRange> HeapWatch::hidden_ranges() {
  std::vector<AddressRange> ranges = Tracee::own_ranges();
  ranges.push_back(far_range);
  return ranges;
}

bool HeapWatch::is_probe_code(Address pc) {
  return far_range.contains(pc);
}

std::optional<ProbeTrap> HeapWatch::trap_of(const ThreadState& state) {
  if (!is_probe_code(state.registers.pc())) return std::nullopt;
  return Ring::trap(state.registers.get(Reg::rdi).value_or(0), state.registers.get(Reg::rsi).value_or(0));
}

void HeapWatch::trap_on(Tracee& tracee) {
  drain();
  trap_from_ = next_seq_;
  write_flags(tracee, Ring::Recording::on, Ring::Trapping::on);
}

void HeapWatch::trap_off(Tracee& tracee) {
  trap_from_.reset();
  write_flags(tracee, Ring::Recording::on, Ring::Trapping::off);
}

void HeapWatch::drain() {
  ring_.drain(waiting_);
  std::ranges::sort(waiting_, {}, &ProbeRecord::seq);
  if (!waiting_.empty()) next_seq_ = std::max(next_seq_, waiting_.back().seq + 1);
}

std::optional<HeapChange> HeapWatch::book(const ProbeRecord& record, StepIndex step) {
  const auto thread = threads_.find(record.thread_pointer);
  return ledger_.apply(record, step, thread == threads_.end() ? ThreadId{0} : thread->second);
}

template <class Ready>
void HeapWatch::book_waiting(StepIndex step, Ready ready) {
  const auto rest = std::stable_partition(waiting_.begin(), waiting_.end(), ready);
  for (auto record = waiting_.begin(); record != rest; ++record)
    if (const auto change = book(*record, step); change && change->born)
      ledger_.name(*change->born, false, Purpose::none);
  waiting_.erase(waiting_.begin(), rest);
}

void HeapWatch::settle(StepIndex step) {
  drain();
  book_waiting(step, [&](const ProbeRecord& record) { return !trap_from_ || record.seq < *trap_from_; });
}

std::optional<ProbeRecord> HeapWatch::record_of(const ProbeTrap& trap) {
  drain();
  const auto found = std::ranges::find(waiting_, trap.seq, &ProbeRecord::seq);
  return found == waiting_.end() ? std::nullopt : std::optional(*found);
}

std::optional<HeapChange> HeapWatch::settle_trap(StepIndex step, const ProbeTrap& trap,
                                                 Address thread_pointer) {
  const std::optional<ProbeRecord> own = record_of(trap);
  std::erase_if(waiting_, [&](const ProbeRecord& record) { return record.seq == trap.seq; });
  book_waiting(step, [&](const ProbeRecord& record) {
    return record.seq < trap.seq &&
           (record.thread_pointer == thread_pointer || !trap_from_ || record.seq < *trap_from_);
  });
  return own ? book(*own, step) : std::nullopt;
}

void HeapWatch::settle_all(StepIndex step) {
  drain();
  book_waiting(step, [](const ProbeRecord&) { return true; });
}

}  // namespace situ
