// A stack machine over 64-bit words (DWARF 5 §2.5). Beside each word stands its origin: what the address was
// made of decides whether the place is the frame's, a static's or something a pointer led to.
#include <dwarf.h>

#include <algorithm>
#include <cstring>

#include "symbols/location.h"

namespace situ {
namespace {

constexpr std::size_t most_operations = 10'000;
constexpr std::size_t deepest_stack = 64;
constexpr int deepest_nesting = 4;  // entry_value in entry_value, frame bases
constexpr std::uint64_t largest_piece = 1 << 20;

// Ordered: combining two words takes the stronger origin.
enum class Origin : std::uint8_t { constant, static_data, thread_local_data, frame, pointer };

struct Word {
  std::uint64_t value = 0;
  Origin origin = Origin::constant;
};

Place nowhere(Why why) {
  Place place;
  place.kind = PlaceKind::nowhere;
  place.why = why;
  return place;
}

Place computed(std::vector<std::byte> bytes) {
  Place place;
  place.kind = PlaceKind::computed;
  place.size = bytes.size();
  place.value = std::move(bytes);
  return place;
}

Place at_address(Word word, std::optional<std::uint64_t> size) {
  Place place;
  place.address = Address{word.value};
  place.size = size;
  switch (word.origin) {
    case Origin::frame:
      place.kind = PlaceKind::stack;
      break;
    case Origin::static_data:
      place.kind = PlaceKind::static_data;
      break;
    case Origin::thread_local_data:
      place.kind = PlaceKind::thread_local_data;
      break;
    default:
      place.kind = PlaceKind::memory;
  }
  return place;
}

std::uint64_t sign_extend(std::uint64_t value, std::uint64_t bytes) {
  if (bytes == 0 || bytes >= 8) return value;
  const auto unused = static_cast<unsigned>(64 - bytes * 8);
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(value << unused) >> unused);
}

class Machine {
 public:
  Machine(const LocationContext& context, int depth) : context_(context), depth_(depth) {}

  Place run(const LocationExpression& expression, std::optional<std::uint64_t> size);

 private:
  struct Stop {
    Why why;
  };

  [[noreturn]] static void stop(Why why) { throw Stop{why}; }
  Place run_operations(const LocationExpression& expression, std::optional<std::uint64_t> size);
  void step(const LocationOp& op);
  void push(Word word) {
    if (stack_.size() == deepest_stack) stop(Why::unsupported_expression);
    stack_.push_back(word);
  }
  Word pop() {
    if (stack_.empty()) stop(Why::unsupported_expression);
    const Word top = stack_.back();
    stack_.pop_back();
    return top;
  }
  void pick(std::uint64_t from_top);
  void unary(std::uint8_t atom);
  void binary(std::uint8_t atom);
  void dereference(std::uint64_t size);
  void push_register(std::uint64_t number, std::uint64_t offset);
  void push_frame_base(std::uint64_t offset);
  void push_entry_value(const LocationExpression& nested);
  void convert(std::uint64_t size, std::uint64_t encoding);
  std::uint64_t register_value(std::uint64_t number) const;
  bool points_into_frame(std::uint64_t rbp) const;
  // The place that the operations since the last piece describe.
  Place current(std::optional<std::uint64_t> size);
  void add_piece(std::uint64_t bits, std::uint64_t bit_offset);
  std::size_t branch(const LocationExpression& expression, std::size_t from) const;
  void clear_current();

  const LocationContext& context_;
  int depth_;
  std::vector<Word> stack_;
  std::optional<std::uint64_t> register_;        // DW_OP_regN
  std::optional<std::vector<std::byte>> bytes_;  // implicit_value
  bool is_value_ = false;                        // stack_value
  std::optional<Why> failed_;                    // what the current piece needs cannot be had
  std::vector<PlacePiece> pieces_;
  std::uint64_t pieces_size_ = 0;
};

Place Machine::run(const LocationExpression& expression, std::optional<std::uint64_t> size) {
  try {
    return run_operations(expression, size);
  } catch (const Stop& stop) {
    return nowhere(stop.why);
  }
}

// Index of the next operation that ends a piece; expression.size(): there is none.
std::size_t end_of_piece(const LocationExpression& expression, std::size_t from) {
  while (from < expression.size() && expression[from].atom != DW_OP_piece &&
         expression[from].atom != DW_OP_bit_piece)
    ++from;
  return from;
}

Place Machine::run_operations(const LocationExpression& expression, std::optional<std::uint64_t> size) {
  if (expression.empty()) return nowhere(Why::optimized_out);
  if (context_.object) push({context_.object->value, Origin::pointer});
  std::size_t done = 0;
  for (std::size_t i = 0; i < expression.size();) {
    if (++done > most_operations) stop(Why::unsupported_expression);
    const LocationOp& op = expression[i];
    if (op.atom == DW_OP_skip || op.atom == DW_OP_bra) {
      const bool taken = op.atom == DW_OP_skip || pop().value != 0;
      i = taken ? branch(expression, i) : i + 1;
      continue;
    }
    try {
      step(op);
      ++i;
    } catch (const Stop& stop) {
      // The other pieces do not depend on this one.
      const std::size_t piece = end_of_piece(expression, i);
      if (piece == i || piece == expression.size()) throw;
      clear_current();
      failed_ = stop.why;
      i = piece;
    }
  }
  if (pieces_.empty()) return current(size);
  Place place;
  place.kind = PlaceKind::pieces;
  place.size = pieces_size_;
  place.pieces = std::move(pieces_);
  return place;
}

std::size_t Machine::branch(const LocationExpression& expression, std::size_t from) const {
  // DWARF 5 §2.5.1.5: the 2-byte distance counts from the end of the 3-byte operation.
  const auto distance = static_cast<std::int64_t>(sign_extend(expression[from].number & 0xffff, 2));
  const std::int64_t target = static_cast<std::int64_t>(expression[from].offset) + 3 + distance;
  for (std::size_t i = 0; i < expression.size(); ++i)
    if (static_cast<std::int64_t>(expression[i].offset) == target) return i;
  if (target > static_cast<std::int64_t>(expression.back().offset)) return expression.size();
  stop(Why::unsupported_expression);
}

void Machine::step(const LocationOp& op) {
  if (op.atom >= DW_OP_lit0 && op.atom <= DW_OP_lit31) return push({op.atom - std::uint64_t{DW_OP_lit0}});
  if (op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31) {
    register_ = op.atom - std::uint64_t{DW_OP_reg0};
    return;
  }
  if (op.atom >= DW_OP_breg0 && op.atom <= DW_OP_breg31)
    return push_register(op.atom - std::uint64_t{DW_OP_breg0}, op.number);
  switch (op.atom) {
    case DW_OP_nop:
      return;
    case DW_OP_addr:
      return push({op.number + context_.bias, Origin::static_data});
    case DW_OP_const1u:
    case DW_OP_const2u:
    case DW_OP_const4u:
    case DW_OP_const8u:
    case DW_OP_constu:
    case DW_OP_const8s:
    case DW_OP_consts:
      return push({op.number});
    case DW_OP_const1s:
      return push({sign_extend(op.number, 1)});
    case DW_OP_const2s:
      return push({sign_extend(op.number, 2)});
    case DW_OP_const4s:
      return push({sign_extend(op.number, 4)});
    case DW_OP_regx:
      register_ = op.number;
      return;
    case DW_OP_bregx:
      return push_register(op.number, op.number2);
    case DW_OP_fbreg:
      return push_frame_base(op.number);
    case DW_OP_call_frame_cfa:
      if (!context_.cfa) stop(Why::unreadable);
      return push({context_.cfa->value, Origin::frame});
    case DW_OP_push_object_address:
      if (!context_.object) stop(Why::unsupported_expression);
      return push({context_.object->value, Origin::pointer});
    case DW_OP_form_tls_address:
    case DW_OP_GNU_push_tls_address:
      if (!context_.tls_base) stop(Why::unreadable);
      return push({pop().value + context_.tls_base->value, Origin::thread_local_data});
    case DW_OP_entry_value:
    case DW_OP_GNU_entry_value:
      return push_entry_value(op.nested);
    case DW_OP_deref:
      return dereference(8);
    case DW_OP_deref_size:
      return dereference(op.number);
    case DW_OP_dup:
      return pick(0);
    case DW_OP_over:
      return pick(1);
    case DW_OP_pick:
      return pick(op.number);
    case DW_OP_drop:
      pop();
      return;
    case DW_OP_swap:
      if (stack_.size() < 2) stop(Why::unsupported_expression);
      std::swap(stack_[stack_.size() - 1], stack_[stack_.size() - 2]);
      return;
    case DW_OP_rot:
      if (stack_.size() < 3) stop(Why::unsupported_expression);
      std::rotate(stack_.end() - 3, stack_.end() - 1, stack_.end());
      return;
    case DW_OP_abs:
    case DW_OP_neg:
    case DW_OP_not:
      return unary(op.atom);
    case DW_OP_plus_uconst: {
      Word word = pop();
      word.value += op.number;
      return push(word);
    }
    case DW_OP_convert:
    case DW_OP_GNU_convert:
    case DW_OP_reinterpret:
    case DW_OP_GNU_reinterpret:
      return convert(op.number, op.number2);
    case DW_OP_stack_value:
      is_value_ = true;
      return;
    case DW_OP_implicit_value:
      bytes_ = op.block;
      return;
    case DW_OP_piece:
      if (op.number > largest_piece) stop(Why::unsupported_expression);
      return add_piece(op.number * 8, 0);
    case DW_OP_bit_piece:
      if (op.number > largest_piece) stop(Why::unsupported_expression);
      return add_piece(op.number, op.number2);
    case DW_OP_implicit_pointer:
    case DW_OP_GNU_implicit_pointer:
      // The value is a pointer to an object that has no address.
      stop(Why::optimized_out);
    default:
      return binary(op.atom);
  }
}

void Machine::pick(std::uint64_t from_top) {
  if (from_top >= stack_.size()) stop(Why::unsupported_expression);
  push(stack_[stack_.size() - 1 - from_top]);
}

void Machine::unary(std::uint8_t atom) {
  Word word = pop();
  const bool negative = static_cast<std::int64_t>(word.value) < 0;
  if (atom == DW_OP_not)
    word.value = ~word.value;
  else if (atom == DW_OP_neg || negative)
    word.value = 0 - word.value;
  push(word);
}

void Machine::binary(std::uint8_t atom) {
  const Word right = pop(), left = pop();
  const std::uint64_t a = left.value, b = right.value;
  const auto sa = static_cast<std::int64_t>(a), sb = static_cast<std::int64_t>(b);
  Word result{0, std::max(left.origin, right.origin)};
  // A difference of two addresses and a comparison are numbers.
  const auto truth = [&](bool holds) { result = {holds ? std::uint64_t{1} : 0, Origin::constant}; };
  switch (atom) {
    case DW_OP_plus:
      result.value = a + b;
      break;
    case DW_OP_minus:
      result.value = a - b;
      break;
    case DW_OP_mul:
      result.value = a * b;
      break;
    case DW_OP_div:
      if (sb == 0) stop(Why::unsupported_expression);
      result.value = sb == -1 ? 0 - a : static_cast<std::uint64_t>(sa / sb);
      break;
    case DW_OP_mod:
      if (b == 0) stop(Why::unsupported_expression);
      result.value = a % b;
      break;
    case DW_OP_and:
      result.value = a & b;
      break;
    case DW_OP_or:
      result.value = a | b;
      break;
    case DW_OP_xor:
      result.value = a ^ b;
      break;
    case DW_OP_shl:
      result.value = b < 64 ? a << b : 0;
      break;
    case DW_OP_shr:
      result.value = b < 64 ? a >> b : 0;
      break;
    case DW_OP_shra:
      result.value = static_cast<std::uint64_t>(sa >> std::min<std::uint64_t>(b, 63));
      break;
    case DW_OP_eq:
      truth(sa == sb);
      break;
    case DW_OP_ne:
      truth(sa != sb);
      break;
    case DW_OP_lt:
      truth(sa < sb);
      break;
    case DW_OP_le:
      truth(sa <= sb);
      break;
    case DW_OP_gt:
      truth(sa > sb);
      break;
    case DW_OP_ge:
      truth(sa >= sb);
      break;
    default:
      stop(Why::unsupported_expression);
  }
  push(result);
}

void Machine::dereference(std::uint64_t size) {
  if (size == 0 || size > 8) stop(Why::unsupported_expression);
  const Word from = pop();
  std::uint64_t value = 0;
  const std::span<std::byte> bytes = std::as_writable_bytes(std::span(&value, 1)).first(size);
  if (context_.memory == nullptr || !context_.memory->read_all({from.value}, bytes)) stop(Why::unreadable);
  push({value, Origin::pointer});
}

std::uint64_t Machine::register_value(std::uint64_t number) const {
  if (number >= register_count) stop(Why::unsupported_expression);  // vector registers
  const auto value =
      context_.registers != nullptr ? context_.registers->get(static_cast<Reg>(number)) : std::nullopt;
  if (!value) stop(Why::unreadable);
  return *value;
}

// rbp is a frame pointer only where it points into its frame; optimised code keeps anything in it.
bool Machine::points_into_frame(std::uint64_t rbp) const {
  const auto rsp = context_.registers->get(Reg::rsp);
  return (!context_.cfa || rbp <= context_.cfa->value) && (!rsp || rbp >= *rsp);
}

void Machine::push_register(std::uint64_t number, std::uint64_t offset) {
  const std::uint64_t value = register_value(number);
  const auto reg = static_cast<Reg>(number);
  const bool frame = reg == Reg::rsp || (reg == Reg::rbp && points_into_frame(value));
  push({value + offset, frame ? Origin::frame : Origin::pointer});
}

void Machine::push_frame_base(std::uint64_t offset) {
  if (context_.frame_base == nullptr || context_.frame_base->empty() || depth_ >= deepest_nesting)
    stop(Why::unsupported_expression);
  LocationContext context = context_;
  context.frame_base = nullptr;
  context.object.reset();
  Machine base(context, depth_ + 1);
  // DWARF 5 §3.3.5: a frame base that is a register means what the register holds.
  const Place place = base.run(*context_.frame_base, 8);
  if (place.kind == PlaceKind::nowhere) stop(place.why);
  std::uint64_t value = 0;
  if (place.kind == PlaceKind::reg)
    value = register_value(static_cast<std::uint64_t>(*place.reg));
  else if (place.address)
    value = place.address->value;
  else if (place.kind == PlaceKind::computed && place.value.size() == sizeof value)
    std::memcpy(&value, place.value.data(), sizeof value);
  else
    stop(Why::unsupported_expression);
  push({value + offset, Origin::frame});
}

void Machine::push_entry_value(const LocationExpression& nested) {
  if (context_.at_entry == nullptr || depth_ >= deepest_nesting) stop(Why::entry_value_unknown);
  LocationContext context = context_;
  context.registers = context_.at_entry;
  context.at_entry = nullptr;
  context.vectors = nullptr;
  context.object.reset();
  Machine entry(context, depth_ + 1);
  const Place place = entry.run(nested, 8);
  if (place.kind == PlaceKind::reg) {
    const auto value = context_.at_entry->get(*place.reg);
    if (!value) stop(Why::entry_value_unknown);
    return push({*value, Origin::pointer});
  }
  std::uint64_t value = 0;
  if (place.kind == PlaceKind::computed && place.value.size() == sizeof value) {
    std::memcpy(&value, place.value.data(), sizeof value);
    return push({value, Origin::pointer});
  }
  // Memory as it was at entry is not known any more, but an address is what it was.
  if (!place.address) stop(Why::entry_value_unknown);
  push({place.address->value, Origin::pointer});
}

// Integers only: `size` and `encoding` are those of the base type, 0 the generic type.
void Machine::convert(std::uint64_t size, std::uint64_t encoding) {
  if (encoding == DW_ATE_float || encoding == DW_ATE_complex_float || size > 8)
    stop(Why::unsupported_expression);
  Word word = pop();
  const bool is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
  if (size != 0 && size < 8)
    word.value =
        is_signed ? sign_extend(word.value, size) : word.value & ((std::uint64_t{1} << (size * 8)) - 1);
  push(word);
}

Place Machine::current(std::optional<std::uint64_t> size) {
  if (failed_) return nowhere(*failed_);
  if (register_) {
    if (*register_ > static_cast<std::uint64_t>(Reg::xmm15)) return nowhere(Why::unsupported_expression);
    Place place;
    place.kind = PlaceKind::reg;
    place.reg = static_cast<Reg>(*register_);
    place.size = size;
    if (is_vector(*place.reg)) return context_.vectors != nullptr ? place : nowhere(Why::unreadable);
    const bool known = context_.registers != nullptr && context_.registers->get(*place.reg).has_value();
    return known ? place : nowhere(Why::unreadable);
  }
  if (bytes_) {
    if (size && *size < bytes_->size()) bytes_->resize(*size);
    return computed(std::move(*bytes_));
  }
  if (stack_.empty()) return nowhere(Why::optimized_out);
  const Word top = stack_.back();
  if (!is_value_) return at_address(top, size);
  const std::uint64_t wanted = size.value_or(8);
  if (wanted > 8) return nowhere(Why::unsupported_expression);
  std::vector<std::byte> bytes(wanted);
  std::memcpy(bytes.data(), &top.value, wanted);
  return computed(std::move(bytes));
}

void Machine::clear_current() {
  stack_.clear();
  register_.reset();
  bytes_.reset();
  is_value_ = false;
  failed_.reset();
}

void Machine::add_piece(std::uint64_t bits, std::uint64_t bit_offset) {
  if (bits % 8 != 0 || bit_offset % 8 != 0) stop(Why::unsupported_expression);
  const std::uint64_t bytes = bits / 8, skipped = bit_offset / 8;
  Place place = current(bytes + skipped);
  if (skipped != 0) {
    if (place.address)
      place.address = *place.address + skipped;
    else if (place.kind == PlaceKind::computed && place.value.size() >= skipped)
      place.value.erase(place.value.begin(), place.value.begin() + static_cast<std::ptrdiff_t>(skipped));
    else if (place.kind != PlaceKind::nowhere)
      place = nowhere(Why::unsupported_expression);
  }
  place.size = bytes;
  pieces_.push_back({pieces_size_, std::move(place)});
  pieces_size_ += bytes;
  clear_current();
}

}  // namespace

Place evaluate(const LocationExpression& expression, const LocationContext& context,
               std::optional<std::uint64_t> size) {
  return Machine(context, 0).run(expression, size);
}

}  // namespace situ
