// Recordings made by hand, for tests of everything that reads them: types, frames, variables, blocks, memory
// and steps, without a process. What is added belongs to the newest step.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "model/recording.h"

namespace situ {

class RecordingBuilder {
 public:
  Recording recording;
  Language language = Language::rust;

  RecordingBuilder() {
    recording.program.path = "/tmp/program";
    recording.program.arguments = {"program"};
    for (std::size_t i = 0; i < 8; ++i) recording.mark.bytes[i] = std::byte(0xd1 + 2 * i);
  }

  // ---- types
  TypeId type(Type made) {
    if (made.language == Language::unknown) made.language = language;
    recording.types.push_back(std::move(made));
    return last_id<TypeId>(recording.types);
  }
  static Type blank(std::string name, TypeKind kind, std::optional<std::uint64_t> size) {
    Type made;
    made.name = std::move(name);
    made.kind = kind;
    made.size = size;
    return made;
  }
  TypeId base(std::string name, std::uint64_t size, Encoding encoding) {
    Type made = blank(std::move(name), TypeKind::base, size);
    made.encoding = encoding;
    return type(std::move(made));
  }
  TypeId i32() { return base(language == Language::rust ? "i32" : "int", 4, Encoding::signed_int); }
  TypeId u8() { return base(language == Language::rust ? "u8" : "unsigned char", 1, Encoding::unsigned_int); }
  TypeId usize() {
    return base(language == Language::rust ? "usize" : "unsigned long", 8, Encoding::unsigned_int);
  }
  TypeId pointer(std::string name, std::optional<TypeId> target) {
    Type made = blank(std::move(name), TypeKind::pointer, 8);
    made.target = target;
    return type(std::move(made));
  }
  TypeId box_of(TypeId target) {
    return pointer("alloc::boxed::Box<" + recording.at(target).name + ", alloc::alloc::Global>", target);
  }
  TypeId array(TypeId element, std::uint64_t count) {
    Type made = blank("[" + recording.at(element).name + "; " + std::to_string(count) + "]", TypeKind::array,
                      recording.at(element).size.value_or(0) * count);
    made.element = element;
    made.count = count;
    return type(std::move(made));
  }
  TypeId record(std::string name, std::uint64_t size, std::vector<Field> fields,
                std::vector<TemplateArgument> arguments = {}) {
    Type made = blank(std::move(name), TypeKind::record, size);
    made.fields = std::move(fields);
    made.template_arguments = std::move(arguments);
    return type(std::move(made));
  }
  static Field field(std::string name, std::uint64_t offset, TypeId field_type) {
    Field made;
    made.name = std::move(name);
    made.offset = offset;
    made.type = field_type;
    return made;
  }

  // ---- the program
  FunctionId function(std::string name, std::string file, std::uint32_t line, bool user = true) {
    recording.functions.push_back({.name = std::move(name),
                                   .linkage_name = {},
                                   .file = std::move(file),
                                   .line = line,
                                   .language = language,
                                   .module = {},
                                   .user = user});
    return last_id<FunctionId>(recording.functions);
  }
  RegionId region(RegionKind kind, std::uint64_t low, std::uint64_t high,
                  std::optional<ThreadId> owner = {}) {
    recording.regions.push_back(
        {.kind = kind, .range = {{low}, {high}}, .thread = owner, .module = {}, .life = {}});
    return last_id<RegionId>(recording.regions);
  }
  ThreadId thread(int tid, std::string name, std::uint64_t stack_low, std::uint64_t stack_high) {
    recording.threads.push_back({.tid = tid, .name = std::move(name), .stacks = {}, .life = {now(), {}}});
    const ThreadId id = last_id<ThreadId>(recording.threads);
    recording.threads.back().stacks.push_back(region(RegionKind::stack, stack_low, stack_high, id));
    return id;
  }
  void source(std::string file, std::string text) {
    recording.sources.push_back({std::move(file), std::move(text)});
  }

  // ---- steps: fields that are not given are those of the step before
  Step& step(Cause cause) {
    Step made;
    if (!recording.steps.empty()) {
      const Step& before = recording.steps.back();
      made.thread = before.thread;
      made.frame = before.frame;
      made.function = before.function;
      made.file = before.file;
      made.line = before.line;
      made.pc = before.pc + 4;
      made.sp = before.sp;
    }
    made.index = static_cast<StepIndex>(recording.steps.size());
    made.cause = cause;
    recording.steps.push_back(made);
    return recording.steps.back();
  }
  Step& line(std::uint32_t number) {
    Step& made = step(Cause::line);
    made.line = number;
    return made;
  }
  StepIndex now() const {
    return recording.steps.empty() ? 0 : static_cast<StepIndex>(recording.steps.size() - 1);
  }

  // ---- frames and variables
  struct NewFrame {
    FunctionId function;
    std::uint64_t cfa = 0;
    std::uint64_t return_address = 0;
    std::uint64_t pushed = 8;
    std::uint64_t size = 0;  // 0: pushed
    std::optional<CallSite> call_site;
  };
  // Pushes a frame on the newest step's thread, called by that thread's newest living frame.
  FrameId push(const NewFrame& wanted) {
    const ThreadId owner = recording.steps.empty() ? ThreadId{} : recording.steps.back().thread;
    Frame made;
    made.thread = owner;
    made.stack =
        recording.at(owner).stacks.empty() ? std::nullopt : std::optional(recording.at(owner).stacks.front());
    for (std::uint32_t i = 0; i < recording.frames.size(); ++i) {
      if (recording.frames[i].thread == owner && !recording.frames[i].life.died) {
        made.caller = FrameId{i};
        made.depth = recording.frames[i].depth + 1;
      }
    }
    made.function = wanted.function;
    made.user = recording.at(wanted.function).user;
    made.cfa = {wanted.cfa};
    made.return_address = Address{wanted.return_address};
    made.call_site = wanted.call_site;
    made.extents.push_back(
        {.pushed = wanted.pushed, .size = wanted.size ? wanted.size : wanted.pushed, .life = {now(), {}}});
    made.life = {now(), {}};
    recording.frames.push_back(made);
    write<std::uint64_t>(wanted.cfa - 8, wanted.return_address);
    return last_id<FrameId>(recording.frames);
  }
  // Ends the frame and all it holds at the newest step.
  void pop(FrameId id, EndedBy how = EndedBy::returned) {
    Frame& frame = recording.frames[id.value];
    frame.ended_by = how;
    end(frame.life);
    for (auto& part : frame.extents) end(part.life);
    for (auto& part : frame.saved_registers) end(part.life);
    for (auto& part : frame.registers) end(part.life);
    for (Variable& variable : recording.variables) {
      if (variable.frame != id) continue;
      end(variable.life);
      for (Place& place : variable.places) end(place.life);
      for (Lifetime& scope : variable.in_scope) end(scope);
    }
  }
  struct NewVariable {
    std::string name;
    TypeId type;
    std::int64_t cfa_offset = 0;
    std::uint32_t line = 0;
    VariableKind kind = VariableKind::local;
    bool in_scope = true;
    bool marked = false;  // fill its slot with the mark
  };
  VariableId variable(FrameId owner, const NewVariable& wanted) {
    Frame& frame = recording.frames[owner.value];
    const std::uint64_t size = recording.at(wanted.type).size.value_or(0);
    const Address at = frame.cfa + static_cast<std::uint64_t>(wanted.cfa_offset);
    Place place;
    place.kind = PlaceKind::stack;
    place.address = at;
    place.frame = owner;
    place.cfa_offset = wanted.cfa_offset;
    place.size = size;
    place.life = {now(), {}};
    Variable made;
    made.frame = owner;
    made.name = wanted.name;
    made.type = wanted.type;
    made.kind = wanted.kind;
    made.file = recording.at(*frame.function).file;
    made.line = wanted.line;
    made.places.push_back(place);
    if (wanted.in_scope) made.in_scope.push_back({now(), {}});
    made.life = frame.life;
    recording.variables.push_back(made);
    if (wanted.marked) mark(owner, at.value, size);
    return last_id<VariableId>(recording.variables);
  }
  void mark(FrameId owner, std::uint64_t from, std::uint64_t size) {
    std::vector<std::byte> filled(size);
    for (std::uint64_t i = 0; i < size; ++i) filled[i] = recording.mark.at(Address{from + i});
    recording.frames[owner.value].marks.push_back(
        {.from = {from}, .replaced = std::vector<std::byte>(size, std::byte{0})});
    recording.memory.write(now(), {from}, filled);
  }
  void enter_scope(VariableId id) { recording.variables[id.value].in_scope.push_back({now(), {}}); }
  void leave_scope(VariableId id) {
    for (Lifetime& scope : recording.variables[id.value].in_scope) end(scope);
  }

  // ---- the heap
  // A user block as glibc hands it out, with the next number.
  BlockId alloc(std::uint64_t address, std::uint64_t requested, HeapOp by = HeapOp::malloc) {
    const std::uint64_t chunk = std::max<std::uint64_t>(32, (requested + 8 + 15) / 16 * 16);
    Block made;
    made.address = {address};
    made.sizes.push_back({.requested = requested, .usable = chunk - 8, .chunk = chunk, .life = {now(), {}}});
    made.by = by;
    made.thread = recording.steps.empty() ? ThreadId{} : recording.steps.back().thread;
    made.user = true;
    made.header = chunk | 1;
    std::uint32_t number = 1;
    for (const Block& block : recording.blocks) {
      if (block.user) ++number;
      if (block.address == made.address) ++made.tenant;
    }
    made.number = number;
    made.life = {now(), {}};
    recording.blocks.push_back(made);
    const BlockId id = last_id<BlockId>(recording.blocks);
    heap_event(by, id, requested, address);
    return id;
  }
  void free(BlockId id, HeapOp by = HeapOp::free) {
    Block& block = recording.blocks[id.value];
    block.freed_by = by;
    block.freed_by_thread = recording.steps.empty() ? ThreadId{} : recording.steps.back().thread;
    end(block.life);
    for (auto& size : block.sizes) end(size.life);
    heap_event(by, id, 0, block.address.value);
  }

  // ---- memory, at the newest step
  template <class T>
  void write(std::uint64_t address, const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    recording.memory.write(now(), {address}, std::as_bytes(std::span(&value, 1)));
  }
  void write_text(std::uint64_t address, std::string_view text) {
    recording.memory.write(now(), {address}, std::as_bytes(std::span(text.data(), text.size())));
  }

 private:
  template <class Identity, class List>
  static Identity last_id(const List& list) {
    return Identity{static_cast<std::uint32_t>(list.size() - 1)};
  }
  void end(Lifetime& life) const {
    if (!life.died) life.died = now();
  }
  void heap_event(HeapOp op, BlockId block, std::uint64_t requested, std::uint64_t address) {
    recording.events.push_back({.seq = recording.events.size(),
                                .step = now(),
                                .thread = recording.at(block).thread,
                                .op = op,
                                .block = block,
                                .requested = requested,
                                .address = {address}});
  }
};

}  // namespace situ
