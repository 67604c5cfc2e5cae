// What a function returned: from the registers the calling convention names (psABI x86-64 §3.2.3), else from
// the caller's variable that received it.
#include <algorithm>
#include <array>

#include "decode/decoder.h"
#include "decode/shapes.h"
#include "decode/source_words.h"

namespace situ {
namespace {

constexpr std::uint64_t two_registers = 16;
constexpr int deepest = 12;

enum class Class : std::uint8_t { none, integer, sse, memory };

Class merged(Class a, Class b) {
  if (a == b || b == Class::none) return a;
  if (a == Class::none) return b;
  if (a == Class::memory || b == Class::memory) return Class::memory;
  return Class::integer;  // INTEGER wins over SSE
}

// psABI §3.2.3, for values of at most two eightbytes.
class Classes {
 public:
  explicit Classes(const Recording& recording) : recording_(recording) {}

  void add(TypeId id, std::uint64_t offset, int depth = deepest) {
    const TypeId plain = without_aliases(recording_, id);
    const Type& type = recording_.at(plain);
    const std::uint64_t size = type.size.value_or(0);
    if (depth <= 0 || !type.size || offset + size > two_registers) return put(offset, Class::memory);
    // Classes with a destructor or copy constructor of their own are returned in memory.
    if (shape_of(recording_, plain)) return put(offset, Class::memory);
    switch (type.kind) {
      case TypeKind::base:
        if (type.encoding == Encoding::none) break;
        if (type.encoding == Encoding::floating) {
          put(offset, size > 8 ? Class::memory : Class::sse);
        } else {
          put(offset, Class::integer);
          if (size > 8) put(offset + 8, Class::integer);
        }
        break;
      case TypeKind::pointer:
      case TypeKind::reference:
      case TypeKind::rvalue_reference:
      case TypeKind::enumeration:
        put(offset, Class::integer);
        break;
      case TypeKind::member_pointer:
        put(offset, Class::integer);
        if (size > 8) put(offset + 8, Class::integer);
        break;
      case TypeKind::array: {
        const std::uint64_t count = type.count.value_or(0);
        if (!type.element || count > two_registers) return put(offset, Class::memory);
        const std::uint64_t element =
            recording_.at(without_aliases(recording_, *type.element)).size.value_or(0);
        for (std::uint64_t i = 0; i < count; ++i) add(*type.element, offset + i * element, depth - 1);
        break;
      }
      case TypeKind::record:
      case TypeKind::union_type:
        for (const Field& field : type.fields) {
          if (field.artificial) return put(offset, Class::memory);  // virtual functions
          const std::uint64_t bits = field.bit_size ? field.bit_position / 8 : 0;
          if (field.bit_size) {
            put(offset + field.offset + bits, Class::integer);
          } else {
            add(field.type, offset + field.offset, depth - 1);
          }
        }
        break;
      default:
        put(offset, Class::memory);
    }
  }

  std::array<Class, 2> all{Class::none, Class::none};

 private:
  void put(std::uint64_t offset, Class one) {
    Class& part = all[offset >= 8 ? 1 : 0];
    part = merged(part, one);
  }

  const Recording& recording_;
};

// Rust's own convention is not C's: provable are single scalars, thin pointers, and pairs of two words that
// are a fat pointer.
bool rust_register_value(const Recording& recording, const Type& type) {
  switch (type.kind) {
    case TypeKind::base:
      return type.encoding != Encoding::none;
    case TypeKind::pointer:
    case TypeKind::enumeration:
      return true;
    case TypeKind::record: {
      const auto data = find_named(recording, type, "data_ptr");
      return type.size == two_registers && type.fields.size() == 2 && data && data->offset == 0;
    }
    default:
      return false;
  }
}

// An eightbyte of class SSE, or a whole value of 16 bytes, in xmm0 or xmm1.
template <std::size_t size>
bool take_bytes(std::span<std::byte> into, const std::optional<std::array<std::byte, size>>& from) {
  if (from) std::ranges::copy(std::span(*from).first(std::min(size, into.size())), into.begin());
  return from.has_value();
}

bool is_floating(const Type& type) {
  return type.kind == TypeKind::base && type.encoding == Encoding::floating;
}

}  // namespace

std::optional<Value> Decoder::Impl::return_value(StepIndex index) {
  const Step& step = recording_.steps[index];
  if (step.cause != Cause::returned || !step.function) return std::nullopt;
  prepare(index);
  const auto declared = recording_.at(*step.function).return_type;
  if (!declared) return std::nullopt;
  const auto value = returned_in_registers(index, *declared);
  return value ? value : received(index, *declared);
}

std::optional<Value> Decoder::Impl::returned_in_registers(StepIndex index, TypeId declared) {
  const Step& step = recording_.steps[index];
  if (!step.rax) return std::nullopt;
  const Type& type = recording_.at(without_aliases(recording_, declared));
  const MemoryAtStep memory(recording_.memory, index);
  const std::uint64_t size = type.size.value_or(0);
  std::array<std::uint64_t, 2> words{};
  const auto decoded = [&] {
    const auto raw = std::as_bytes(std::span(words)).first(size);
    return decode_value(raw, declared, {recording_, memory, std::nullopt, options_, {}});
  };
  if (type.language == Language::rust) {
    if (!rust_register_value(recording_, type) || size > (step.rdx ? two_registers : 8)) return std::nullopt;
    words = {*step.rax, step.rdx.value_or(0)};
    const auto vector = std::as_writable_bytes(std::span(words));
    if (is_floating(type) && !take_bytes(vector, step.xmm0)) return std::nullopt;
    return decoded();
  }
  const auto in_memory = [&]() -> std::optional<Value> {
    if (type.kind != TypeKind::record && type.kind != TypeKind::union_type) return std::nullopt;
    return decode_value({}, declared, {recording_, memory, Address{*step.rax}, options_, {}});
  };
  if (size == 0) return std::nullopt;
  if (size > two_registers) return in_memory();
  if (is_floating(type) && size > 8) {  // x87's eighty bits, or a vector register's whole width
    const auto whole = std::as_writable_bytes(std::span(words));
    const bool x87 = type.name == "long double";
    const bool known = x87 ? take_bytes(whole, step.st0) : take_bytes(whole, step.xmm0);
    return known ? std::optional(decoded()) : std::nullopt;
  }
  Classes classes(recording_);
  classes.add(declared, 0);
  if (classes.all[0] == Class::memory || classes.all[1] == Class::memory) return in_memory();
  const std::array<std::optional<std::uint64_t>, 2> integers = {step.rax, step.rdx};
  std::size_t used = 0, vectors = 0;
  for (std::size_t i = 0; i * 8 < size; ++i) {
    if (classes.all[i] == Class::none) continue;  // padding
    if (classes.all[i] == Class::sse) {
      const auto word = std::as_writable_bytes(std::span(words)).subspan(i * 8, 8);
      if (!take_bytes(word, vectors++ == 0 ? step.xmm0 : step.xmm1)) return std::nullopt;
      continue;
    }
    if (!integers[used]) return std::nullopt;
    words[i] = *integers[used++];
  }
  // Whether a small class is returned in memory depends on its copy constructor, which debug info need not
  // tell. Then rax is the address of a place in the caller's frame.
  const bool small_class = type.kind == TypeKind::record && type.language == Language::cpp;
  if (small_class && is_stack_above(Address{*step.rax}, step.sp)) {
    const auto leads = [&](const Field& field) {
      return field.offset == 0 &&
             recording_.at(without_aliases(recording_, field.type)).kind == TypeKind::pointer;
    };
    return std::ranges::any_of(type.fields, leads) ? std::nullopt : in_memory();
  }
  return decoded();
}

bool Decoder::Impl::is_stack_above(Address address, Address sp) const {
  const auto region = judge_.region_at(address);
  if (!region) return false;
  const RegionKind kind = recording_.at(*region).kind;
  return (kind == RegionKind::stack || kind == RegionKind::alternate_stack) && address >= sp;
}

// The caller's variable of that type that is written by the line that called, before it calls anyone else.
std::optional<Value> Decoder::Impl::received(StepIndex index, TypeId declared) {
  const Step& step = recording_.steps[index];
  if (!step.frame) return std::nullopt;
  const auto caller = recording_.at(*step.frame).caller;
  const auto& site = recording_.at(*step.frame).call_site;
  if (!caller || !site) return std::nullopt;
  const Lifetime& life = recording_.at(*caller).life;
  for (StepIndex next = index + 1; next < recording_.steps.size() && life.alive_at(next); ++next) {
    const Step& later = recording_.steps[next];
    if (later.thread != step.thread) continue;
    if (later.cause == Cause::call || later.cause == Cause::returned) return std::nullopt;
    if (later.cause != Cause::line || later.frame != caller) continue;
    if (later.line == site->line && later.file == site->file) continue;  // not yet through with its line
    std::optional<VariableId> found;
    for (const VariableId id : timeline_.variables_of(*caller)) {
      const Variable& variable = recording_.at(id);
      if (variable.compiler_made || !variable.type ||
          without_aliases(recording_, *variable.type) != without_aliases(recording_, declared)) {
        continue;
      }
      const std::string_view line = rewrites_.source_line(site->file, site->line);
      const bool takes = assigns(line, variable.name) || variable.line == site->line;
      if (!takes || variables_.locate(id, next).state != VariableState::live) continue;
      if (found) return std::nullopt;
      found = id;
    }
    if (!found) return std::nullopt;
    Value value = variables_.read(*found, next).value;
    return value.kind == ValueKind::unavailable ? std::nullopt : std::optional(value);
  }
  return std::nullopt;
}

}  // namespace situ
