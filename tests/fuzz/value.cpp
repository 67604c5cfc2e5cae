// The decoder of values: any table of types over any bytes ends, and gives text that a terminal can show.
#include <array>
#include <string>

#include "decode/value.h"
#include "fuzz/input.h"

namespace situ {
namespace {

constexpr std::size_t most_types = 24;
constexpr std::size_t most_text = 1 << 22;

// Names that decoders know, so that their readers are reached.
constexpr std::array type_names = {
    "i32",
    "u8",
    "u64",
    "char",
    "bool",
    "f64",
    "int",
    "long double",
    "(i32, u8)",
    "alloc::boxed::Box<i32, alloc::alloc::Global>",
    "&str",
    "&[i32]",
    "alloc::string::String",
    "alloc::vec::Vec<i32, alloc::alloc::Global>",
    "alloc::rc::Rc<i32, alloc::alloc::Global>",
    "alloc::collections::vec_deque::VecDeque<i32, alloc::alloc::Global>",
    "alloc::collections::linked_list::LinkedList<i32, alloc::alloc::Global>",
    "alloc::collections::btree::map::BTreeMap<i32, i32, alloc::alloc::Global>",
    "std::collections::hash::map::HashMap<i32, i32, std::hash::random::RandomState>",
    "core::option::Option<i32>",
    "core::cell::RefCell<i32>",
    "std::sync::poison::mutex::Mutex<i32>",
    "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
    "std::vector<int, std::allocator<int> >",
    "std::unique_ptr<int, std::default_delete<int> >",
    "std::shared_ptr<int>",
    "std::map<int, int, std::less<int>, std::allocator<std::pair<int const, int> > >",
    "std::unordered_map<int, int, std::hash<int>, std::equal_to<int>, std::allocator<std::pair<int const, "
    "int> > >",
    "std::__cxx11::list<int, std::allocator<int> >",
    "std::deque<int, std::allocator<int> >",
    "std::optional<int>",
    "std::variant<int, char>",
    "std::any",
    "std::function<int (int)>",
    ""};
constexpr std::array field_names = {"__0",
                                    "__1",
                                    "x",
                                    "next",
                                    "buf",
                                    "inner",
                                    "cap",
                                    "ptr",
                                    "pointer",
                                    "len",
                                    "length",
                                    "data_ptr",
                                    "vec",
                                    "head",
                                    "tail",
                                    "root",
                                    "node",
                                    "height",
                                    "keys",
                                    "vals",
                                    "edges",
                                    "base",
                                    "table",
                                    "ctrl",
                                    "bucket_mask",
                                    "items",
                                    "strong",
                                    "weak",
                                    "value",
                                    "data",
                                    "borrow",
                                    "_M_impl",
                                    "_M_start",
                                    "_M_finish",
                                    "_M_end_of_storage",
                                    "_M_dataplus",
                                    "_M_p",
                                    "_M_string_length",
                                    "_M_local_buf",
                                    "_M_t",
                                    "_M_head_impl",
                                    "_M_ptr",
                                    "_M_refcount",
                                    "_M_pi",
                                    "_M_header",
                                    "_M_node_count",
                                    "_M_left",
                                    "_M_right",
                                    "_M_parent",
                                    "_M_buckets",
                                    "_M_before_begin",
                                    "_M_nxt",
                                    "_M_element_count",
                                    "_M_node",
                                    "_M_next",
                                    "_M_prev",
                                    "_M_map",
                                    "_M_map_size",
                                    "_M_cur",
                                    "_M_first",
                                    "_M_last",
                                    "_M_payload",
                                    "_M_engaged",
                                    "_M_index",
                                    "_M_storage",
                                    ""};

class Types {
 public:
  Types(FuzzInput& input, Recording& recording) : input_(input) {
    count_ = 1 + input.below(most_types);
    for (std::size_t i = 0; i < count_; ++i) recording.types.push_back(type());
  }

 private:
  TypeId any() { return {static_cast<std::uint32_t>(input_.below(count_))}; }
  Field field() {
    Field made;
    made.name = field_names[input_.below(field_names.size())];
    made.offset = (input_.flag()) ? input_.take<std::uint8_t>() : input_.take<std::uint64_t>();
    made.type = any();
    const auto form = input_.take<std::uint8_t>();
    if ((form & 1U) != 0) made.bit_size = input_.take<std::uint8_t>();
    if ((form & 2U) != 0) made.bit_position = input_.take<std::uint8_t>();
    made.base_class = (form & 4U) != 0;
    made.artificial = (form & 8U) != 0;
    return made;
  }
  Type type() {
    Type made;
    made.name = type_names[input_.below(type_names.size())];
    made.kind = static_cast<TypeKind>(input_.below(static_cast<std::size_t>(TypeKind::unspecified) + 1));
    made.language = static_cast<Language>(input_.below(5));
    made.encoding = static_cast<Encoding>(input_.below(static_cast<std::size_t>(Encoding::address) + 1));
    const auto has = input_.take<std::uint8_t>();
    if ((has & 1U) != 0) made.size = (has & 2U) != 0 ? input_.take<std::uint64_t>() : input_.below(64);
    if ((has & 4U) != 0) made.target = any();
    if ((has & 8U) != 0) made.element = any();
    if ((has & 16U) != 0) made.count = input_.flag() ? input_.below(64) : input_.take<std::uint64_t>();
    for (std::size_t i = (has & 32U) != 0 ? input_.below(6) : 0; i > 0; --i) made.fields.push_back(field());
    if ((has & 64U) != 0) {
      if (input_.flag()) made.discriminant = field();
      for (std::size_t i = input_.below(5); i > 0; --i) {
        Variant variant{field_names[input_.below(field_names.size())], {}, any(), input_.below(16)};
        if (input_.flag()) variant.discriminant = input_.take<std::uint8_t>();
        made.variants.push_back(std::move(variant));
      }
      for (std::size_t i = input_.below(5); i > 0; --i) {
        made.enumerators.push_back(
            {field_names[input_.below(field_names.size())], input_.take<std::int8_t>()});
      }
    }
    if ((has & 128U) != 0) {
      made.template_arguments.push_back({"T", any()});
      made.template_arguments.push_back({"K", any()});
      made.template_arguments.push_back({"V", any()});
    }
    return made;
  }

  FuzzInput& input_;
  std::size_t count_ = 0;
};

// Valid UTF-8 without control characters.
void check_text(std::string_view text) {
  must(text.size() <= most_text, "text is bounded");
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    must(lead >= 0x20 && lead != 0x7f, "no control characters");
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    must(lead < 0x80 || (lead >= 0xc2 && lead <= 0xf4), "a character has a first byte");
    must(i + length <= text.size(), "characters are whole");
    for (std::size_t k = 1; k < length; ++k) {
      must((static_cast<unsigned char>(text[i + k]) & 0xc0U) == 0x80, "characters are whole");
    }
    must(!(lead == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0), "no C1 controls");
    i += length;
  }
}

std::size_t check(const Value& value) {
  check_text(value.text);
  check_text(value.variant);
  std::size_t parts = 1;
  for (const NamedValue& field : value.fields) {
    check_text(field.name);
    parts += check(field.value);
  }
  for (const Value& element : value.elements) parts += check(element);
  return parts;
}

}  // namespace
}  // namespace situ

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace situ;
  FuzzInput input(data, size);
  Recording recording;
  recording.mark.bytes = {std::byte{0xd1}, std::byte{0xd3}, std::byte{0xd5}, std::byte{0xd5},
                          std::byte{0xd9}, std::byte{0xdb}, std::byte{0xdd}, std::byte{0xd5}};
  const Types types(input, recording);
  const auto form = input.take<std::uint8_t>();
  const Address at{(form & 1U) != 0 ? 0x1000U : 0U};
  const std::vector<AddressRange> marked = {{Address{0x1000}, Address{0x1010}}};
  const std::vector<std::byte> bytes = input.rest();
  // A word of the value that is a small number leads back into it.
  const FuzzMemory memory(at, bytes);
  DecodeInput decode{recording, memory, std::nullopt, {}};
  if ((form & 2U) != 0) decode.at = at;
  if ((form & 4U) != 0) decode.marked = marked;
  for (std::uint32_t type = 0; type < recording.types.size(); ++type) {
    const std::uint64_t wanted =
        std::min<std::uint64_t>(recording.types[type].size.value_or(0), bytes.size());
    const Value value =
        decode_value(std::span(bytes).first(static_cast<std::size_t>(wanted)), {type}, decode);
    must(check(value) <= 100'000, "the parts of a value are bounded");
  }
  return 0;
}
