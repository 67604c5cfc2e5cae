// The article's two first programs as recordings made by hand; addresses as without ASLR.
#pragma once

#include "support/recording_builder.h"

namespace situ {

namespace article {
inline constexpr std::uint64_t stack_low = 0x7ffffffde000, stack_high = 0x7ffffffff000;
inline constexpr std::uint64_t main_cfa = 0x7fffffffe4e0;
inline constexpr std::uint64_t heap_block = 0x5555555b52a0;

// Step 0 and the runtime's frame below main's.
inline void begin(RecordingBuilder& builder) {
  builder.recording.program.build_id = "0123456789abcdef0123456789abcdef01234567";
  builder.thread(4242, "main", stack_low, stack_high);
  builder.region(RegionKind::heap, 0x5555555b5000, 0x5555555d6000);
  builder.region(RegionKind::code, 0x55555555a000, 0x555555590000);
  Step& start = builder.step(Cause::start);
  start.pc = {0x55555555a040};
  start.sp = {0x7fffffffe5f0};
}
inline FrameId push_runtime(RecordingBuilder& builder) {
  const FunctionId runtime = builder.function("std::rt::lang_start::<()>", "", 0, false);
  return builder.push({.function = runtime,
                       .cfa = main_cfa + 0x40,
                       .return_address = 0x7ffff7c2724a,
                       .pushed = 0x40,
                       .size = 0x40,
                       .call_site = {}});
}
inline void exit_with(RecordingBuilder& builder, int code) {
  Step& last = builder.step(Cause::exit);
  last.frame.reset();
  last.function.reset();
  last.file.clear();
  last.line = 0;
  last.exit = ExitStatus{.code = code, .signal = {}};
  builder.recording.program.exit = last.exit;
}
}  // namespace article

// main calls bar(x): bar holds j (a copy of x), k and the return address.
//   0 start · 1 call main (7) · 2 line 8 (x is 5) · 3 call bar (2) · 4 line 3 (k is 20) · 5 return of bar: 25
//   · 6 line 9 (y is 25) · 7 return of main · 8 exit 0
inline Recording article_frames_recording() {
  RecordingBuilder b;
  article::begin(b);
  b.source(
      "/home/you/frames.rs",
      "fn bar(j: i32) -> i32 {\n    let k = 20;\n    j + k\n}\n\nfn main() {\n    let x = 5;\n    let y = "
      "bar(x);\n    println!(\"{y}\");\n}\n");
  const TypeId i32 = b.i32();
  const FunctionId main_function = b.function("frames::main", "/home/you/frames.rs", 6);
  const FunctionId bar_function = b.function("frames::bar", "/home/you/frames.rs", 1);
  const std::uint64_t bar_cfa = article::main_cfa - 0x30;

  Step& called = b.step(Cause::call);
  called.file = "/home/you/frames.rs";
  called.line = 7;
  called.function = main_function;
  called.pc = {0x55555555b104};
  called.sp = {bar_cfa};
  const FrameId runtime = article::push_runtime(b);
  const FrameId main_frame = b.push({.function = main_function,
                                     .cfa = article::main_cfa,
                                     .return_address = 0x55555555c010,
                                     .pushed = 0x30,
                                     .size = 0x30,
                                     .call_site = {}});
  b.recording.steps.back().frame = main_frame;
  const VariableId x = b.variable(
      main_frame,
      {.name = "x", .type = i32, .cfa_offset = -0x10, .line = 7, .in_scope = false, .marked = true});
  const VariableId y = b.variable(
      main_frame,
      {.name = "y", .type = i32, .cfa_offset = -0x0c, .line = 8, .in_scope = false, .marked = true});

  b.line(8);
  b.write<std::int32_t>(article::main_cfa - 0x10, 5);
  b.enter_scope(x);

  Step& bar_called = b.step(Cause::call);
  bar_called.line = 2;
  bar_called.function = bar_function;
  bar_called.pc = {0x55555555b0e4};
  bar_called.sp = {bar_cfa - 8};
  const FrameId bar_frame = b.push({.function = bar_function,
                                    .cfa = bar_cfa,
                                    .return_address = 0x55555555b110,
                                    .pushed = 8,
                                    .size = 16,
                                    .call_site = CallSite{"/home/you/frames.rs", 8}});
  b.recording.steps.back().frame = bar_frame;
  b.variable(bar_frame,
             {.name = "j", .type = i32, .cfa_offset = -0x10, .line = 1, .kind = VariableKind::parameter});
  b.write<std::int32_t>(bar_cfa - 0x10, 5);
  const VariableId k = b.variable(
      bar_frame,
      {.name = "k", .type = i32, .cfa_offset = -0x0c, .line = 2, .in_scope = false, .marked = true});

  b.line(3);
  b.write<std::int32_t>(bar_cfa - 0x0c, 20);
  b.enter_scope(k);

  Step& returned = b.step(Cause::returned);  // frame and function name the frame that returned
  returned.line = 8;
  returned.pc = {0x55555555b110};
  returned.sp = {bar_cfa};
  returned.rax = 25;
  returned.rdx = 0;
  b.pop(bar_frame);

  Step& after = b.line(9);
  after.frame = main_frame;
  after.function = main_function;
  b.write<std::int32_t>(article::main_cfa - 0x0c, 25);
  b.enter_scope(y);

  Step& main_returned = b.step(Cause::returned);
  main_returned.file.clear();
  main_returned.line = 0;
  main_returned.pc = {0x55555555c010};
  main_returned.sp = {article::main_cfa};
  main_returned.rax = 0;
  main_returned.rdx = 0;
  b.pop(main_frame);

  article::exit_with(b, 0);
  b.pop(runtime);
  return std::move(b.recording);
}

// let x = Box::new(5); let y = 34;
//   0 start · 1 call main (2) · 2 alloc #1 · 3 line 3 (x points to the 5) · 4 line 4 (y is 34) · 5 line 5 ·
//   6 free #1 · 7 return of main · 8 exit 0
inline Recording article_box_recording() {
  RecordingBuilder b;
  article::begin(b);
  b.source("/home/you/box.rs",
           "fn main() {\n    let x = Box::new(5);\n    let y = 34;\n    println!(\"{x} {y}\");\n}\n");
  const TypeId i32 = b.i32();
  const TypeId box = b.box_of(i32);
  const FunctionId main_function = b.function("article::main", "/home/you/box.rs", 1);
  const FunctionId box_new =
      b.function("alloc::boxed::Box<i32>::new", "/rustc/library/alloc/src/boxed.rs", 250, false);
  const FunctionId drop = b.function("core::ptr::drop_in_place::<alloc::boxed::Box<i32>>",
                                     "/rustc/library/core/src/ptr/mod.rs", 500, false);

  Step& called = b.step(Cause::call);
  called.file = "/home/you/box.rs";
  called.line = 2;
  called.function = main_function;
  called.pc = {0x55555555b104};
  called.sp = {article::main_cfa - 0x60};
  const FrameId runtime = article::push_runtime(b);
  const FrameId main_frame = b.push({.function = main_function,
                                     .cfa = article::main_cfa,
                                     .return_address = 0x55555555c010,
                                     .pushed = 0x60,
                                     .size = 0x60,
                                     .call_site = {}});
  b.recording.steps.back().frame = main_frame;
  const VariableId x = b.variable(
      main_frame,
      {.name = "x", .type = box, .cfa_offset = -0x20, .line = 2, .in_scope = false, .marked = true});
  const VariableId y = b.variable(
      main_frame,
      {.name = "y", .type = i32, .cfa_offset = -0x14, .line = 3, .in_scope = false, .marked = true});

  b.step(Cause::alloc);
  const BlockId block = b.alloc(article::heap_block, 4);
  b.recording.steps.back().block = block;
  b.recording.blocks.back().stack = {{box_new, "/rustc/library/alloc/src/boxed.rs", 251, {0x55555555d210}},
                                     {main_function, "/home/you/box.rs", 2, {0x55555555b10c}}};

  b.line(3);
  b.recording.steps.back().block.reset();
  b.write<std::int32_t>(article::heap_block, 5);
  b.write<std::uint64_t>(article::main_cfa - 0x20, article::heap_block);
  b.enter_scope(x);

  b.line(4);
  b.write<std::int32_t>(article::main_cfa - 0x14, 34);
  b.enter_scope(y);

  b.line(5);

  b.step(Cause::free).block = block;
  b.recording.blocks.back().free_stack = {{drop, "/rustc/library/core/src/ptr/mod.rs", 507, {0x55555555d310}},
                                          {main_function, "/home/you/box.rs", 5, {0x55555555b150}}};
  b.free(block);
  b.leave_scope(x);
  b.leave_scope(y);

  Step& returned = b.step(Cause::returned);
  returned.file.clear();
  returned.line = 0;
  returned.pc = {0x55555555c010};
  returned.sp = {article::main_cfa};
  returned.rax = 0;
  returned.rdx = 0;
  b.pop(main_frame);

  article::exit_with(b, 0);
  b.pop(runtime);
  return std::move(b.recording);
}

}  // namespace situ
