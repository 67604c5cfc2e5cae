// Moments made by hand, with the small recording they stand in: what the pictures are tested on.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "decode/moment.h"
#include "model/recording.h"

namespace situ {

class MomentBuilder {
 public:
  Recording recording;
  Moment moment;
  std::size_t steps = 10;

  MomentBuilder() {
    recording.program.path = "/tmp/program";
    thread("main");
    type("");
  }

  TypeId type(std::string name) {
    for (std::uint32_t i = 0; i < recording.types.size(); ++i) {
      if (recording.types[i].name == name) return {i};
    }
    Type made;
    made.name = std::move(name);
    recording.types.push_back(made);
    return {static_cast<std::uint32_t>(recording.types.size() - 1)};
  }
  FunctionId function(std::string name, bool user = true) {
    Function made;
    made.name = std::move(name);
    made.user = user;
    recording.functions.push_back(made);
    return {static_cast<std::uint32_t>(recording.functions.size() - 1)};
  }
  ThreadId thread(std::string name) {
    Thread made;
    made.name = std::move(name);
    recording.threads.push_back(made);
    const ThreadId id{static_cast<std::uint32_t>(recording.threads.size() - 1)};
    ThreadView view;
    view.id = id;
    moment.threads.push_back(view);
    return id;
  }
  void source(std::string file, std::string text) {
    recording.sources.push_back({std::move(file), std::move(text)});
  }

  struct NewFrame {
    std::string title = {};
    std::uint64_t cfa = 0, size = 0;
    std::uint64_t pushed = 0;  // 0: size
    std::string file = {};
    std::uint32_t line = 0;
    bool user = true, ghost = false, innermost = false, inlined = false;
    std::size_t thread = 0;
  };
  // Frames are given from the outermost in; ghosts last.
  FrameView& frame(const NewFrame& wanted) {
    Frame made;
    made.function = function(wanted.title, wanted.user);
    made.cfa = {wanted.cfa};
    made.user = wanted.user;
    made.inlined = wanted.inlined;
    made.thread = {static_cast<std::uint32_t>(wanted.thread)};
    recording.frames.push_back(made);
    FrameView view;
    view.id = {static_cast<std::uint32_t>(recording.frames.size() - 1)};
    view.title = wanted.title;
    view.size = wanted.size;
    view.pushed = wanted.pushed ? wanted.pushed : wanted.size;
    view.low = {wanted.cfa - wanted.size};
    view.innermost = wanted.innermost;
    view.ghost = wanted.ghost;
    view.file = wanted.file;
    view.line = wanted.line;
    auto& frames = moment.threads[wanted.thread].frames;
    frames.insert(frames.begin(), view);
    return frames.front();
  }
  static void slot(FrameView& frame, std::int64_t offset, std::uint64_t size, SlotKind kind) {
    Slot made;
    made.offset = offset;
    made.size = size;
    made.kind = kind;
    if (kind == SlotKind::saved_register) made.reg = Reg::rbp;
    frame.slots.push_back(made);
  }
  VariableView& variable(FrameView& frame, std::string name, std::string type_name, std::int64_t offset,
                         std::uint64_t size, Value value) {
    Variable made;
    made.name = std::move(name);
    made.type = type(std::move(type_name));
    made.frame = frame.id;
    recording.variables.push_back(made);
    VariableView view;
    view.id = {static_cast<std::uint32_t>(recording.variables.size() - 1)};
    view.state = VariableState::live;
    view.in_scope = true;
    value.size = size;
    view.value = std::move(value);
    frame.variables.push_back(view);
    slot(frame, offset, size, SlotKind::local);
    frame.slots.back().variables.push_back(view.id);
    return frame.variables.back();
  }
  BlockId block(std::uint64_t address, std::uint64_t requested, std::string type_name, Value value,
                StackLine where = {}) {
    Block made;
    made.number = static_cast<std::uint32_t>(recording.blocks.size() + 1);
    made.address = {address};
    const std::uint64_t chunk = std::max<std::uint64_t>(32, (requested + 8 + 15) / 16 * 16);
    made.sizes.push_back({requested, chunk - 8, chunk, {}});
    made.user = true;
    if (where.function) made.stack.push_back(std::move(where));
    recording.blocks.push_back(made);
    BlockView view;
    view.id = {static_cast<std::uint32_t>(recording.blocks.size() - 1)};
    if (!type_name.empty()) view.type = type(std::move(type_name));
    view.value = std::move(value);
    moment.blocks.push_back(view);
    ++moment.live_blocks;
    moment.live_bytes += requested;
    return view.id;
  }
  PointerView& points(VariableId from, BlockId to, std::uint64_t at = 0, std::uint64_t offset = 0) {
    return pointer(from, {}, block_target(to, offset), at);
  }
  PointerView& points(BlockId from, BlockId to, std::uint64_t at = 0, std::uint64_t offset = 0) {
    return pointer({}, from, block_target(to, offset), at);
  }
  PointerView& points(VariableId from, VariableId to, std::uint64_t at = 0) {
    PointerTarget target;
    target.kind = PointerTarget::Kind::variable;
    target.variable = to;
    return pointer(from, {}, target, at);
  }

  // Sets what refers to the lists, which grew meanwhile.
  const Moment& finish(StepIndex step, Cause cause, std::string function_name, std::string file = {},
                       std::uint32_t line = 0) {
    recording.steps.resize(std::max<std::size_t>(steps, step + 1));
    for (StepIndex i = 0; i < recording.steps.size(); ++i) recording.steps[i].index = i;
    Step& now = recording.steps[step];
    now.cause = cause;
    now.file = std::move(file);
    now.line = line;
    for (std::uint32_t i = 0; i < recording.functions.size(); ++i) {
      if (recording.functions[i].name == function_name) now.function = FunctionId{i};
    }
    moment.step = step;
    for (auto& view : moment.threads) {
      view.thread = &recording.at(view.id);
      for (auto& shown : view.frames) {
        shown.frame = &recording.at(shown.id);
        if (shown.innermost && view.sp.value == 0) view.sp = {shown.frame->cfa.value - shown.pushed};
        for (auto& each : shown.variables) each.variable = &recording.at(each.id);
      }
    }
    for (auto& view : moment.blocks) {
      view.block = &recording.at(view.id);
      view.size = &view.block->sizes.front();
    }
    std::sort(moment.blocks.begin(), moment.blocks.end(),
              [](const BlockView& a, const BlockView& b) { return a.block->address < b.block->address; });
    return moment;
  }

  // ---- values
  static Value scalar(std::string text, ValueKind kind = ValueKind::integer) {
    Value made;
    made.kind = kind;
    made.text = std::move(text);
    return made;
  }
  static Value address() { return scalar("0x5555555592a0", ValueKind::pointer); }
  static Value owner(std::string text) {
    Value made = scalar(std::move(text), ValueKind::text);
    made.pointer_offset = 0;
    return made;
  }
  static Value record(std::string text, std::vector<NamedValue> fields) {
    Value made = scalar(std::move(text), ValueKind::record);
    made.fields = std::move(fields);
    return made;
  }
  static NamedValue field(std::string name, std::uint64_t offset, std::uint64_t size, Value value) {
    value.size = size;
    return {std::move(name), offset, std::move(value)};
  }

 private:
  PointerTarget block_target(BlockId to, std::uint64_t offset) const {
    PointerTarget target;
    target.kind = PointerTarget::Kind::block;
    target.block = to;
    target.offset = offset;
    return target;
  }
  PointerView& pointer(std::optional<VariableId> variable, std::optional<BlockId> block, PointerTarget target,
                       std::uint64_t at) {
    PointerView made;
    made.from_variable = variable;
    made.from_block = block;
    made.offset = at;
    made.state = PointerState::valid;
    if (target.block) made.address = recording.at(*target.block).address + target.offset;
    made.to = std::move(target);
    moment.pointers.push_back(made);
    return moment.pointers.back();
  }
};

}  // namespace situ
