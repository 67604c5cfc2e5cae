// The address space as regions with lifetimes, refreshed from /proc/PID/maps when something may have moved.
#pragma once

#include <optional>
#include <vector>

#include "inspect/module_map.h"
#include "model/recording.h"
#include "process/maps.h"

namespace situ {

// A thread's stack pointer, to tell which mapping is its stack.
struct StackPointer {
  ThreadId thread;
  Address sp;
};

class RegionTrack {
 public:
  explicit RegionTrack(Recording& recording) : recording_(recording) {}

  // Regions that are gone die at `step`, new ones are born, grown ones get their new bounds.
  // `hidden`: address ranges of our own mappings, left out.
  void refresh(StepIndex step, const std::vector<Mapping>& maps, const ModuleMap& modules,
               const std::vector<StackPointer>& stack_pointers, const std::vector<AddressRange>& hidden);
  // A signal handler of the thread was found on a stack of its own (sigaltstack), which lies inside another
  // region. The one it had before is its stack no more.
  void see_alternate_stack(StepIndex step, ThreadId thread, AddressRange range);
  // Where the thread stands: an alternate stack in a frame of its own stack is over with that frame.
  void see_stack_pointer(StepIndex step, ThreadId thread, Address sp);
  // The thread is gone.
  void end_alternate_stack(StepIndex step, ThreadId thread);
  // The stack (of any thread, alternate ones included) that holds `a`.
  std::optional<RegionId> stack_at(Address a) const;
  std::optional<RegionId> at(Address a) const;
  // Whether all of these stand in known regions; if not it is time to refresh.
  bool covers(Address a) const { return at(a).has_value(); }

 private:
  RegionId begin(const Region& region);

  Recording& recording_;
  std::vector<RegionId> living_;      // by address
  std::vector<RegionId> alternates_;  // alternate stacks, each inside one of the others
};

}  // namespace situ
