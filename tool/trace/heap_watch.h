// The program's heap operations as the run goes: drains the probe's ring, books what happened at the right
// step, and switches the probe's traps on.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "heap/ledger.h"
#include "heap/ring.h"
#include "model/recording.h"
#include "process/tracee.h"

namespace situ {

class HeapWatch {
 public:
  HeapWatch(Ring& ring, Ledger& ledger) : ring_(ring), ledger_(ledger) {}

  // What the tracee must have mapped for the probe before it runs.
  static std::vector<RemoteMapping> mappings(const Ring& ring);
  // Our own mappings in the tracee, left out of its regions.
  static std::vector<AddressRange> hidden_ranges();
  static bool is_probe_code(Address pc);

  // Empty: the thread does not stand at one of the probe's traps.
  static std::optional<ProbeTrap> trap_of(const ThreadState& state);
  // From now on the probe traps at each operation, until `off`.
  void trap_on(Tracee& tracee);
  void trap_off(Tracee& tracee);
  bool traps() const { return trap_from_.has_value(); }

  void know_thread(Address thread_pointer, ThreadId thread) { threads_[thread_pointer] = thread; }

  // Books what happened before `step`. Operations that will stop at a trap wait for it, so that a block is
  // born at its own step.
  void settle(StepIndex step);
  // At a trap: books the trapping thread's operations up to the trap's. Returns what the trap's own did.
  std::optional<HeapChange> settle_trap(StepIndex step, const ProbeTrap& trap, Address thread_pointer);
  // At the end: everything that was recorded.
  void settle_all(StepIndex step);
  // The record a trap is about; empty for a damaged ring.
  std::optional<ProbeRecord> record_of(const ProbeTrap& trap);

 private:
  void drain();
  std::optional<HeapChange> book(const ProbeRecord& record, StepIndex step);
  // Books the waiting records that `ready` picks; a block that no trap names is the runtime's.
  template <class Ready>
  void book_waiting(StepIndex step, Ready ready);

  Ring& ring_;
  Ledger& ledger_;
  std::unordered_map<Address, ThreadId> threads_;
  std::vector<ProbeRecord> waiting_;  // lowest seq first
  std::uint64_t next_seq_ = 0;
  std::optional<std::uint64_t> trap_from_;
};

}  // namespace situ
