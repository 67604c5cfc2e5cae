#include "unwind/frame_section.h"

#include <gtest/gtest.h>

#include "unit/unwind/byte_writer.h"

namespace situ {
namespace {

constexpr Address section_at{0x10000};

// A CIE "zR" with pc-relative four-byte code addresses, as compilers write it; its offset.
std::size_t put_cie(ByteWriter& out) {
  const std::size_t cie = out.begin();
  out.u32(0).u8(1).text("zR").u8(1).u8(0x78).u8(16).u8(1).u8(0x1b);
  out.raw({0x0c, 7, 8, 0x90, 1});
  out.end(cie);
  return cie;
}

std::size_t put_fde(ByteWriter& out, std::size_t cie, Address start, std::uint64_t size) {
  const std::size_t fde = out.begin();
  out.u32(out.bytes.size() - cie);
  const Address here = section_at + out.bytes.size();
  out.put(static_cast<std::int32_t>(start - here)).u32(size).u8(0);
  out.end(fde);
  return fde;
}

TEST(FrameSection, RowsAreInAddressOrderWithWhereTheirFdesStand) {
  ByteWriter out;
  const std::size_t cie = put_cie(out);
  const std::size_t high = put_fde(out, cie, Address{0x9000}, 16);
  const std::size_t low = put_fde(out, cie, Address{0x8000}, 16);
  out.u32(0);
  const std::vector<FdeRow> expected = {{Address{0x8000}, section_at + low},
                                        {Address{0x9000}, section_at + high}};
  EXPECT_EQ(eh_frame_rows(out.bytes, section_at), expected);
}

TEST(FrameSection, ATruncatedSectionGivesTheRowsBeforeTheDamage) {
  ByteWriter out;
  const std::size_t cie = put_cie(out);
  put_fde(out, cie, Address{0x8000}, 16);
  put_fde(out, cie, Address{0x9000}, 16);
  for (std::size_t size = 0; size < out.bytes.size(); ++size) {
    const auto rows = eh_frame_rows(std::span(out.bytes).first(size), section_at);
    EXPECT_LE(rows.size(), 1u) << size;
  }
}

TEST(FrameSection, AnFdeWhoseCieIsNotThereIsLeftOut) {
  ByteWriter out;
  const std::size_t cie = put_cie(out);
  put_fde(out, cie + 4, Address{0x8000}, 16);
  EXPECT_TRUE(eh_frame_rows(out.bytes, section_at).empty());
}

ByteWriter debug_frame() {
  ByteWriter out;
  const std::size_t cie = out.begin();
  out.u32(0xffffffff).u8(4).u8(0).u8(8).u8(0).u8(1).u8(0x78).u8(16).raw({0x0c, 7, 8, 0x90, 1});
  out.end(cie);
  for (const std::uint64_t start : {std::uint64_t{0x2000}, std::uint64_t{0x1000}}) {
    const std::size_t fde = out.begin();
    out.u32(cie).u64(start).u64(0x40).raw({0x41, 0x0e, 16});
    out.end(fde);
  }
  return out;
}

TEST(FrameSection, ADebugFrameBecomesAnEhFrameThatSaysTheSame) {
  const ConvertedFrames frames = convert_debug_frame(debug_frame().bytes, section_at, 0x500000);
  ASSERT_EQ(frames.rows.size(), 2u);
  EXPECT_EQ(frames.rows[0].start, Address{0x501000});
  EXPECT_EQ(frames.rows[1].start, Address{0x502000});
  EXPECT_EQ(eh_frame_rows(frames.bytes, section_at), frames.rows);
}

TEST(FrameSection, ADamagedDebugFrameGivesNoMoreThanWhatIsWhole) {
  const ByteWriter out = debug_frame();
  for (std::size_t size = 0; size < out.bytes.size(); ++size) {
    const auto frames = convert_debug_frame(std::span(out.bytes).first(size), section_at, 0);
    EXPECT_LE(frames.rows.size(), 1u) << size;
  }
}

TEST(FrameSection, TheSearchTableHoldsOffsetsAndLeavesOutWhatIsTooFar) {
  const std::vector<FdeRow> rows = {{Address{0x1000}, Address{0x3000}},
                                    {Address{0x2000}, Address{0x900000000000}}};
  ByteWriter expected;
  expected.put(std::int32_t{-0x1000}).put(std::int32_t{0x1000});
  EXPECT_EQ(search_table(rows, Address{0x2000}), expected.bytes);
}

}  // namespace
}  // namespace situ
