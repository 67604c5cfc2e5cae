// The sentence for a step, with the real numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "decode/decoder.h"
#include "decode/escape.h"
#include "decode/shapes.h"
#include "decode/slots.h"

namespace situ {
namespace {

constexpr std::size_t changes_told = 3;
constexpr std::size_t longest_value = 60;

std::string counted(std::uint64_t number, std::string_view one) {
  return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

std::string hex(Address address) {
  return fmt::format("0x{:x}", address.value);
}

std::string signal_text(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

// At most `longest_value` characters, cut between them.
std::string short_text(std::string text) {
  if (text.size() <= longest_value) return text;
  std::size_t end = longest_value;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

std::string trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  const auto last = line.find_last_not_of(" \t\r");
  return first == std::string_view::npos ? "" : std::string(line.substr(first, last - first + 1));
}

std::string list_of(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text;
}

class Narrator {
 public:
  Narrator(const Recording& recording, Rewrites& rewrites, const Timeline& timeline,
           const VariableReader& variables, const BlockTypes& types, StepIndex index)
      : recording_(recording),
        rewrites_(rewrites),
        timeline_(timeline),
        variables_(variables),
        types_(types),
        index_(index),
        step_(recording.steps[index]) {}

  std::string function() const {
    return step_.function ? plain_function_name(recording_.at(*step_.function).name) : "a function";
  }

  std::string start() const {
    const std::string& path = recording_.program.path;
    const auto slash = path.rfind('/');
    const std::string name = printable(slash == std::string::npos ? path : path.substr(slash + 1));
    return fmt::format("{} starts at {}: none of its own code has run yet",
                       name.empty() ? "the program" : name, hex(step_.pc));
  }

  template <class CopiedFrom>
  std::string call(CopiedFrom copied_from) const {
    if (!step_.frame) return function() + " is called";
    const Frame& frame = recording_.at(*step_.frame);
    std::vector<std::string> arguments, copies;
    for (const VariableId id : timeline_.variables_of(*step_.frame)) {
      const Variable& variable = recording_.at(id);
      if (variable.compiler_made || variable.kind != VariableKind::parameter) continue;
      const VariableNow now = variables_.read(id, index_);
      const std::string name = printable(variable.name);
      arguments.push_back(name + " = " + short_text(now.value.text));
      const std::optional<VariableId> source = copied_from(id);
      if (!source || !recording_.at(*source).frame) continue;
      const Frame& owner = recording_.at(*recording_.at(*source).frame);
      const std::string whose =
          owner.function ? plain_function_name(recording_.at(*owner.function).name) : "the caller";
      copies.push_back(
          fmt::format("{} is a copy of {}'s {}", name, whose, printable(recording_.at(*source).name)));
    }
    std::string text = function() + (frame.inlined ? " is entered" : " is called");
    if (!arguments.empty()) text += " with " + list_of(arguments);
    text += ": " + pushed(frame);
    if (!copies.empty()) text += "; " + list_of(copies);
    return text;
  }

  std::string line() const {
    if (step_.file.empty() || step_.line == 0) return "the next instruction is about to run";
    std::string text = fmt::format("line {} is about to run", step_.line);
    const std::string source = printable(trimmed(rewrites_.source_line(step_.file, step_.line)));
    if (!source.empty()) text += ": `" + source + "`";
    const std::string news = changes();
    return news.empty() ? text : text + "; " + news;
  }

  std::string returned(const std::optional<Value>& value) const {
    std::string text = function() + " returns";
    if (value && value->kind != ValueKind::unavailable && value->kind != ValueKind::unit) {
      text += " " + short_text(value->text);
    }
    if (!step_.frame) return text;
    const Frame& frame = recording_.at(*step_.frame);
    if (frame.inlined) return text + " (it was inlined: nothing is popped)";
    const FrameShape shape = frame_shape(frame, index_);
    if (shape.size == 0) return text;
    return fmt::format("{}: its {} {} popped", text, counted(shape.size, "byte"),
                       shape.size == 1 ? "is" : "are");
  }

  std::string allocated() const {
    if (!step_.block) return "memory is allocated";
    const Block& block = recording_.at(*step_.block);
    const BlockSize* size = size_at(block, index_);
    const std::uint64_t requested = size ? size->requested : 0;
    const std::string label = block_label(block);
    const HeapOp op = last_op(*step_.block).value_or(block.by);
    std::string head = fmt::format("{} requested from {}: ", counted(requested, "byte"), heap_op_name(op));
    if (const Block* old = moved_here(*step_.block, op)) {
      const BlockSize* before = size_at(*old, index_);
      head += fmt::format("block {} ({}) moves, and is now block {} at {}", block_label(*old),
                          counted(before ? before->requested : 0, "byte"), label, hex(block.address));
    } else if (block.life.born < index_ && block.sizes.size() > 1) {
      const std::uint64_t before = block.sizes[block.sizes.size() - 2].requested;
      head += fmt::format("block {} at {} {} in place, from {}", label, hex(block.address),
                          requested < before ? "shrinks" : "grows", counted(before, "byte"));
    } else {
      head += fmt::format("block {} at {}", label, hex(block.address));
    }
    if (size && size->usable > 0) {
      head += fmt::format(" ({} usable, chunk {})", size->usable, size->chunk);
    }
    if (const auto content = what_for(*step_.block); !content.empty()) head += ", for " + content;
    return head;
  }

  std::string freed() const {
    if (!step_.block) return "memory is freed";
    const Block& block = recording_.at(*step_.block);
    const BlockSize* size = size_at(block, index_);
    std::string text = fmt::format("block {} ({} at {}) is freed", block_label(block),
                                   counted(size ? size->requested : 0, "byte"), hex(block.address));
    if (const std::string who = freeing_function(block); !who.empty()) text += " by " + who;
    return text;
  }

  std::string signalled() const {
    if (!step_.signal) return "a signal arrives";
    std::string text = signal_text(step_.signal->number) + " arrives";
    if (step_.function) text += " in " + function();
    if (step_.signal->address) text += "; the address is " + hex(*step_.signal->address);
    return text;
  }

  std::string thread(std::string_view verb) const {
    if (step_.thread.value >= recording_.threads.size()) return fmt::format("a thread {}", verb);
    const Thread& thread = recording_.at(step_.thread);
    const std::string name = thread.name.empty() ? "" : " \"" + printable(thread.name) + "\"";
    return fmt::format("thread {}{} {}", thread.tid, name, verb);
  }

  std::string exit() const {
    std::string text = "the program ends";
    if (step_.exit && step_.exit->signal) {
      text = "the program is ended by " + signal_text(*step_.exit->signal);
    } else if (step_.exit && step_.exit->code) {
      text = fmt::format("the program exits with status {}", *step_.exit->code);
    }
    std::uint64_t blocks = 0, bytes = 0;
    for (const auto& [address, id] : timeline_.live_blocks()) {
      const Block& block = recording_.at(id);
      if (!block.user) continue;
      ++blocks;
      if (const BlockSize* size = size_at(block, index_)) bytes += size->requested;
    }
    if (blocks == 0) return text;
    return fmt::format("{}; {} ({}) {} never freed", text, counted(blocks, "block"), counted(bytes, "byte"),
                       blocks == 1 ? "was" : "were");
  }

 private:
  std::string pushed(const Frame& frame) const {
    if (frame.inlined) return "it was inlined, nothing is pushed";
    const FrameShape shape = frame_shape(frame, index_);
    if (shape.pushed == 0) return fmt::format("its frame begins at {}", hex(frame.cfa));
    std::string text = fmt::format("{} {} pushed at {}", counted(shape.pushed, "byte"),
                                   shape.pushed == 1 ? "is" : "are", hex(frame.cfa - shape.pushed));
    if (shape.size > shape.pushed) {
      text += fmt::format(", {} more lie below the stack pointer", shape.size - shape.pushed);
    }
    return text;
  }

  // What the frame's variables hold that they did not hold at the step before.
  std::string changes() const {
    if (!step_.frame || index_ == 0) return {};
    std::vector<std::string> parts;
    std::size_t more = 0;
    for (const VariableId id : timeline_.variables_of(*step_.frame)) {
      const Variable& variable = recording_.at(id);
      if (variable.compiler_made || variable.life.born >= index_) continue;
      const VariableNow now = variables_.read(id, index_);
      if (now.state != VariableState::live) continue;
      const VariableNow before = variables_.read(id, index_ - 1);
      const bool had = before.state == VariableState::live || before.state == VariableState::ended;
      if (had && before.value.text == now.value.text) continue;
      if (parts.size() == changes_told) {
        ++more;
        continue;
      }
      parts.push_back(printable(variable.name) + " is now " + short_text(now.value.text));
    }
    if (more > 0) parts.push_back(fmt::format("{} more changed", counted(more, "variable")));
    return list_of(parts);
  }

  std::optional<HeapOp> last_op(BlockId block) const {
    std::optional<HeapOp> op;
    auto event = std::ranges::lower_bound(recording_.events, index_, {}, &HeapEvent::step);
    for (; event != recording_.events.end() && event->step == index_; ++event) {
      if (event->block == block && !releases(event->op)) op = event->op;
    }
    return op;
  }

  const Block* moved_here(BlockId id, HeapOp op) const {
    if (op != HeapOp::realloc && op != HeapOp::reallocarray) return nullptr;
    const auto old = std::ranges::find(recording_.blocks, std::optional(id), &Block::moved_to);
    return old == recording_.blocks.end() ? nullptr : &*old;
  }

  std::string what_for(BlockId id) const {
    const BlockContent& content = types_.of(id);
    if (content.is_text) return "text";
    if (!content.type) return {};
    const std::string name = printable(recording_.at(*content.type).name);
    if (name.empty()) return {};
    const BlockSize* size = size_at(recording_.at(id), index_);
    const std::uint64_t element = recording_.at(without_aliases(recording_, *content.type)).size.value_or(0);
    const std::uint64_t fit = size && element > 0 ? size->requested / element : 1;
    if (content.counted || content.count > 1) return fmt::format("{} × {}", fit, name);
    return fmt::format("one {}", name);
  }

  // The innermost of the user's functions in the chain that freed it; else the innermost known one.
  std::string freeing_function(const Block& block) const {
    std::string any;
    for (const StackLine& line : block.free_stack) {
      if (!line.function) continue;
      const Function& function = recording_.at(*line.function);
      const std::string name = plain_function_name(function.name);
      if (function.user) {
        return line.line > 0 ? fmt::format("{}, line {}", name, line.line) : name;
      }
      if (any.empty()) any = name;
    }
    return any;
  }

  const Recording& recording_;
  Rewrites& rewrites_;
  const Timeline& timeline_;
  const VariableReader& variables_;
  const BlockTypes& types_;
  StepIndex index_;
  const Step& step_;
};

// What two registers hold a value of this type: integers, addresses, and Rust's fat pointers. Floating point
// values come back in registers that are not recorded, small records by rules that differ between languages.
bool comes_in_integer_registers(const Recording& recording, const Type& type) {
  switch (type.kind) {
    case TypeKind::base:
      return type.encoding != Encoding::floating && type.encoding != Encoding::none;
    case TypeKind::pointer:
    case TypeKind::reference:
    case TypeKind::rvalue_reference:
    case TypeKind::enumeration:
      return true;
    case TypeKind::record: {
      const auto data = find_named(recording, type, "data_ptr");
      return type.language == Language::rust && type.size == 16 && type.fields.size() == 2 && data &&
             data->offset == 0;
    }
    default:
      return false;
  }
}

}  // namespace

std::optional<Value> Decoder::Impl::return_value(StepIndex index) {
  const Step& step = recording_.steps[index];
  if (step.cause != Cause::returned || !step.function || !step.rax) return std::nullopt;
  const auto declared = recording_.at(*step.function).return_type;
  if (!declared) return std::nullopt;
  const Type& type = recording_.at(without_aliases(recording_, *declared));
  const MemoryAtStep memory(recording_.memory, index);
  const std::uint64_t size = type.size.value_or(0);
  const std::array<std::uint64_t, 2> registers = {*step.rax, step.rdx.value_or(0)};
  const auto raw = std::as_bytes(std::span(registers));
  if (comes_in_integer_registers(recording_, type) && size <= (step.rdx ? 16u : 8u)) {
    return decode_value(raw.first(size), *declared, {recording_, memory, std::nullopt, options_, {}});
  }
  // psABI x86-64 §3.2.3: rax holds the address of a value returned in memory.
  const bool in_memory = size > 16 && type.kind == TypeKind::record && type.language != Language::rust;
  if (!in_memory) return std::nullopt;
  return decode_value({}, *declared, {recording_, memory, Address{*step.rax}, options_, {}});
}

std::string Decoder::Impl::say(StepIndex index) {
  prepare(index);
  const Narrator narrator(recording_, rewrites_, timeline_, variables_, types_, index);
  switch (recording_.steps[index].cause) {
    case Cause::start:
      return narrator.start();
    case Cause::call:
      return narrator.call([this](VariableId id) { return copied_from(id); });
    case Cause::line:
      return narrator.line();
    case Cause::returned:
      return narrator.returned(return_value(index));
    case Cause::alloc:
      return narrator.allocated();
    case Cause::free:
      return narrator.freed();
    case Cause::signal:
      return narrator.signalled();
    case Cause::thread_start:
      return narrator.thread("starts");
    case Cause::thread_exit:
      return narrator.thread("ends");
    case Cause::exec:
      return "the program replaces itself with another (exec)";
    case Cause::exit:
      return narrator.exit();
  }
  return {};
}

}  // namespace situ
