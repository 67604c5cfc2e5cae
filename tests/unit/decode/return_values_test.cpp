#include <array>
#include <cstring>

#include "one_frame_fixture.h"

namespace situ {
namespace {

struct ReturnValue : OneFrame {
  // f, declared to return `type`, has just returned with these registers.
  std::optional<Value> of(TypeId type, std::uint64_t rax, std::uint64_t rdx = 0) {
    line(1);
    const FrameId f = call("f", 1);
    b.recording.functions.back().return_type = type;
    return_from(f);
    b.recording.steps.back().rax = rax;
    b.recording.steps.back().rdx = rdx;
    if (vectors) {
      Step& step = b.recording.steps.back();
      std::memcpy(step.xmm0.emplace().data(), vectors->data(), sizeof(double));
      std::memcpy(step.xmm1.emplace().data(), vectors->data() + 1, sizeof(double));
    }
    b.recording.steps.back().st0 = extended;
    Decoder decoder(b.recording);
    return decoder.return_value(b.now());
  }

  std::optional<std::array<double, 2>> vectors;
  std::optional<std::array<std::byte, 10>> extended;
};

TEST_F(ReturnValue, ASmallStructComesInOneRegister) {
  begin("", Language::cpp);
  const TypeId pair = b.record("Pair", 8, {b.field("a", 0, integer), b.field("b", 4, integer)});
  EXPECT_EQ(of(pair, 0x0000000200000001)->text, "{a: 1, b: 2}");
}

TEST_F(ReturnValue, ALargerOneInTwo) {
  begin("", Language::cpp);
  const TypeId number = b.usize();
  const TypeId pair = b.record("Wide", 16, {b.field("a", 0, number), b.field("b", 8, integer)});
  EXPECT_EQ(of(pair, 7, 9)->text, "{a: 7, b: 9}");
}

TEST_F(ReturnValue, WhatIsLargerThanTwoRegistersLiesWhereRaxSays) {
  begin("", Language::cpp);
  const TypeId row = b.record("Row", 24, {b.field("a", 0, b.usize()), b.field("b", 16, integer)});
  b.write(cfa - 0x40, std::array<std::uint64_t, 3>{5, 0, 6});
  EXPECT_EQ(of(row, cfa - 0x40)->text, "{a: 5, b: 6}");
}

TEST_F(ReturnValue, AClassWithADestructorLiesInMemoryHoweverSmall) {
  begin("", Language::cpp);
  const TypeId unique = b.record("std::unique_ptr<int, std::default_delete<int> >", 8,
                                 {b.field("_M_head_impl", 0, b.pointer("int *", integer))});
  word(-0x40, heap);
  EXPECT_EQ(of(unique, cfa - 0x40)->text, "0x5555555b52a0");
}

TEST_F(ReturnValue, FloatingPointRegistersAreNotGuessed) {
  begin("", Language::cpp);
  EXPECT_EQ(of(b.base("double", 8, Encoding::floating), 5), std::nullopt);
}

TEST_F(ReturnValue, AFloatingPointNumberComesInAVectorRegister) {
  begin("", Language::cpp);
  const TypeId number = b.base("double", 8, Encoding::floating);
  vectors = {1.5, 2.5};
  EXPECT_EQ(of(number, 5)->text, "1.5");
  EXPECT_EQ(of(b.record("Point", 16, {b.field("x", 0, number), b.field("y", 8, number)}), 5)->text,
            "{x: 1.5, y: 2.5}");
  EXPECT_EQ(of(b.record("Mixed", 16, {b.field("n", 0, b.usize()), b.field("y", 8, number)}), 7)->text,
            "{n: 7, y: 1.5}");
}

TEST_F(ReturnValue, ALongDoubleComesOnTheX87Stack) {
  begin("", Language::cpp);
  const long double number = 2.5L;
  extended.emplace();
  std::memcpy(extended->data(), &number, extended->size());
  EXPECT_EQ(of(b.base("long double", 16, Encoding::floating), 5)->text, "2.5");
}

TEST_F(ReturnValue, ARustValueIsReadWhereItWasReceived) {
  begin("let v = f();\nrest();\n");
  const TypeId point = b.record("p::Point", 24, {b.field("x", 0, b.usize()), b.field("y", 8, b.usize())});
  local("v", point, -0x20, 1);
  line(1);
  const FrameId f = call("f", 1);
  b.recording.functions.back().return_type = point;
  return_from(f);
  const StepIndex returned = b.now();
  b.recording.steps.back().rax = cfa - 0x20;
  line(2);
  b.write(cfa - 0x20, std::array<std::uint64_t, 3>{1, 2, 0});
  Decoder decoder(b.recording);
  EXPECT_EQ(decoder.return_value(returned)->text, "{x: 1, y: 2}");
}

TEST_F(ReturnValue, WhatNoVariableReceivedIsNotInvented) {
  begin("g(f());\nrest();\n");
  const TypeId point = b.record("p::Point", 24, {b.field("x", 0, b.usize())});
  EXPECT_EQ(of(point, cfa - 0x20), std::nullopt);
}

}  // namespace
}  // namespace situ
