// The variables that live outside frames: statics from when their module is mapped, thread-locals from when a
// thread has its block. Each is one Variable of the recording; their bytes are captured at every step.
#pragma once

#include <deque>
#include <vector>

#include "inspect/module_map.h"
#include "inspect/thread_blocks.h"
#include "model/recording.h"

namespace situ {

class StaticTrack {
 public:
  StaticTrack(Recording& recording, const ModuleMap& modules) : recording_(recording), blocks_(modules) {}

  // The statics of a newly mapped module.
  void add_module(const LoadedModule& module, StepIndex step, const MemoryReader& memory);
  // The thread-locals of a thread that stands still at `step`, as far as their blocks are there.
  void observe_thread(ThreadId thread, Address thread_pointer, StepIndex step, const MemoryReader& memory);
  // The places that are made from memory, as of `step`.
  void refresh(StepIndex step, const MemoryReader& memory);
  void end_thread(ThreadId thread, StepIndex step);

  // What to capture: by address, near ones joined.
  const std::vector<AddressRange>& ranges();

 private:
  struct ThreadLocals {
    const LoadedModule* module = nullptr;
    std::vector<StaticInfo> variables;
    std::vector<ThreadId> there;  // threads whose block was found
  };
  // Reads memory when it is worked out: in optimised code, a global of which only a part is kept.
  struct Moving {
    VariableId id;
    const LoadedModule* module = nullptr;
    const StaticInfo* info = nullptr;
  };
  struct Home {
    const LoadedModule* module = nullptr;
    std::optional<Address> block;  // of the thread's variables of the module
    const MemoryReader* memory = nullptr;
  };

  VariableId add(const StaticInfo& info, StepIndex step, const Home& home);
  Place place_of(const StaticInfo& info, const Home& home) const;

  Recording& recording_;
  ThreadBlocks blocks_;
  std::vector<VariableId> living_;
  std::deque<StaticInfo> kept_;  // those of moving_
  std::vector<Moving> moving_;
  std::deque<ThreadLocals> thread_locals_;  // by module
  std::vector<AddressRange> ranges_;
  bool ranges_are_new_ = false;
};

}  // namespace situ
