#include <array>

#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

using Words = std::vector<std::uint64_t>;

struct RustContainers : DecodeTest {
  static constexpr std::uint64_t table = 0x3000, garbage = 0xdeadbeefdeadbeef;

  TypeId wrapper(std::string name, TypeId held, std::string field = "value") {
    const std::uint64_t size = b.recording.at(held).size.value_or(0);
    return b.record(std::move(name), size, {b.field(std::move(field), 0, held)});
  }
  TypeId unsafe_cell(TypeId held) { return wrapper("core::cell::UnsafeCell<T>", held); }
  TypeId non_null(TypeId target) {
    return wrapper("core::ptr::non_null::NonNull<T>", b.pointer("*const T", target), "pointer");
  }
  TypeId option_of(TypeId payload, std::uint64_t size) {
    Type made = b.blank("core::option::Option<T>", TypeKind::choice, size);
    const TypeId none = b.record("None", size, {});
    const TypeId some = b.record("Some", size, {b.field("__0", 0, payload)});
    made.discriminant = b.field("", 0, b.usize());
    made.variants = {{"None", 0, none, 0}, {"Some", std::nullopt, some, 0}};
    return b.type(made);
  }
  void words(std::uint64_t at, const Words& all) {
    for (std::size_t i = 0; i < all.size(); ++i) memory.put(at + 8 * i, all[i]);
  }

  // HashMap<i32, i32>: ctrl, bucket_mask, growth_left, items.
  TypeId hash_map(std::string name = "std::collections::hash::map::HashMap<i32, i32>") {
    const TypeId pair = b.record("(i32, i32)", 8, {b.field("__0", 0, b.i32()), b.field("__1", 4, b.i32())});
    const TypeId inner = b.record("hashbrown::raw::RawTableInner", 32,
                                  {b.field("ctrl", 0, non_null(b.u8())), b.field("bucket_mask", 8, b.usize()),
                                   b.field("growth_left", 16, b.usize()), b.field("items", 24, b.usize())});
    const TypeId raw =
        b.record("hashbrown::raw::RawTable<(i32, i32)>", 32, {b.field("table", 0, inner)}, {{"T", pair}});
    return b.record(std::move(name), 32, {b.field("base", 0, raw)});
  }
  // Four buckets, of which 0 and 2 are full: 1 => 10 and 3 => 30.
  void small_table() {
    memory.put(table, std::array<std::uint8_t, 4>{0x11, 0xff, 0x22, 0x80});
    memory.put(table - 8, std::array<std::int32_t, 2>{1, 10});
    memory.put(table - 24, std::array<std::int32_t, 2>{3, 30});
  }

  // BTreeMap<i32, i32>, its leaf and inner nodes.
  TypeId tree() {
    const TypeId keys = b.array(b.i32(), 11);
    const TypeId leaf_pointer = b.pointer("*const LeafNode", std::nullopt);
    const TypeId leaf = b.record("alloc::collections::btree::node::LeafNode<i32, i32>", 104, {});
    b.recording.types[leaf_pointer.value].target = leaf;
    const TypeId inner =
        b.record("alloc::collections::btree::node::InternalNode<i32, i32>", 200,
                 {b.field("data", 0, leaf), b.field("edges", 104, b.array(leaf_pointer, 12))});
    b.recording.types[leaf.value].fields = {b.field("parent", 0, option_of(non_null(inner), 8)),
                                            b.field("keys", 8, keys), b.field("vals", 52, keys),
                                            b.field("len", 98, b.base("u16", 2, Encoding::unsigned_int))};
    const TypeId reference =
        b.record("NodeRef", 16, {b.field("node", 0, non_null(leaf)), b.field("height", 8, b.usize())});
    return b.record("alloc::collections::btree::map::BTreeMap<i32, i32>", 24,
                    {b.field("root", 0, option_of(reference, 16)), b.field("length", 16, b.usize())});
  }
  // A node with these keys and ten times them as values.
  void node(std::uint64_t at, const std::vector<std::int32_t>& keys, const Words& edges = {}) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      memory.put(at + 8 + 4 * i, keys[i]);
      memory.put(at + 52 + 4 * i, keys[i] * 10);
    }
    memory.put(at + 98, static_cast<std::uint16_t>(keys.size()));
    words(at + 104, edges);
  }

  TypeId list() {
    const TypeId node_type = b.record("alloc::collections::linked_list::Node<i32>", 24, {});
    const TypeId link = option_of(non_null(node_type), 8);
    b.recording.types[node_type.value].fields = {b.field("next", 0, link), b.field("prev", 8, link),
                                                 b.field("element", 16, b.i32())};
    return b.record("alloc::collections::linked_list::LinkedList<i32>", 24,
                    {b.field("head", 0, link), b.field("tail", 8, link), b.field("len", 16, b.usize())});
  }
  void list_node(std::uint64_t at, std::uint64_t next, std::int32_t element) {
    words(at, {next, 0});
    memory.put(at + 16, element);
  }

  TypeId deque_195() {
    const TypeId buf = b.record("alloc::raw_vec::RawVec<i32>", 16,
                                {b.field("cap", 0, b.usize()), b.field("ptr", 8, non_null(b.u8()))});
    return b.record("alloc::collections::vec_deque::VecDeque<i32>", 32,
                    {b.field("buf", 0, buf), b.field("head", 16, b.usize()), b.field("len", 24, b.usize())},
                    {{"T", b.i32()}});
  }
  TypeId deque_163() {
    const TypeId buf = b.record("alloc::raw_vec::RawVec<i32>", 16,
                                {b.field("ptr", 0, non_null(b.i32())), b.field("cap", 8, b.usize())});
    return b.record("alloc::collections::vec_deque::VecDeque<i32>", 32,
                    {b.field("tail", 0, b.usize()), b.field("head", 8, b.usize()), b.field("buf", 16, buf)},
                    {{"T", b.i32()}});
  }
  TypeId ref_cell() {
    const TypeId isize = b.base("isize", 8, Encoding::signed_int);
    return b.record("core::cell::RefCell<i32>", 16,
                    {b.field("borrow", 0, wrapper("core::cell::Cell<isize>", unsafe_cell(isize))),
                     b.field("value", 8, unsafe_cell(b.i32()))});
  }
};

TEST_F(RustContainers, AHashMapIsItsFullBuckets) {
  small_table();
  words(here, {table, 3, 1, 2});
  const Value value = at_here(hash_map());
  EXPECT_EQ(value.text, "{1: 10, 3: 30}");
  EXPECT_EQ(value.kind, ValueKind::sequence);
  EXPECT_EQ(value.length, 2u);
  ASSERT_EQ(value.elements.size(), 2u);
  EXPECT_EQ(value.elements[1].fields[0].name, "key");
  EXPECT_EQ(value.elements[1].fields[1].value.number, 30);
}

TEST_F(RustContainers, AHashSetIsItsKeys) {
  small_table();
  words(here, {table, 3, 1, 2});
  EXPECT_EQ(at_here(hash_map("std::collections::hash::set::HashSet<i32>")).text, "{1, 3}");
}

TEST_F(RustContainers, AnEmptyHashMapNeedsNoTable) {
  words(here, {garbage, 0, 0, 0});
  EXPECT_EQ(at_here(hash_map()).text, "{}");
}

TEST_F(RustContainers, WordsThatCannotBeAHashTableAreShownAsTheyAre) {
  small_table();
  for (const Words& wrong : {Words{table, 2, 1, 2}, Words{table, ~std::uint64_t{0}, 0, 2}, Words{0, 3, 1, 2},
                             Words{garbage, 3, 1, 2}, Words{table, 3, 1, 3}, Words{table, 3, 9, 2},
                             Words{garbage, (std::uint64_t{1} << 40) - 1, 0, 1 << 20}}) {
    words(here, wrong);
    EXPECT_EQ(at_here(hash_map()).kind, ValueKind::record) << wrong[0] << " " << wrong[1];
  }
}

TEST_F(RustContainers, ATreeIsWalkedInOrderThroughItsNodes) {
  node(0x4000, {5}, {0x5000, 0x6000});
  node(0x5000, {1, 3});
  node(0x6000, {7});
  words(here, {0x4000, 1, 4});
  EXPECT_EQ(at_here(tree()).text, "{1: 10, 3: 30, 5: 50, 7: 70}");
}

TEST_F(RustContainers, ALeafByItselfShowsTheKeysItHas) {
  tree();
  node(here, {1, 3});
  const auto leaf = std::ranges::find(b.recording.types,
                                      "alloc::collections::btree::node::LeafNode<i32, i32>", &Type::name);
  const TypeId id{static_cast<std::uint32_t>(leaf - b.recording.types.begin())};
  EXPECT_EQ(at_here(id).text, "{1: 10, 3: 30}");
}

TEST_F(RustContainers, ATreeThatContainsItselfEnds) {
  node(0x4000, {5}, {0x4000, 0x4000});
  words(here, {0x4000, 20, ~std::uint64_t{0}});
  EXPECT_NE(at_here(tree()).kind, ValueKind::unavailable);
  words(here, {0x4000, garbage, 4});
  EXPECT_EQ(at_here(tree()).kind, ValueKind::record);
  words(here, {garbage, 1, 4});
  EXPECT_EQ(at_here(tree()).kind, ValueKind::record);
}

TEST_F(RustContainers, ATreeWithAMissingNodeSaysHowManyMoreThereAre) {
  node(0x4000, {5}, {0x5000, 0x6000});
  node(0x5000, {1, 3});
  words(here, {0x4000, 1, 5});
  const Value value = at_here(tree());
  EXPECT_EQ(value.text, "{1: 10, 3: 30, 5: 50, … 2 more}");
  EXPECT_TRUE(value.cut);
}

TEST_F(RustContainers, AListFollowsItsNodes) {
  list_node(0x4000, 0x5000, 1);
  list_node(0x5000, 0, 2);
  words(here, {0x4000, 0x5000, 2});
  EXPECT_EQ(at_here(list()).text, "[1, 2]");
  words(here, {0, 0, 0});
  EXPECT_EQ(at_here(list()).text, "[]");
}

TEST_F(RustContainers, AListThatIsARingOrTooShortIsShownAsItIs) {
  list_node(0x4000, 0x4000, 1);
  for (const Words& wrong : {Words{0x4000, 0x4000, 3}, Words{0x4000, 0x4000, 1}, Words{garbage, 0x4000, 2},
                             Words{0, 0, 5}, Words{0x4000, 0x4000, 0}}) {
    words(here, wrong);
    EXPECT_EQ(at_here(list()).kind, ValueKind::record) << wrong[0] << " " << wrong[2];
  }
  words(here, {0x4000, 0x4000, ~std::uint64_t{0}});
  EXPECT_LE(at_here(list()).elements.size(), 25u);
}

TEST_F(RustContainers, ADequeWrapsAroundItsBufferInBothReleases) {
  memory.put(there, std::array<std::int32_t, 4>{4, 5, 2, 3});
  words(here, {4, there, 2, 4});
  EXPECT_EQ(at_here(deque_195()).text, "[2, 3, 4, 5]");
  words(here, {2, 1, there, 4});
  EXPECT_EQ(at_here(deque_163()).text, "[2, 3, 4]");
}

TEST_F(RustContainers, WordsThatCannotBeADequeAreShownAsTheyAre) {
  memory.put(there, std::array<std::int32_t, 4>{4, 5, 2, 3});
  for (const Words& wrong : {Words{4, there, 2, 5}, Words{4, garbage, 2, 3}, Words{4, there, 9, 1},
                             Words{~std::uint64_t{0}, there, 0, ~std::uint64_t{0}}}) {
    words(here, wrong);
    EXPECT_EQ(at_here(deque_195()).kind, ValueKind::record) << wrong[0] << " " << wrong[3];
  }
  words(here, {2, 1, there, 3});  // no power of two
  EXPECT_EQ(at_here(deque_163()).kind, ValueKind::record);
}

TEST_F(RustContainers, ARefCellSaysHowItIsBorrowed) {
  const TypeId type = ref_cell();
  words(here, {0, 6});
  EXPECT_EQ(at_here(type).text, "RefCell(6) (not borrowed)");
  words(here, {2, 6});
  EXPECT_EQ(at_here(type).text, "RefCell(6) (borrowed ×2)");
  words(here, {~std::uint64_t{0}, 6});
  EXPECT_EQ(at_here(type).text, "RefCell(6) (borrowed mut)");
  words(here, {garbage, 6});
  EXPECT_EQ(at_here(type).text.substr(0, 1), "{");
}

TEST_F(RustContainers, WrappersAreSeenThrough) {
  const TypeId inner = wrapper("core::num::niche_types::NonZeroU32Inner", b.i32(), "__0");
  EXPECT_EQ(of(wrapper("core::num::nonzero::NonZero<u32>", inner, "__0"), 5).text, "5");
  const TypeId atomic = wrapper("core::sync::atomic::AtomicBool", unsafe_cell(b.u8()), "v");
  EXPECT_EQ(of(atomic, std::uint8_t{1}).text, "1");
  b.base("bool", 1, Encoding::boolean);
  EXPECT_EQ(of(atomic, std::uint8_t{1}).text, "true");
  EXPECT_EQ(of(non_null(b.i32()), there).text, "0x2000");
}

TEST_F(RustContainers, ALockSaysWhoHoldsItAndWhetherItIsPoisoned) {
  const TypeId word = b.base("u32", 4, Encoding::unsigned_int);
  const TypeId futex = b.record("std::sys::sync::mutex::futex::Mutex", 4, {b.field("futex", 0, word)});
  const TypeId flag = b.record("std::sync::poison::Flag", 1, {b.field("failed", 0, b.u8())});
  const TypeId mutex = b.record(
      "std::sync::poison::mutex::Mutex<i32>", 12,
      {b.field("inner", 0, futex), b.field("poison", 4, flag), b.field("data", 8, unsafe_cell(b.i32()))});
  EXPECT_EQ(of(mutex, std::array<std::uint32_t, 3>{0, 0, 3}).text, "Mutex(3) (unlocked)");
  EXPECT_EQ(of(mutex, std::array<std::uint32_t, 3>{1, 1, 3}).text, "Mutex(3) (locked, poisoned)");
  EXPECT_EQ(of(mutex, std::array<std::uint32_t, 3>{77, 0, 3}).text.substr(0, 1), "{");
}

TEST_F(RustContainers, RangesAndSpansOfTimeAreWrittenAsPeopleDo) {
  const TypeId range =
      b.record("core::ops::range::Range<i32>", 8, {b.field("end", 4, b.i32()), b.field("start", 0, b.i32())});
  EXPECT_EQ(of(range, std::array<std::int32_t, 2>{0, 5}).text, "0..5");
  const TypeId duration = b.record(
      "core::time::Duration", 16,
      {b.field("secs", 0, b.usize()), b.field("nanos", 8, b.base("u32", 4, Encoding::unsigned_int))});
  EXPECT_EQ(of(duration, std::array<std::uint64_t, 2>{1, 500'000'000}).text, "1.5s");
  EXPECT_EQ(of(duration, std::array<std::uint64_t, 2>{0, 1'250}).text, "1.25µs");
  EXPECT_EQ(of(duration, std::array<std::uint64_t, 2>{0, 0}).text, "0ns");
  EXPECT_EQ(of(duration, std::array<std::uint64_t, 2>{1, 4'000'000'000}).text.substr(0, 1), "{");
}

TEST_F(RustContainers, AClosureIsWhatItCaptured) {
  const TypeId type =
      b.record("article::main::{closure_env#0}", 16,
               {b.field("_ref__other", 0, b.pointer("&i32", b.i32())), b.field("cap", 8, b.i32())});
  words(here, {there, 5});
  EXPECT_EQ(at_here(type).text, "closure {&other, cap: 5}");
}

TEST_F(RustContainers, ADynPointerNamesTheTypeOfItsVtable) {
  const TypeId dog = b.record("pets::Dog", 4, {b.field("age", 0, b.i32())});
  const TypeId vtable = b.pointer("&[usize; 4]", b.usize());
  const TypeId type = b.record(
      "alloc::boxed::Box<dyn pets::Speak, alloc::alloc::Global>", 16,
      {b.field("pointer", 0, b.pointer("dyn pets::Speak*", std::nullopt)), b.field("vtable", 8, vtable)});
  words(here, {there, table});
  EXPECT_EQ(at_here(type).text, "0x2000");
  b.recording.symbols.push_back({{table}, 32, "<pets::Dog as pets::Speak>::{vtable}", SymbolKind::vtable});
  const Value value = at_here(type);
  EXPECT_EQ(value.text, "0x2000 (Dog)");
  EXPECT_EQ(value.pointee, dog);
  EXPECT_EQ(value.pointer_kind, PointerKind::owner);
}

TEST_F(RustContainers, ASliceOfBoxedTextsIsNoText) {
  const TypeId boxed =
      b.record("alloc::boxed::Box<str, alloc::alloc::Global>", 16,
               {b.field("data_ptr", 0, b.pointer("*const u8", b.u8())), b.field("length", 8, b.usize())});
  const TypeId slice = b.record(
      "&[alloc::boxed::Box<str, alloc::alloc::Global>]", 16,
      {b.field("data_ptr", 0, b.pointer("*const Box<str>", boxed)), b.field("length", 8, b.usize())});
  memory.put_text(table, "hi");
  words(there, {table, 2});
  words(here, {there, 1});
  EXPECT_EQ(at_here(slice).text, "[\"hi\"]");
}

TEST_F(RustContainers, ACStrEndsBeforeItsNul) {
  const TypeId c_str = b.record("core::ffi::c_str::CStr", 0, {b.field("inner", 0, b.u8())});
  const TypeId type =
      b.record("&core::ffi::c_str::CStr", 16,
               {b.field("data_ptr", 0, b.pointer("CStr*", c_str)), b.field("length", 8, b.usize())});
  memory.put(there, std::array<char, 3>{'h', 'i', 0});
  words(here, {there, 3});
  EXPECT_EQ(at_here(type).text, "\"hi\"");
  EXPECT_EQ(at_here(type).length, 2u);
}

TEST_F(RustContainers, AnyWordsInAnyTypeEnd) {
  const std::array<TypeId, 6> types = {hash_map(), tree(), list(), deque_195(), deque_163(), ref_cell()};
  const std::array<std::uint64_t, 8> values = {0, 1, 8, here, there, table, garbage, ~std::uint64_t{0}};
  memory.put(there, std::array<std::uint64_t, 64>{});
  for (const TypeId type : types) {
    for (std::size_t seed = 0; seed < 512; ++seed) {
      words(here, {values[seed & 7], values[(seed >> 3) & 7], values[(seed >> 6) & 7], values[seed % 7]});
      EXPECT_FALSE(at_here(type).text.empty());
    }
  }
}

}  // namespace
}  // namespace situ
