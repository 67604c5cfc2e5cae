// The evaluator of location expressions: any operations over any registers and memory end, and give a place
// that keeps what location.h says of it.
#include <dwarf.h>

#include "fuzz/input.h"
#include "symbols/location.h"

namespace situ {
namespace {

constexpr std::size_t most_operations = 64;

LocationExpression expression(FuzzInput& input, int depth) {
  LocationExpression made;
  const std::size_t count = input.below(most_operations);
  for (std::size_t i = 0; i < count && !input.empty(); ++i) {
    LocationOp op;
    op.atom = input.take<std::uint8_t>();
    // Numbers are mostly small: offsets, sizes, indexes.
    const auto form = input.take<std::uint8_t>();
    op.number = (form & 1U) != 0 ? input.take<std::uint64_t>() : input.take<std::uint8_t>();
    if ((form & 2U) != 0) op.number2 = input.take<std::uint16_t>();
    op.offset = (form & 4U) != 0 ? input.take<std::uint16_t>() : i;
    if (op.atom == DW_OP_implicit_value) op.block = input.bytes(input.below(32));
    if ((form & 8U) != 0 && depth < 6) op.nested = expression(input, depth + 1);
    made.push_back(std::move(op));
  }
  return made;
}

void check(const Place& place, int depth) {
  must(depth < 4, "pieces are not nested deeply");
  switch (place.kind) {
    case PlaceKind::nowhere:
      must(place.why != Why::none, "nowhere has a reason");
      break;
    case PlaceKind::reg:
      must(place.reg.has_value(), "a register place names it");
      break;
    case PlaceKind::computed:
      must(place.value.size() <= (1U << 20U), "computed values are bounded");
      break;
    case PlaceKind::pieces:
      must(place.pieces.size() <= 10'000, "pieces are bounded");
      for (const PlacePiece& piece : place.pieces) check(piece.place, depth + 1);
      break;
    default:
      must(place.address.has_value(), "a place in memory has an address");
  }
}

}  // namespace
}  // namespace situ

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace situ;
  FuzzInput input(data, size);
  const auto shape = input.take<std::uint8_t>();
  Registers registers, at_entry;
  for (std::size_t i = 0; i < register_count; ++i) {
    const auto value = input.take<std::uint16_t>();
    if ((value & 1U) != 0) registers.set(static_cast<Reg>(i), 0x1000 + value);
    if ((value & 2U) != 0) at_entry.set(static_cast<Reg>(i), value);
  }
  LocationContext context;
  context.registers = (shape & 1U) != 0 ? &registers : nullptr;
  context.at_entry = (shape & 2U) != 0 ? &at_entry : nullptr;
  if ((shape & 4U) != 0) context.cfa = Address{0x1100};
  if ((shape & 8U) != 0) context.tls_base = Address{0x1080};
  if ((shape & 16U) != 0) context.object = Address{0x1040};
  const LocationExpression base = expression(input, 0);
  if ((shape & 32U) != 0) context.frame_base = &base;
  std::optional<std::uint64_t> wanted;
  if ((shape & 64U) != 0) wanted = input.take<std::uint16_t>();
  const LocationExpression main = expression(input, 0);
  const FuzzMemory memory(Address{0x1000}, input.rest());
  if ((shape & 128U) != 0) context.memory = &memory;
  if (context.registers == nullptr) context.at_entry = nullptr;
  const Place place = evaluate(main, context, wanted);
  check(place, 0);
  return 0;
}
