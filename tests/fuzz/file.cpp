// A damaged ELF file with debug info: the input says which bytes of a good one are others. Reading everything
// ends, and each location that comes out of it can be evaluated.
#include <fstream>
#include <iterator>
#include <set>

#include "base/error.h"
#include "fuzz/input.h"
#include "symbols/symbol_file.h"

namespace situ {
namespace {

const std::vector<std::byte>& good_file() {
  static const std::vector<std::byte> bytes = [] {
    std::ifstream stream(SITU_FUZZ_ELF, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    must(text.size() > 1000, "the file to damage is there");
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return std::vector<std::byte>(first, first + text.size());
  }();
  return bytes;
}

void evaluate_all(const FunctionInfo& function) {
  const FuzzMemory memory(Address{0x1000}, std::vector<std::byte>(256));
  Registers registers;
  for (std::size_t i = 0; i < register_count; ++i) registers.set(static_cast<Reg>(i), 0x1000 + 8 * i);
  LocationContext context;
  context.registers = context.at_entry = &registers;
  context.cfa = Address{0x1080};
  context.memory = &memory;
  context.frame_base = &function.frame_base;
  for (const VariableInfo& variable : function.variables) {
    must(variable.scope < function.scopes.size(), "a variable's scope exists");
    for (const LocationEntry& entry : variable.locations) evaluate(entry.expression, context, 8);
  }
}

void check_types(const std::vector<Type>& types) {
  const auto known = [&](const std::optional<TypeId>& id) { return !id || id->value < types.size(); };
  for (const Type& type : types) {
    must(known(type.target) && known(type.element), "types refer to types of the table");
    for (const Field& field : type.fields) must(known(field.type), "fields have types of the table");
    for (const Variant& variant : type.variants)
      must(known(variant.type), "variants have types of the table");
  }
}

}  // namespace
}  // namespace situ

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace situ;
  FuzzInput input(data, size);
  std::vector<std::byte> image = good_file();
  if (input.flag()) image.resize(input.take<std::uint32_t>() % image.size());
  while (!input.empty() && !image.empty()) {
    const std::size_t at = input.take<std::uint32_t>() % image.size();
    const std::vector<std::byte> bytes = input.bytes(1 + input.below(4));
    std::copy_n(bytes.begin(), std::min(bytes.size(), image.size() - at),
                image.begin() + static_cast<std::ptrdiff_t>(at));
  }
  std::vector<Type> types;
  TypeTable table(types);
  const UserCode user;
  try {
    const auto file = SymbolFile::from_memory(std::move(image), table, user);
    for (const FunctionInfo* function : file->user_functions()) {
      file->function_at(function->entry);
      file->line_at(function->body);
      SymbolFile::scopes_at(*function, function->body);
      evaluate_all(*function);
    }
    file->vtables();
    file->build_id();
    file->symbol_at({0x1200});
    file->symbol_address("main");
  } catch (const Error& error) {
    must(error.kind == ErrorKind::file, "a bad file is an error of files");
  }
  check_types(types);
  return 0;
}
