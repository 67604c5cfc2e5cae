// One program whose main has begun; each test adds the variables, blocks and lines its story needs.
#pragma once

#include <gtest/gtest.h>

#include "decode/moment.h"
#include "support/article_recordings.h"

namespace situ {

struct OneFrame : testing::Test {
  static constexpr std::uint64_t cfa = article::main_cfa, sp = cfa - 0x80, heap = article::heap_block;
  static constexpr std::string_view file = "/home/you/p.rs";

  void begin(std::string text, Language language = Language::rust) {
    b.language = language;
    article::begin(b);
    b.source(std::string(file), std::move(text));
    integer = b.i32();
    main_function = b.function("main", std::string(file), 1);
    Step& called = b.step(Cause::call);
    called.file = file;
    called.line = 1;
    called.function = main_function;
    called.sp = {sp};
    main_frame = b.push({.function = main_function,
                         .cfa = cfa,
                         .return_address = 0x55555555c010,
                         .pushed = 0x80,
                         .size = 0x80,
                         .call_site = {}});
    b.recording.steps.back().frame = main_frame;
  }
  VariableId local(std::string name, TypeId type, std::int64_t offset, std::uint32_t line = 1) {
    return b.variable(
        main_frame,
        {.name = std::move(name), .type = type, .cfa_offset = offset, .line = line, .marked = true});
  }
  // A frame for a function called from `line`; its variables are the caller's to add.
  FrameId call(std::string name, std::uint32_t line) {
    const FunctionId function = b.function(std::move(name), std::string(file), line);
    Step& called = b.step(Cause::call);
    called.sp = {sp - 0x40};
    called.function = function;
    const FrameId frame = b.push({.function = function,
                                  .cfa = sp,
                                  .return_address = 0x55555555b110,
                                  .pushed = 0x40,
                                  .size = 0x40,
                                  .call_site = CallSite{std::string(file), line}});
    b.recording.steps.back().frame = frame;
    return frame;
  }
  void return_from(FrameId frame) {
    b.step(Cause::returned).sp = {sp};
    b.pop(frame);
  }
  void line(std::uint32_t number) {
    Step& step = b.line(number);
    step.frame = main_frame;
    step.function = main_function;
  }
  BlockId allocate(std::uint64_t address, std::uint64_t bytes, HeapOp by = HeapOp::malloc) {
    b.step(Cause::alloc);
    const BlockId id = b.alloc(address, bytes, by);
    b.recording.steps.back().block = id;
    b.recording.blocks.back().stack = {{main_function, std::string(file), 1, {0x55555555b000}}};
    return id;
  }
  // The functions are the library's, innermost first; main stands at `line`.
  void release(BlockId id, const std::vector<std::string>& functions, std::uint32_t line,
               HeapOp by = HeapOp::free) {
    Step& step = b.step(Cause::free);
    step.line = line;
    step.block = id;
    step.frame = main_frame;
    std::vector<StackLine> stack;
    for (const std::string& name : functions) {
      stack.push_back({b.function(name, "/rustc/library.rs", 0, false), "", 0, {0x55555555d000}});
    }
    stack.push_back({main_function, std::string(file), line, {0x55555555b100}});
    b.free(id, by);
    b.recording.blocks[id.value].free_stack = stack;
  }
  void word(std::int64_t offset, std::uint64_t value) {
    b.write<std::uint64_t>(cfa + static_cast<std::uint64_t>(offset), value);
  }
  PointerState pointer(std::string_view path, std::optional<StepIndex> step = {}) {
    Decoder decoder(b.recording);
    for (const PointerView& view : decoder.moment(step.value_or(b.now())).pointers) {
      if (view.path == path) return view.state;
    }
    ADD_FAILURE() << "no pointer " << path;
    return PointerState::unknown;
  }
  VariableView view_of(VariableId id, std::optional<StepIndex> step = {}) {
    Decoder decoder(b.recording);
    for (const ThreadView& thread : decoder.moment(step.value_or(b.now())).threads) {
      for (const FrameView& frame : thread.frames) {
        for (const VariableView& variable : frame.variables) {
          if (variable.id == id) return variable;
        }
      }
    }
    ADD_FAILURE() << "no variable " << id.value;
    return {};
  }
  VariableState state(VariableId id, std::optional<StepIndex> step = {}) { return view_of(id, step).state; }

  RecordingBuilder b;
  TypeId integer;
  FunctionId main_function;
  FrameId main_frame;
};

}  // namespace situ
