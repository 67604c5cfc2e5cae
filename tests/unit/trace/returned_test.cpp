#include "trace/returned.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

class Returned : public testing::Test {
 protected:
  TypeId add(TypeKind kind, std::uint64_t size, Encoding encoding = Encoding::none) {
    Type type;
    type.kind = kind;
    type.size = size;
    type.encoding = encoding;
    recording_.types.push_back(std::move(type));
    return {static_cast<std::uint32_t>(recording_.types.size() - 1)};
  }
  TypeId record(std::uint64_t size, TypeId part) {
    const TypeId id = add(TypeKind::record, size);
    Field field;
    field.type = part;
    recording_.types[id.value].fields.push_back(field);
    return id;
  }

  Recording recording_;
};

TEST_F(Returned, NumbersWithAFractionComeBackInFloatRegisters) {
  const TypeId integer = add(TypeKind::base, 4, Encoding::signed_int);
  const TypeId fraction = add(TypeKind::base, 8, Encoding::floating);
  const TypeId alias = add(TypeKind::alias, 8);
  recording_.types[alias.value].target = fraction;
  EXPECT_TRUE(returned_in_float_registers(recording_, fraction));
  EXPECT_TRUE(returned_in_float_registers(recording_, alias));
  EXPECT_TRUE(returned_in_float_registers(recording_, record(16, fraction)));
  EXPECT_FALSE(returned_in_float_registers(recording_, integer));
  EXPECT_FALSE(returned_in_float_registers(recording_, record(16, integer)));
  EXPECT_FALSE(returned_in_float_registers(recording_, record(40, fraction))) << "in memory";
}

TEST_F(Returned, ARecordThatHoldsItselfEnds) {
  const TypeId loop = record(8, TypeId{0});
  EXPECT_FALSE(returned_in_float_registers(recording_, loop));
}

TEST_F(Returned, OnlyWhatHasPartsMayComeBackInMemory) {
  const TypeId integer = add(TypeKind::base, 4, Encoding::signed_int);
  EXPECT_EQ(returned_in_memory(recording_, integer), 0U);
  EXPECT_EQ(returned_in_memory(recording_, record(24, integer)), 24U);
}

}  // namespace
}  // namespace situ
