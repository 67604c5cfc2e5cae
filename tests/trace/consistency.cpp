#include "trace/consistency.h"

#include <algorithm>
#include <map>

namespace situ::test {
namespace {

class Report {
 public:
  void expect(bool holds, const Json& item, std::string_view what) {
    if (!holds && problems_.size() < 20)
      problems_.push_back(std::string(what) + ": " + item.dump().substr(0, 400));
  }
  Problems take() { return std::move(problems_); }

 private:
  Problems problems_;
};

void check_lifetime(const RecordingJson& recording, const Json& item, Report& report) {
  const int born = item.at("born");
  report.expect(born >= 0 && born <= recording.last_step(), item, "born at no step");
  if (item.at("died").is_null()) return;
  const int died = item.at("died");
  report.expect(born <= died, item, "dies before it is born");
  report.expect(died <= recording.last_step(), item, "dies at no step");
}

// The extents of a frame follow each other from its birth to its death.
void check_extents(const Json& frame, Report& report) {
  Json next = frame.at("born");
  for (const Json& extent : frame.at("extents")) {
    report.expect(extent.at("born") == next, frame, "an extent does not follow the one before");
    next = extent.at("died");
  }
  report.expect(next == frame.at("died"), frame, "the extents end before or after the frame");
}

void check_calls(const RecordingJson& recording, const Json& frame, Report& report) {
  const Json& at = recording.steps().at(frame.at("born").get<std::size_t>());
  report.expect(at.at("cause") == "call" && at.at("frame") == frame.at("id"), frame, "not born at its call");
  const auto pushed = recording.extent_at(frame, at.at("index")).at("pushed").get<std::uint64_t>();
  report.expect(address_in(frame.at("cfa")) - address_in(at.at("sp")) == pushed, at,
                "pushed is not CFA - sp");
}

void check_return(const RecordingJson& recording, const Json& frame, Report& report) {
  const Json& at = recording.steps().at(frame.at("died").get<std::size_t>());
  report.expect(at.at("cause") == "return" && at.at("frame") == frame.at("id"), frame,
                "no return at its death");
  report.expect(at.at("sp") == frame.at("cfa"), at, "sp is not restored at the return");
  report.expect(at.at("pc") == frame.at("return_address"), at, "returns to another address");
}

// Of a signal's trampoline on an alternate stack it is not: its CFA is the interrupted stack pointer.
bool cfa_is_on_its_stack(const RecordingJson& recording, const Json& frame) {
  if (frame.at("stack").is_null()) return true;
  const Json& stack = recording.list("regions").at(frame.at("stack").get<std::size_t>());
  const std::uint64_t cfa = address_in(frame.at("cfa"));
  return address_in(stack.at("low")) < cfa && cfa <= address_in(stack.at("high"));
}

void check_caller(const RecordingJson& recording, const Json& frame, Report& report) {
  if (frame.at("caller").is_null()) return;
  const Json& caller = recording.list("frames").at(frame.at("caller").get<std::size_t>());
  report.expect(caller.at("born") <= frame.at("born"), frame, "born before its caller");
  if (!caller.at("died").is_null())
    report.expect(!frame.at("died").is_null() && frame.at("died") <= caller.at("died"), frame,
                  "outlives its caller");
  if (caller.at("stack") == frame.at("stack") && cfa_is_on_its_stack(recording, caller))
    report.expect(address_in(frame.at("cfa")) <= address_in(caller.at("cfa")), frame,
                  "lies above its caller");
  report.expect(frame.at("depth").get<int>() == caller.at("depth").get<int>() + 1, frame,
                "is not one deeper than its caller");
}

void check_stack(const RecordingJson& recording, const Json& frame, Report& report) {
  report.expect(!frame.at("stack").is_null(), frame, "has no stack");
  if (frame.at("stack").is_null()) return;
  const Json& stack = recording.list("regions").at(frame.at("stack").get<std::size_t>());
  report.expect(stack.at("kind") == "stack" || stack.at("kind") == "alternate_stack", frame,
                "is on no stack");
  report.expect(stack.at("thread") == frame.at("thread"), frame, "is on another thread's stack");
  const std::uint64_t low = address_in(stack.at("low")), high = address_in(stack.at("high"));
  for (const Json& extent : frame.at("extents")) {
    const std::uint64_t cfa = address_in(frame.at("cfa")), size = extent.at("size");
    report.expect(low < cfa && cfa <= high && size <= cfa - low, frame, "lies outside its stack");
  }
}

// The slots alive at `step`, sorted, must cover [-size, 0).
void check_slots(const RecordingJson& recording, const Json& frame, int step, Report& report) {
  std::map<int, int> size_at;
  for (const Json& slot : frame.at("slots")) {
    if (!alive_at(slot, step)) continue;
    const bool first = size_at.emplace(slot.at("offset"), slot.at("size")).second;
    report.expect(first, slot, "two slots at one place, step " + std::to_string(step));
  }
  int next = -recording.extent_at(frame, step).at("size").get<int>();
  for (const auto& [offset, size] : size_at) {
    report.expect(offset == next, frame,
                  "slots leave or share bytes at " + std::to_string(next) + ", step " + std::to_string(step));
    next = offset + size;
  }
  report.expect(next == 0, frame, "slots do not reach the CFA at step " + std::to_string(step));
}

}  // namespace

Problems step_problems(const RecordingJson& recording) {
  Report report;
  int index = 0;
  for (const Json& step : recording.steps()) {
    report.expect(step.at("index") == index, step, "is step " + std::to_string(index));
    const bool last = index++ == recording.last_step();
    report.expect((step.at("cause") == "start") == (step.at("index") == 0), step, "the start is step 0");
    report.expect(step.at("cause") != "exit" || last, step, "goes on after the exit");
    const bool silent = step.at("say").is_null();
    report.expect(silent == (step.at("index") < recording.list("recorded_from")), step,
                  "says nothing, or something before the recording");
    report.expect(silent || step.at("say") != "", step, "says nothing");
  }
  const bool ended = recording.steps().back().at("cause") == "exit";
  report.expect(ended || !recording.program().at("stopped_early").is_null(), recording.program(),
                "ends without an exit and does not say why");
  for (const char* list : {"threads", "regions", "frames", "blocks", "pointers", "memory"})
    for (const Json& item : recording.list(list)) check_lifetime(recording, item, report);
  for (const Json& variable : recording.list("variables"))
    for (const char* part : {"places", "values"})
      for (const Json& item : variable.at(part)) check_lifetime(recording, item, report);
  return report.take();
}

Problems frame_problems(const RecordingJson& recording) {
  Report report;
  std::map<Json, int> calls;
  for (const Json* step : recording.steps_with("call")) ++calls[step->at("frame")];
  for (const Json* frame : recording.user_frames()) {
    // An inlined function's frame begins and ends with the steps in its code.
    if (frame->at("inlined")) continue;
    report.expect(calls[frame->at("id")] == 1, *frame, "has not one call step");
    check_calls(recording, *frame, report);
    check_extents(*frame, report);
    check_stack(recording, *frame, report);
    check_caller(recording, *frame, report);
    report.expect(frame->at("died").is_null() == frame->at("ended_by").is_null(), *frame,
                  "does not say how it ended");
    if (frame->at("ended_by") == "return") check_return(recording, *frame, report);
  }
  return report.take();
}

Problems slot_problems(const RecordingJson& recording) {
  Report report;
  for (const Json* frame : recording.user_frames()) {
    if (frame->at("inlined")) continue;
    const int died = frame->at("died").is_null() ? recording.last_step() + 1 : frame->at("died").get<int>();
    const int first = std::max(frame->at("born").get<int>(), recording.list("recorded_from").get<int>());
    for (int step = first; step < died; ++step) check_slots(recording, *frame, step, report);
  }
  return report.take();
}

Problems heap_problems(const RecordingJson& recording) {
  Report report;
  const Json& blocks = recording.list("blocks");
  int seq = -1, step = 0;
  for (const Json& event : recording.list("events")) {
    report.expect(event.at("seq").get<int>() > seq, event, "is out of order");
    report.expect(event.at("step").get<int>() >= step, event, "its step is before the one before");
    seq = event.at("seq");
    step = event.at("step");
  }
  for (const char* cause : {"alloc", "free"})
    for (const Json* at : recording.steps_with(cause)) {
      const Json& block = blocks.at(at->at("block").get<std::size_t>());
      report.expect(block.at("user"), *at, "stops for a block that is not the user's");
      if (at->at("cause") == "free")
        report.expect(block.at("died") == at->at("index"), block, "not dead at its free");
    }
  std::map<Json, int> tenants;
  for (const Json& block : blocks) {
    report.expect(block.at("tenant") == ++tenants[block.at("address")], block,
                  "is another tenant of its place");
    report.expect(block.at("user") == !block.at("number").is_null(), block, "only the user's have a number");
    report.expect(block.at("leaked") == false || (block.at("user") && block.at("died").is_null()), block,
                  "leaked, and not the user's or not alive at the end");
  }
  return report.take();
}

Problems all_problems(const RecordingJson& recording) {
  Problems all;
  for (const auto& problems : {step_problems(recording), frame_problems(recording), slot_problems(recording),
                               heap_problems(recording)})
    all.insert(all.end(), problems.begin(), problems.end());
  return all;
}

}  // namespace situ::test
