#include <array>

#include "decode/containers_cpp.h"
#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

constexpr std::uint64_t header = 8;  // of a tree, in its container

struct CppContainers : DecodeTest {
  CppContainers() { b.language = Language::cpp; }

  static Field base_of(TypeId type) {
    Field made = RecordingBuilder::field("", 0, type);
    made.base_class = true;
    return made;
  }
  TypeId pair(TypeId first, TypeId second) {
    return b.record("std::pair<int const, int>", 8,
                    {b.field("first", 0, first), b.field("second", 4, second)});
  }
  TypeId tree(const std::string& name, TypeId key, TypeId value) {
    const TypeId node = b.record("std::_Rb_tree_node_base", 32, {});
    const TypeId head = b.record("std::_Rb_tree_header", 40,
                                 {b.field("_M_header", 0, node), b.field("_M_node_count", 32, b.usize())});
    const TypeId inner = b.record("std::_Rb_tree<int, int, std::less<int> >", 48,
                                  {b.field("_M_impl", 8, head)}, {{"_Key", key}, {"_Val", value}});
    return b.record(name, 48, {b.field("_M_t", 0, inner)}, {{"_Key", key}});
  }
  TypeId map() {
    const TypeId key = b.i32();
    return tree("std::map<int, int, std::less<int> >", key, pair(key, key));
  }
  void node(std::uint64_t at, std::uint64_t parent, std::uint64_t below, std::uint64_t above, int key,
            int value) {
    memory.put(at, std::array<std::uint64_t, 4>{0, parent, below, above});
    memory.put(at + 32, std::array<std::int32_t, 2>{key, value});
  }
  void head(std::uint64_t top, std::uint64_t first, std::uint64_t last, std::uint64_t count) {
    memory.put(here, std::array<std::uint64_t, 6>{0, 0, top, first, last, count});
  }
  static constexpr std::uint64_t root = 0x3000, left = 0x4000, right = 0x5000, end = here + header;
  void three_nodes() {
    head(root, left, right, 3);
    node(root, end, left, right, 2, 20);
    node(left, root, 0, 0, 1, 10);
    node(right, root, 0, 0, 3, 30);
  }
  TypeId list(const std::string& name, TypeId element) {
    const TypeId node = b.record("std::__detail::_List_node_header", 24,
                                 {b.field("_M_next", 0, b.usize()), b.field("_M_prev", 8, b.usize()),
                                  b.field("_M_size", 16, b.usize())});
    return b.record(name, 24, {b.field("_M_node", 0, node)}, {{"_Tp", element}});
  }
  TypeId hash(TypeId value) {
    const TypeId before = b.record("std::__detail::_Hash_node_base", 8, {b.field("_M_nxt", 0, b.usize())});
    const TypeId inner =
        b.record("std::_Hashtable<int, int>", 56,
                 {b.field("_M_buckets", 0, b.usize()), b.field("_M_bucket_count", 8, b.usize()),
                  b.field("_M_before_begin", 16, before), b.field("_M_element_count", 24, b.usize())},
                 {{"_Key", b.i32()}, {"_Value", value}});
    return b.record("std::unordered_set<int>", 56, {b.field("_M_h", 0, inner)}, {{"_Value", value}});
  }
};

TEST_F(CppContainers, ANameInStdIsKnownWithoutItsArgumentsAndTheNamespacesOfTheAbi) {
  EXPECT_EQ(std_name("std::map<int, std::less<int> >"), "map");
  EXPECT_EQ(std_name("std::__cxx11::list<int>"), "list");
  EXPECT_EQ(std_name("std::filesystem::__cxx11::path"), "filesystem::path");
  EXPECT_EQ(std_name("std::map<int, int>::iterator"), "");
  EXPECT_EQ(std_name("mine::map<int, int>"), "");
}

TEST_F(CppContainers, ATypeNameLosesTheArgumentsNobodyWrote) {
  EXPECT_EQ(plain_type_name("std::vector<int, std::allocator<int> >"), "std::vector<int>");
  EXPECT_EQ(
      plain_type_name("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >"),
      "std::string");
}

TEST_F(CppContainers, AnArgumentIsFoundInASymbolsName) {
  EXPECT_EQ(argument_in("std::any::_Manager_internal<int>::_S_manage", "_Manager_internal", 0), "int");
  EXPECT_EQ(argument_in("std::_Function_handler<int (int, char), main::{lambda(int, char)#1}>::_M_invoke",
                        "_Function_handler", 1),
            "main::{lambda(int, char)#1}");
  EXPECT_EQ(argument_in("std::_Function_handler<int", "_Function_handler", 1), "");
}

TEST_F(CppContainers, AMapIsItsKeysAndValuesInOrder) {
  three_nodes();
  const Value value = at_here(map());
  EXPECT_EQ(value.text, "{1: 10, 2: 20, 3: 30}");
  EXPECT_EQ(value.length, 3u);
  EXPECT_FALSE(value.cut);
}

TEST_F(CppContainers, AnEmptyMapIsEmpty) {
  head(0, end, end, 0);
  EXPECT_EQ(at_here(map()).text, "{}");
}

TEST_F(CppContainers, ASetIsItsValues) {
  three_nodes();
  const TypeId key = b.i32();
  EXPECT_EQ(at_here(tree("std::set<int, std::less<int> >", key, key)).text, "{1, 2, 3}");
}

TEST_F(CppContainers, ACyclicTreeIsShownByItsStructure) {
  three_nodes();
  node(right, root, 0, root, 3, 30);  // leads back up
  EXPECT_EQ(at_here(map()).text.find("{1:"), std::string::npos);
  node(right, root, right, right, 3, 30);  // its own child
  EXPECT_EQ(at_here(map()).text.find("{1:"), std::string::npos);
  node(left, left, 0, 0, 1, 10);  // its own parent
  EXPECT_EQ(at_here(map()).text.find("{1:"), std::string::npos);
}

TEST_F(CppContainers, ATreeWithAnotherCountThanItSaysIsShownByItsStructure) {
  three_nodes();
  head(root, left, right, 2);
  EXPECT_EQ(at_here(map()).text.find("{1:"), std::string::npos);
  head(root, left, right, 4);
  EXPECT_EQ(at_here(map()).text.find("{1:"), std::string::npos);
}

TEST_F(CppContainers, ATreeOfGarbageIsShownByItsStructure) {
  for (const std::uint64_t garbage : {std::uint64_t{1}, std::uint64_t{here}, ~std::uint64_t{0}}) {
    memory.put(here, std::array<std::uint64_t, 6>{garbage, garbage, garbage, garbage, garbage, garbage});
    EXPECT_EQ(at_here(map()).kind, ValueKind::record) << garbage;
  }
}

TEST_F(CppContainers, AListIsItsElements) {
  memory.put(here, std::array<std::uint64_t, 3>{0x3000, 0x4000, 2});
  memory.put(0x3000, std::array<std::uint64_t, 3>{0x4000, here, 7});
  memory.put(0x4000, std::array<std::uint64_t, 3>{here, 0x3000, 8});
  EXPECT_EQ(at_here(list("std::__cxx11::list<int>", b.i32())).text, "[7, 8]");
}

TEST_F(CppContainers, AListWhoseLinksContradictEachOtherIsShownByItsStructure) {
  memory.put(here, std::array<std::uint64_t, 3>{0x3000, 0x4000, 2});
  memory.put(0x3000, std::array<std::uint64_t, 3>{0x4000, here, 7});
  memory.put(0x4000, std::array<std::uint64_t, 3>{0x3000, 0x3000, 8});
  const TypeId type = list("std::__cxx11::list<int>", b.i32());
  EXPECT_EQ(at_here(type).kind, ValueKind::record);
  memory.put(here, std::array<std::uint64_t, 3>{0x3000, 0x3000, ~std::uint64_t{0}});
  memory.put(0x3000, std::array<std::uint64_t, 3>{here, here, 7});
  EXPECT_EQ(at_here(type).kind, ValueKind::record);
}

TEST_F(CppContainers, ALongListIsShownFromItsBeginning) {
  constexpr std::uint64_t count = 5000, first = 0x10000;
  const auto at = [](std::uint64_t i) { return i == 0 || i > count ? here : first + i * 32; };
  for (std::uint64_t i = 0; i <= count; ++i)
    memory.put(at(i),
               std::array<std::uint64_t, 3>{at(i + 1), i == 0 ? at(count) : at(i - 1), i == 0 ? count : i});
  const Value value = at_here(list("std::__cxx11::list<int>", b.i32()));
  EXPECT_EQ(value.length, count);
  EXPECT_TRUE(value.cut);
  EXPECT_EQ(value.elements.size(), 25u);
  EXPECT_TRUE(value.text.starts_with("[1, 2, 3, ")) << value.text;
}

TEST_F(CppContainers, AForwardListThatIsARingIsShownByItsStructure) {
  const TypeId head = b.record("std::_Fwd_list_node_base", 8, {b.field("_M_next", 0, b.usize())});
  const TypeId type =
      b.record("std::forward_list<int>", 8, {b.field("_M_head", 0, head)}, {{"_Tp", b.i32()}});
  memory.put(here, std::uint64_t{0x3000});
  memory.put(0x3000, std::array<std::uint64_t, 2>{0x4000, 4});
  memory.put(0x4000, std::array<std::uint64_t, 2>{0, 5});
  EXPECT_EQ(at_here(type).text, "[4, 5]");
  memory.put(0x4000, std::array<std::uint64_t, 2>{0x3000, 5});
  EXPECT_EQ(at_here(type).kind, ValueKind::record);
}

TEST_F(CppContainers, AHashTableIsTheChainOfItsNodes) {
  memory.put(here, std::array<std::uint64_t, 7>{0x6000, 13, 0x3000, 2, 0, 0, 0});
  memory.put(0x3000, std::array<std::uint64_t, 2>{0x4000, 42});
  memory.put(0x4000, std::array<std::uint64_t, 2>{0, 43});
  const TypeId type = hash(b.i32());
  EXPECT_EQ(at_here(type).text, "{42, 43}");
  memory.put(0x4000, std::array<std::uint64_t, 2>{0x3000, 43});  // a ring
  EXPECT_EQ(at_here(type).kind, ValueKind::record);
}

TEST_F(CppContainers, ADequeLiesInBuffersThatItsMapPointsTo) {
  const TypeId end_type = b.record("std::_Deque_iterator<int, int&, int*>", 32,
                                   {b.field("_M_cur", 0, b.usize()), b.field("_M_first", 8, b.usize()),
                                    b.field("_M_last", 16, b.usize()), b.field("_M_node", 24, b.usize())});
  const TypeId type = b.record("std::deque<int>", 80,
                               {b.field("_M_map", 0, b.usize()), b.field("_M_map_size", 8, b.usize()),
                                b.field("_M_start", 16, end_type), b.field("_M_finish", 48, end_type)},
                               {{"_Tp", b.i32()}});
  memory.put(here, std::array<std::uint64_t, 10>{0x6000, 8, 0x30000 + 508, 0x30000, 0x30200, 0x6000,
                                                 0x40000 + 4, 0x40000, 0x40200, 0x6008});
  memory.put(0x6000, std::array<std::uint64_t, 2>{0x30000, 0x40000});
  memory.put(0x30000 + 508, std::int32_t{6});
  memory.put(0x40000, std::int32_t{7});
  EXPECT_EQ(at_here(type).text, "[6, 7]");
  memory.put(here + 16 + 24, ~std::uint64_t{7});
  EXPECT_EQ(at_here(type).kind, ValueKind::record);
}

TEST_F(CppContainers, AVectorOfBoolIsItsBits) {
  const TypeId end_type =
      b.record("std::_Bit_iterator", 16,
               {b.field("_M_p", 0, b.usize()),
                b.field("_M_offset", 8, b.base("unsigned int", 4, Encoding::unsigned_int))});
  const TypeId type = b.record("std::vector<bool, std::allocator<bool> >", 40,
                               {b.field("_M_start", 0, end_type), b.field("_M_finish", 16, end_type),
                                b.field("_M_end_of_storage", 32, b.usize())},
                               {{"_Tp", b.base("bool", 1, Encoding::boolean)}});
  memory.put(here, std::array<std::uint64_t, 5>{0x3000, 0, 0x3000, 3, 0x3008});
  memory.put(0x3000, std::uint64_t{5});
  const Value value = at_here(type);
  EXPECT_EQ(value.text, "[true, false, true]");
  EXPECT_EQ(value.capacity, 64u);
}

TEST_F(CppContainers, ABitsetIsWrittenAsItsOwnText) {
  const TypeId type = b.record("std::bitset<12>", 8, {b.field("_M_w", 0, b.usize())});
  EXPECT_EQ(of(type, std::uint64_t{5}).text, "000000000101");
}

TEST_F(CppContainers, ATupleIsInTheOrderItWasDeclared) {
  const TypeId number = b.i32(), floating = b.base("double", 8, Encoding::floating);
  const TypeId last =
      b.record("std::_Head_base<1, double, false>", 8, {b.field("_M_head_impl", 0, floating)});
  const TypeId rest = b.record("std::_Tuple_impl<1, double>", 8, {base_of(last)});
  const TypeId first = b.record("std::_Head_base<0, int, false>", 4, {b.field("_M_head_impl", 0, number)});
  Field at_eight = base_of(first);
  at_eight.offset = 8;
  const TypeId both = b.record("std::_Tuple_impl<0, int, double>", 16, {base_of(rest), at_eight});
  const TypeId type = b.record("std::tuple<int, double>", 16, {base_of(both)}, {{"_Elements", number}});
  memory.put(here, 2.5);
  memory.put(here + 8, std::uint64_t{1});
  EXPECT_EQ(at_here(type).text, "(1, 2.5)");
}

TEST_F(CppContainers, AnOptionalHoldsAValueOrNone) {
  const TypeId type = b.record(
      "std::optional<int>", 8,
      {b.field("_M_value", 0, b.i32()), b.field("_M_engaged", 4, b.base("bool", 1, Encoding::boolean))});
  EXPECT_EQ(of(type, std::array<std::int32_t, 2>{5, 1}).text, "optional(5)");
  EXPECT_EQ(of(type, std::array<std::int32_t, 2>{5, 0}).text, "nullopt");
  EXPECT_EQ(of(type, std::array<std::int32_t, 2>{5, 7}).text, "{_M_value: 5, _M_engaged: 7 (not a bool)}");
}

TEST_F(CppContainers, AVariantIsItsActiveAlternative) {
  const TypeId floating = b.base("double", 8, Encoding::floating);
  const TypeId type =
      b.record("std::variant<int, double>", 16,
               {b.field("_M_u", 0, b.record("std::_Variadic_union", 8, {})), b.field("_M_index", 8, b.u8())},
               {{"_Types", b.i32()}, {"_Types", floating}});
  memory.put(here, 2.5);
  memory.put(here + 8, std::uint64_t{1});
  EXPECT_EQ(at_here(type).text, "double(2.5)");
  memory.put(here + 8, std::uint64_t{0xff});
  EXPECT_EQ(at_here(type).text, "valueless");
  memory.put(here + 8, std::uint64_t{2});
  EXPECT_EQ(at_here(type).kind, ValueKind::record);
}

TEST_F(CppContainers, AnAnySaysByItsManagerWhatItHolds) {
  const TypeId storage = b.record("std::any::_Storage", 8, {});
  const TypeId type =
      b.record("std::any", 16, {b.field("_M_manager", 0, b.usize()), b.field("_M_storage", 8, storage)});
  b.i32();
  b.recording.symbols.push_back(
      {{0x9000}, 16, "std::any::_Manager_internal<int>::_S_manage", SymbolKind::function});
  EXPECT_EQ(of(type, std::array<std::uint64_t, 2>{0x9000, 42}).text, "any<int>(42)");
  EXPECT_EQ(of(type, std::array<std::uint64_t, 2>{0, 0}).text, "any()");
  EXPECT_EQ(of(type, std::array<std::uint64_t, 2>{0x8000, 0}).kind, ValueKind::record);
}

TEST_F(CppContainers, ADurationSaysItsUnit) {
  const TypeId count = b.base("long", 8, Encoding::signed_int);
  const TypeId milli = b.record("std::ratio<1, 1000>", 1, {});
  const TypeId type = b.record("std::chrono::duration<long, std::ratio<1, 1000> >", 8,
                               {b.field("__r", 0, count)}, {{"_Rep", count}, {"_Period", milli}});
  EXPECT_EQ(of(type, std::int64_t{1500}).text, "1500 ms");
}

TEST_F(CppContainers, AnAtomicAndAnAdapterAreWhatTheyHold) {
  const TypeId atomic = b.record("std::atomic<int>", 4, {b.field("_M_i", 0, b.i32())});
  EXPECT_EQ(of(atomic, std::int32_t{5}).text, "5");
  const TypeId stack = b.record("std::stack<int, std::atomic<int> >", 4, {b.field("c", 0, atomic)});
  EXPECT_EQ(of(stack, std::int32_t{5}).text, "5");
}

TEST_F(CppContainers, AStructureThatHoldsItselfEnds) {
  // A forged type: a stack of stacks of itself.
  const TypeId stack = b.record("std::stack<int>", 8, {});
  b.recording.types[stack.value].fields = {b.field("c", 0, stack)};
  EXPECT_LT(of(stack, std::uint64_t{0}).text.size(), 1000u);
}

}  // namespace
}  // namespace situ
