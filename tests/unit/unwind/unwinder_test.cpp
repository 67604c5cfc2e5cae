#include "unwind/unwinder.h"

#include <elf.h>
#include <gtest/gtest.h>

#include "unit/unwind/byte_writer.h"
#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

// A module of one page at `base`, with the code of four functions:
//   0x100..0x120 outermost: its return address is undefined
//   0x120..0x140 middle: pushes rbx, then 16 bytes; ends with a call that never returns
//   0x140..0x160 leaf: never touches the stack
//   0x200..      no information
constexpr Address base{0x400000};

class FakeModule {
 public:
  FakeModule() {
    ByteWriter frames;
    const std::size_t undefined = put_cie(frames, {0x0c, 7, 8, 0x07, 16});
    rows_.push_back(put_fde(frames, undefined, 0x100, {}));
    const std::size_t usual = put_cie(frames, {0x0c, 7, 8, 0x90, 1});
    // advance 1, CFA +16, rbx at CFA - 16, advance 4, CFA +32
    rows_.push_back(put_fde(frames, usual, 0x120, {0x41, 0x0e, 16, 0x83, 2, 0x44, 0x0e, 32}));
    rows_.push_back(put_fde(frames, usual, 0x140, {}));
    frames.u32(0);

    ByteWriter header;
    header.u8(1).u8(0x1b).u8(0x03).u8(0x3b).u32(0).u32(rows_.size());
    std::uint64_t start = 0x100;
    for (const std::size_t row : rows_) {
      header.put(static_cast<std::int32_t>(start) - header_at)
          .put(static_cast<std::int32_t>(frames_at + static_cast<int>(row)) - header_at);
      start += 0x20;
    }
    image_.resize(0x1000);
    put_elf_headers(header.bytes.size());
    copy(header_at, header.bytes);
    copy(frames_at, frames.bytes);
  }

  std::vector<std::byte> image() const { return image_; }
  std::vector<Mapping> maps() const {
    Mapping m;
    m.range = {base, base + 0x1000};
    m.readable = m.executable = true;
    m.inode = 1;
    m.path = "/not/a/file";
    return {m};
  }

 private:
  static constexpr int header_at = 0x800, frames_at = 0xa00;

  static std::size_t put_cie(ByteWriter& out, std::initializer_list<unsigned> rules) {
    const std::size_t cie = out.begin();
    out.u32(0).u8(1).text("zR").u8(1).u8(0x78).u8(16).u8(1).u8(0x1b).raw(rules);
    out.end(cie);
    return cie;
  }
  static std::size_t put_fde(ByteWriter& out, std::size_t cie, int start,
                             std::initializer_list<unsigned> rules) {
    const std::size_t fde = out.begin();
    out.u32(out.bytes.size() - cie);
    const int here = frames_at + static_cast<int>(out.bytes.size());
    out.put(std::int32_t{start - here}).u32(0x20).u8(0).raw(rules);
    out.end(fde);
    return fde;
  }
  void put_elf_headers(std::size_t header_size) {
    Elf64_Ehdr elf{};
    std::memcpy(elf.e_ident, ELFMAG, SELFMAG);
    elf.e_ident[EI_CLASS] = ELFCLASS64;
    elf.e_phoff = sizeof elf;
    elf.e_phentsize = sizeof(Elf64_Phdr);
    elf.e_phnum = 2;
    Elf64_Phdr program[2]{};
    program[0].p_type = PT_LOAD;
    program[0].p_memsz = 0x1000;
    program[1].p_type = PT_GNU_EH_FRAME;
    program[1].p_vaddr = header_at;
    program[1].p_memsz = header_size;
    std::memcpy(image_.data(), &elf, sizeof elf);
    std::memcpy(image_.data() + sizeof elf, program, sizeof program);
  }
  void copy(int at, const std::vector<std::byte>& bytes) {
    std::copy(bytes.begin(), bytes.end(), image_.begin() + at);
  }

  std::vector<std::size_t> rows_;
  std::vector<std::byte> image_;
};

class UnwinderTest : public testing::Test {
 protected:
  UnwinderTest() {
    memory_.put(base, module_.image());
    unwinder_.set_modules(module_.maps(), memory_);
  }
  static Registers at(std::uint64_t offset, Address sp) {
    Registers registers;
    for (std::size_t i = 0; i < register_count; ++i) registers.set(static_cast<Reg>(i), 0x1111 * i);
    registers.set(Reg::rip, base.value + offset);
    registers.set(Reg::rsp, sp.value);
    return registers;
  }
  static std::uint64_t code(std::uint64_t offset) { return base.value + offset; }

  FakeModule module_;
  MemoryParts memory_;
  Unwinder unwinder_;
};

TEST_F(UnwinderTest, EachFrameHasItsCfaItsReturnAddressAndTheRegistersItSaved) {
  // leaf called by middle, which pushed rbx (7) and 16 bytes, called by outermost.
  memory_.put_words({0x8000}, {code(0x130), 0, 0, 7, code(0x110), 0});
  const auto frames = unwinder_.unwind(at(0x148, {0x8000}), memory_);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_TRUE(frames[0].innermost);
  EXPECT_TRUE(frames[0].exact_pc);
  EXPECT_EQ(frames[0].cfa, Address{0x8008});
  EXPECT_EQ(frames[0].return_address, Address{code(0x130)});
  EXPECT_TRUE(frames[0].saved.empty());

  EXPECT_EQ(frames[1].pc(), Address{code(0x130)});
  EXPECT_EQ(frames[1].lookup_address(), Address{code(0x12f)});
  EXPECT_EQ(frames[1].sp(), Address{0x8008});
  EXPECT_EQ(frames[1].cfa, Address{0x8028});
  ASSERT_EQ(frames[1].saved.size(), 1u);
  EXPECT_EQ(frames[1].saved[0].reg, Reg::rbx);
  EXPECT_EQ(frames[1].saved[0].at, Address{0x8018});

  EXPECT_EQ(frames[2].registers.get(Reg::rbx), 7u);
  EXPECT_EQ(frames[2].registers.get(Reg::rax), std::nullopt) << "a caller's rax is not preserved";
  EXPECT_EQ(frames[2].return_address, Address{}) << "the outermost frame has no caller";
  EXPECT_EQ(frames[2].found_by, FoundBy::cfi);
}

TEST_F(UnwinderTest, UnwindingStopsAtAKnownFrame) {
  memory_.put_words({0x8000}, {code(0x130), 0, 0, 7, code(0x110), 0});
  const auto frames = unwinder_.unwind(at(0x148, {0x8000}), memory_, [](const RawFrame& frame) {
    return frame.cfa == Address{0x8028} && frame.return_address == Address{code(0x110)};
  });
  EXPECT_EQ(frames.size(), 2u);
}

// A call that never returns is middle's last instruction: its return address is leaf's first. The rules that
// hold at that address differ for a top frame there and for a caller "there".
TEST_F(UnwinderTest, AnAddressAsPcAndAsReturnAddressHasTheRulesOfEach) {
  memory_.put_words({0x8000}, {code(0x130), 0, 0, 7, code(0x110), 0});
  memory_.put_words({0x9000}, {code(0x140), 0, 0, 7, code(0x110), 0});
  for (int round = 0; round < 2; ++round) {
    const auto at_entry = unwinder_.unwind(at(0x140, {0x8000}), memory_);
    ASSERT_EQ(at_entry.size(), 3u);
    EXPECT_EQ(at_entry[0].cfa, Address{0x8008});
    const auto called = unwinder_.unwind(at(0x150, {0x9000}), memory_);
    ASSERT_EQ(called.size(), 3u);
    EXPECT_EQ(called[1].cfa, Address{0x9028});
  }
}

TEST_F(UnwinderTest, WhatIsGuessedSaysSo) {
  memory_.put_words({0x8000}, {0x8020, code(0x110), 0, 0});
  Registers registers = at(0x208, {0x8000});
  registers.set(Reg::rbp, 0x8000);
  const auto frames = unwinder_.unwind(registers, memory_);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].found_by, FoundBy::cfi);
  EXPECT_EQ(frames[1].found_by, FoundBy::guess);
  EXPECT_EQ(frames[1].pc(), Address{code(0x110)});
}

TEST_F(UnwinderTest, AStackThatCannotBeReadEndsTheChainWithoutACfa) {
  const auto frames = unwinder_.unwind(at(0x148, {0x8000}), memory_);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].cfa, Address{});
}

TEST_F(UnwinderTest, AKnownAddressCostsOneReadOfItsFrameAndAgreesWithLibunwind) {
  memory_.put_words({0x8000}, {code(0x130), 0, 0, 7, code(0x110), 0});
  memory_.put_words({0x9000}, {code(0x130), 0, 0, 8, code(0x112), 0});
  Unwinder without(RowCache::off);
  without.set_modules(module_.maps(), memory_);
  unwinder_.unwind(at(0x148, {0x8000}), memory_);
  memory_.reads = 0;
  const auto frames = unwinder_.unwind(at(0x148, {0x9000}), memory_,
                                       [](const RawFrame& frame) { return frame.cfa == Address{0x9028}; });
  EXPECT_EQ(memory_.reads, 2);
  const auto expected = without.unwind(at(0x148, {0x9000}), memory_);
  ASSERT_EQ(frames.size(), 2u);
  ASSERT_EQ(expected.size(), 3u);
  EXPECT_EQ(frames[0], expected[0]);
  EXPECT_EQ(frames[1], expected[1]);
}

TEST_F(UnwinderTest, OtherCodeAtTheSameAddressHasItsOwnRules) {
  memory_.put_words({0x8000}, {code(0x130), 0, 0, 7, code(0x110), 0});
  ASSERT_EQ(unwinder_.unwind(at(0x148, {0x8000}), memory_).size(), 3u);
  std::vector<Mapping> maps = module_.maps();
  maps[0].path = "/another/file";
  memory_.put(base, std::vector<std::byte>(0x1000));
  unwinder_.set_modules(maps, memory_);
  const auto frames = unwinder_.unwind(at(0x148, {0x8000}), memory_);
  EXPECT_EQ(frames.size(), 1u) << "the new file has no information and no frame pointer leads on";
}

}  // namespace
}  // namespace situ
