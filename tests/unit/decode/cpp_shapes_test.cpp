#include <array>

#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

struct CppShapes : DecodeTest {
  CppShapes() { b.language = Language::cpp; }

  TypeId string() {
    const TypeId character = b.base("char", 1, Encoding::character);
    const TypeId hider = b.record("std::__cxx11::basic_string<char>::_Alloc_hider", 8,
                                  {b.field("_M_p", 0, b.pointer("char *", character))});
    Type either = b.blank("", TypeKind::union_type, 16);
    either.fields = {b.field("_M_local_buf", 0, b.array(character, 16)),
                     b.field("_M_allocated_capacity", 0, b.usize())};
    return b.record("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >", 32,
                    {b.field("_M_dataplus", 0, hider), b.field("_M_string_length", 8, b.usize()),
                     b.field("", 16, b.type(either))});
  }
  TypeId vector(TypeId element) {
    const TypeId pointer = b.pointer("int *", element);
    const TypeId data = b.record("std::_Vector_base<int>::_Vector_impl_data", 24,
                                 {b.field("_M_start", 0, pointer), b.field("_M_finish", 8, pointer),
                                  b.field("_M_end_of_storage", 16, pointer)});
    Field base = b.field("", 0, data);
    base.base_class = true;
    const TypeId impl = b.record("std::_Vector_base<int>::_Vector_impl", 24, {base});
    const TypeId holder = b.record("std::_Vector_base<int>", 24, {b.field("_M_impl", 0, impl)});
    Field outer = b.field("", 0, holder);
    outer.base_class = true;
    return b.record("std::vector<int, std::allocator<int> >", 24, {outer});
  }
};

TEST_F(CppShapes, ASmallStringLiesInItself) {
  memory.put(here, std::array<std::uint64_t, 4>{here + 16, 2, 0, 0});
  memory.put_text(here + 16, std::string_view("hi\0", 3));
  const Value value = at_here(string());
  EXPECT_EQ(value.text, "\"hi\"");
  EXPECT_EQ(value.capacity, 15u);
  EXPECT_EQ(value.target, Address{here + 16});
}

TEST_F(CppShapes, ALongStringLiesOnTheHeap) {
  memory.put(here, std::array<std::uint64_t, 4>{there, 20, 30, 0});
  memory.put_text(there, "twenty characters ok");
  const Value value = at_here(string());
  EXPECT_EQ(value.text, "\"twenty characters ok\"");
  EXPECT_EQ(value.capacity, 30u);
  EXPECT_EQ(value.pointer_kind, PointerKind::owner);
}

TEST_F(CppShapes, AStringOfWhichOnlyTheDeclarationIsKnownHasAKnownLayout) {
  Type declared = b.blank("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
                          TypeKind::record, std::nullopt);
  declared.declaration_only = true;
  memory.put(here, std::array<std::uint64_t, 4>{there, 2, 30, 0});
  memory.put_text(there, "hi");
  EXPECT_EQ(at_here(b.type(declared)).text, "\"hi\"");
}

TEST_F(CppShapes, AVectorIsItsElements) {
  memory.put(there, std::array<std::int32_t, 4>{7, 8, 9, 0});
  memory.put(here, std::array<std::uint64_t, 3>{there, there + 12, there + 16});
  const Value value = at_here(vector(b.i32()));
  EXPECT_EQ(value.text, "[7, 8, 9]");
  EXPECT_EQ(value.length, 3u);
  EXPECT_EQ(value.capacity, 4u);
}

TEST_F(CppShapes, AVectorWhoseEndsAreCrossedIsShownAsItIs) {
  memory.put(here, std::array<std::uint64_t, 3>{there, there - 4, there + 16});
  EXPECT_EQ(at_here(vector(b.i32())).kind, ValueKind::record);
}

TEST_F(CppShapes, AUniquePointerIsThePointerNotItsDeleter) {
  const TypeId pointer = b.pointer("int *", b.i32());
  Type call = b.blank("void (int *)", TypeKind::function, std::nullopt);
  const TypeId deleter = b.pointer("void (*)(int *)", b.type(call));
  const TypeId second =
      b.record("std::_Head_base<1, void (*)(int *), false>", 8, {b.field("_M_head_impl", 0, deleter)});
  const TypeId first = b.record("std::_Head_base<0, int *, false>", 8, {b.field("_M_head_impl", 0, pointer)});
  const TypeId tuple =
      b.record("std::tuple<int *, void (*)(int *)>", 16, {b.field("b1", 0, second), b.field("b0", 8, first)});
  const TypeId unique = b.record("std::unique_ptr<int, void (*)(int *)>", 16, {b.field("_M_t", 0, tuple)});
  memory.put(here, std::array<std::uint64_t, 2>{0x401000, there});
  const Value value = at_here(unique);
  EXPECT_EQ(value.target, Address{there});
  EXPECT_EQ(value.pointer_offset, 8u);
  EXPECT_EQ(value.pointer_kind, PointerKind::owner);
}

TEST_F(CppShapes, ASharedPointerShowsItsCounts) {
  const TypeId counts = b.record("std::_Sp_counted_base<2>", 16, {});
  const TypeId refcount =
      b.record("std::__shared_count<2>", 8, {b.field("_M_pi", 0, b.pointer("*", counts))});
  const TypeId base =
      b.record("std::__shared_ptr<int, 2>", 16,
               {b.field("_M_ptr", 0, b.pointer("int *", b.i32())), b.field("_M_refcount", 8, refcount)});
  Field outer = b.field("", 0, base);
  outer.base_class = true;
  const TypeId shared = b.record("std::shared_ptr<int>", 16, {outer});
  memory.put(here, std::array<std::uint64_t, 2>{there + 16, there});
  memory.put(there, std::uint64_t{0});
  memory.put(there + 8, std::array<std::int32_t, 2>{2, 2});
  EXPECT_EQ(at_here(shared).text, "0x2010 (strong 2, weak 1)");
}

}  // namespace
}  // namespace situ
