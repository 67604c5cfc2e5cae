// At -O0 nearly every variable is one `fbreg` or `breg` operation, and this runs for every frame at every
// stop: the frame base is worked out once per frame and these places are an addition. Everything else goes
// through the evaluator.
#include "inspect/places.h"

#include <algorithm>

namespace situ {
namespace {

// DWARF 5 §7.7.1.
constexpr std::uint8_t op_reg0 = 0x50, op_reg31 = 0x6f, op_regx = 0x90, op_breg0 = 0x70, op_fbreg = 0x91,
                       op_piece = 0x93, op_call_frame_cfa = 0x9c, op_bit_piece = 0x9d, op_entry_value = 0xa3,
                       op_gnu_entry_value = 0xf3;

constexpr std::uint64_t largest_array = std::uint64_t{1} << 30;

bool contains(const std::vector<FileRange>& ranges, FileAddress address) {
  return std::ranges::any_of(ranges, [&](const FileRange& range) { return range.contains(address); });
}

bool names_vector(const LocationExpression& expression) {
  constexpr std::uint8_t first = op_reg0 + static_cast<std::uint8_t>(Reg::xmm0);
  return std::ranges::any_of(expression, [](const LocationOp& op) {
    // xmm15 is number 32, which has no operation of its own.
    return (op.atom >= first && op.atom <= op_reg31) ||
           (op.atom == op_regx && op.number <= static_cast<std::uint64_t>(Reg::xmm15) &&
            is_vector(static_cast<Reg>(op.number)));
  });
}

Place nowhere(Why why, std::optional<std::uint64_t> size) {
  Place place;
  place.kind = PlaceKind::nowhere;
  place.why = why;
  place.size = size;
  return place;
}

class FramePlaces {
 public:
  FramePlaces(const PlaceQuery& query, const std::vector<Type>& types)
      : function_(*query.function), types_(types) {
    lookup_ = query.module->to_file(query.frame->lookup_address());
    context_.registers = &query.frame->registers;
    if (query.frame->cfa) context_.cfa = query.frame->cfa;
    context_.at_entry = query.at_entry;
    context_.vectors = query.vectors;
    context_.memory = query.memory;
    context_.frame_base = &function_.frame_base;
    context_.bias = query.module->bias;
    if (query.thread_pointer && query.module->tls_offset) {
      context_.tls_base = *query.thread_pointer - *query.module->tls_offset;
    }
    frame_base_ = simple_frame_base();
    look_at_scopes();
  }

  std::vector<ResolvedPlace> resolve() const {
    std::vector<ResolvedPlace> result;
    result.reserve(function_.variables.size());
    for (std::size_t i = 0; i < function_.variables.size(); ++i) {
      const VariableInfo& variable = function_.variables[i];
      const ScopeState scope = variable.scope < scopes_.size() ? scopes_[variable.scope] : ScopeState{};
      if (!scope.exists) continue;
      std::optional<Place> place = resolve(variable);
      if (place) result.push_back({static_cast<std::uint32_t>(i), std::move(*place), scope.active});
    }
    return result;
  }

 private:
  struct ScopeState {
    bool exists = true;  // not inside an inlined function that is not active here
    bool active = false;
  };

  void look_at_scopes() {
    scopes_.resize(function_.scopes.size());
    for (std::size_t i = 0; i < scopes_.size(); ++i) {
      const Scope& scope = function_.scopes[i];
      scopes_[i].active = contains(scope.ranges, lookup_);
      const bool parent_exists = scope.parent >= i || scopes_[scope.parent].exists;
      scopes_[i].exists = parent_exists && (!scope.inlined || scopes_[i].active);
    }
  }

  // The frame base where it is a register or the CFA; else the evaluator works it out for each variable.
  std::optional<std::uint64_t> simple_frame_base() const {
    if (function_.frame_base.size() != 1) return std::nullopt;
    const std::uint8_t atom = function_.frame_base[0].atom;
    if (atom == op_call_frame_cfa && context_.cfa) return context_.cfa->value;
    if (atom >= op_reg0 && atom < op_reg0 + register_count) {
      return context_.registers->get(static_cast<Reg>(atom - op_reg0));
    }
    return std::nullopt;
  }

  std::optional<Place> resolve(const VariableInfo& variable) const {
    const auto size = variable.type ? size_of(*variable.type, types_) : std::nullopt;
    if (variable.locations.empty()) return nowhere(Why::optimized_out, size);
    const auto entry = std::ranges::find_if(variable.locations, [&](const LocationEntry& location) {
      return !location.range || location.range->contains(lookup_);
    });
    if (entry == variable.locations.end()) {
      if (!function_.optimised) return std::nullopt;
      return nowhere(Why::not_in_scope_here, size);
    }
    if (const auto why = lost(entry->expression)) return nowhere(*why, size);
    Place place = at(entry->expression, size);
    if (!place.size) place.size = size;
    if (variable.count) count_elements(variable, place);
    if (place.kind == PlaceKind::stack && context_.cfa) {
      place.cfa_offset = *place.address - *context_.cfa;
    }
    return place;
  }

  // Its size, too. What cannot be a count is what the program has not written yet.
  void count_elements(const VariableInfo& variable, Place& place) const {
    const auto number = counted(*variable.count);
    const auto element = element_size(*variable.type, types_);
    if (!number || !element) return;
    const std::uint64_t count = *number + (variable.count->upper_bound ? 1 : 0);
    std::uint64_t size = 0;
    if (__builtin_mul_overflow(count, *element, &size) || size > largest_array) return;
    place.count = count;
    place.size = size;
  }

  std::optional<std::uint64_t> counted(const ElementCount& count) const {
    const auto entry = std::ranges::find_if(count.locations, [&](const LocationEntry& location) {
      return !location.range || location.range->contains(lookup_);
    });
    if (entry == count.locations.end() || count.stored.value_or(8) > 8) return std::nullopt;
    const Place at = evaluate(entry->expression, context_, count.stored.value_or(8));
    std::uint64_t number = 0;
    const auto bytes = std::as_writable_bytes(std::span(&number, 1)).first(count.stored.value_or(8));
    if (at.kind == PlaceKind::computed && at.value.size() == bytes.size()) {
      std::ranges::copy(at.value, bytes.begin());
    } else if (at.kind == PlaceKind::reg && !is_vector(*at.reg)) {
      number = context_.registers->get(*at.reg).value_or(0);
    } else if (!at.address) {
      return std::nullopt;
    } else if (!count.stored) {
      number = at.address->value;
    } else if (context_.memory == nullptr || !context_.memory->read_all(*at.address, bytes)) {
      return std::nullopt;
    }
    return number;
  }

  // Whether the expression is sure to fail for want of a register; the two frequent cases in optimised
  // callers, told apart here because the evaluator's way out of a failed expression is long.
  std::optional<Why> lost(const LocationExpression& expression) const {
    const std::uint8_t atom = expression.empty() ? std::uint8_t{0} : expression[0].atom;
    if (!context_.at_entry && (atom == op_entry_value || atom == op_gnu_entry_value)) {
      return Why::entry_value_unknown;
    }
    const auto is_piece = [](const LocationOp& op) { return op.atom == op_piece || op.atom == op_bit_piece; };
    if (context_.vectors == nullptr && expression.size() == 1 && names_vector(expression))
      return Why::optimized_out;
    const bool reg = atom >= op_reg0 && atom < op_reg0 + register_count;
    const bool breg = atom >= op_breg0 && atom < op_breg0 + register_count;
    if ((!reg && !breg) || std::ranges::any_of(expression, is_piece)) return std::nullopt;
    // Nobody kept that register for this caller's frame.
    if (context_.registers->get(static_cast<Reg>(atom - (reg ? op_reg0 : op_breg0)))) return std::nullopt;
    return Why::optimized_out;
  }

  Place at(const LocationExpression& expression, std::optional<std::uint64_t> size) const {
    if (expression.size() == 1) {
      const LocationOp& op = expression[0];
      std::optional<std::uint64_t> base;
      if (op.atom == op_fbreg) base = frame_base_;
      // Of the registers only rsp surely points into the frame.
      if (op.atom == op_breg0 + static_cast<std::uint8_t>(Reg::rsp)) {
        base = context_.registers->get(Reg::rsp);
      }
      if (base) {
        Place place;
        place.kind = PlaceKind::stack;
        place.address = Address{*base + op.number};
        place.size = size;
        return place;
      }
    }
    return evaluate(expression, context_, size);
  }

  const FunctionInfo& function_;
  const std::vector<Type>& types_;
  FileAddress lookup_;
  LocationContext context_;
  std::optional<std::uint64_t> frame_base_;
  std::vector<ScopeState> scopes_;
};

}  // namespace

std::optional<std::uint64_t> element_size(TypeId type, const std::vector<Type>& types) {
  for (int depth = 0; depth < 64 && type.value < types.size(); ++depth) {
    const Type& t = types[type.value];
    if (t.element) return size_of(*t.element, types);
    if (t.kind != TypeKind::alias || !t.target) return std::nullopt;
    type = *t.target;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> size_of(TypeId type, const std::vector<Type>& types) {
  for (int depth = 0; depth < 64 && type.value < types.size(); ++depth) {
    const Type& t = types[type.value];
    if (t.size) return t.size;
    if (t.kind != TypeKind::alias || !t.target) return std::nullopt;
    type = *t.target;
  }
  return std::nullopt;
}

bool needs_vectors(const PlaceQuery& query) {
  if (!query.function->optimised) return false;
  const FileAddress lookup = query.module->to_file(query.frame->lookup_address());
  const auto here = [&](const LocationEntry& entry) {
    return (!entry.range || entry.range->contains(lookup)) && names_vector(entry.expression);
  };
  return std::ranges::any_of(query.function->variables, [&](const VariableInfo& variable) {
    return std::ranges::any_of(variable.locations, here);
  });
}

std::vector<ResolvedPlace> resolve_places(const PlaceQuery& query, const std::vector<Type>& types) {
  return FramePlaces(query, types).resolve();
}

}  // namespace situ
