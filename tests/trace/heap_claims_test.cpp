// The article on the heap: a box, blocks freed in another order, values that grow.
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::AnyOf;
using testing::ElementsAre;

// The numbers of the blocks that steps of `cause` name, in order.
std::vector<int> blocks_of(const RecordingJson& recording, const char* cause) {
  std::vector<int> numbers;
  for (const Json* step : recording.steps_with(cause))
    numbers.push_back(recording.list("blocks").at(step->at("block").get<std::size_t>()).at("number"));
  return numbers;
}

bool names(const RecordingJson& recording, const Json& stack, std::string_view function) {
  for (const Json& entry : stack)
    if (recording.name_of(entry.at("function")) == function) return true;
  return false;
}

// The block that `variable` points to at `step`.
const Json& block_behind(const RecordingJson& recording, const Json& variable, int step) {
  for (const Json* pointer : recording.pointers_from(variable))
    if (alive_at(*pointer, step) && pointer->at("to").contains("block"))
      return recording.list("blocks").at(pointer->at("to").at("block").get<std::size_t>());
  throw std::out_of_range("points to no block");
}

// Eight captured bytes as they stood at `step`; bytes that were not captured are a failure.
std::uint64_t word_at(const RecordingJson& recording, std::uint64_t address, int step) {
  const std::uint64_t low = address / 64 * 64, offset = address - low;
  for (const Json& line : recording.list("memory")) {
    if (address_in(line.at("address")) != low || !alive_at(line, step)) continue;
    if (!line.at("known").is_null() && (address_in(line.at("known")) >> offset & 0xffU) != 0xffU) break;
    const std::string hex = line.at("bytes").get<std::string>().substr(2 * offset, 16);
    return __builtin_bswap64(std::stoull(hex, nullptr, 16));
  }
  throw std::out_of_range("the word was not captured");
}

class HeapClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, HeapClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(HeapClaims, ABoxIsAPointerOnTheStackToTheValueOnTheHeap) {
  const RecordingJson recording = recorded("box");
  const Json &x = recording.variable("main", "x"), &y = recording.variable("main", "y"),
             &block = recording.block(1);
  const int end = block.at("died").get<int>() - 1;  // the last line, before the free
  EXPECT_EQ(recording.stack_place(x).at("size"), 8);
  const Json value = recording.value_at(x, end);
  EXPECT_EQ(value.at("state"), "live");
  EXPECT_EQ(value.at("value").at("kind"), "pointer");
  EXPECT_EQ(value.at("value").at("target"), block.at("address"));
  EXPECT_EQ(recording.text_at(block, end), "5");
  EXPECT_EQ(recording.list("types").at(block.at("type").get<std::size_t>()).at("name"),
            rust() ? "i32" : "int");
  EXPECT_EQ(recording.stack_place(y).at("size"), 4);
  EXPECT_EQ(recording.text_at(y, end), "34");
  EXPECT_TRUE(recording.has_pointer(x, "valid", block));
  EXPECT_EQ(recording.pointers_from(x).front()->at("kind"), "owner");
}

TEST_P(HeapClaims, TheAllocatorGivesAsMuchAsWasAskedForAndAHeader) {
  const RecordingJson recording = recorded("box");
  const Json& block = recording.block(1);
  EXPECT_EQ(recording.user_blocks().size(), 1U);
  EXPECT_EQ(block.at("requested"), 4);
  EXPECT_GE(block.at("usable"), block.at("requested"));
  EXPECT_EQ(block.at("chunk").get<int>(), block.at("usable").get<int>() + 8);  // malloc.c: the size field
  EXPECT_EQ(block.at("born"), recording.steps_with("alloc").at(0)->at("index"));
  EXPECT_TRUE(names(recording, block.at("stack"), "main"));
  for (const Json& region : recording.list("regions"))
    if (region.at("kind") == "heap") {
      EXPECT_LT(address_in(region.at("low")), address_in(block.at("address")));
      EXPECT_LT(address_in(block.at("address")), address_in(region.at("high")));
    }
}

TEST_P(HeapClaims, TheBoxIsFreedWhenItsScopeEnds) {
  const RecordingJson recording = recorded("box");
  const Json& block = recording.block(1);
  const Json& freed = *recording.steps_with("free").at(0);
  EXPECT_EQ(block.at("died"), freed.at("index"));
  EXPECT_EQ(freed.at("line"), recording.line_with("34") + 1);
  EXPECT_TRUE(names(recording, block.at("free_stack"), "main"));
  EXPECT_EQ(block.at("leaked"), false);
  EXPECT_TRUE(recording.has_pointer(recording.variable("main", "x"), "dangling-freed", block));
  EXPECT_TRUE(alive_at(recording.frame_of("main"), freed.at("index")));
}

TEST_P(HeapClaims, StackAndHeapArePartsOfOneMemory) {
  const RecordingJson recording = recorded("box");
  EXPECT_LT(address_in(recording.block(1).at("address")),
            address_in(recording.stack_place(recording.variable("main", "x")).at("address")));
}

TEST_P(HeapClaims, BlocksAreFreedInAnyOrderAndTheirPlaceIsReused) {
  const RecordingJson recording = recorded("free_order");
  EXPECT_THAT(blocks_of(recording, "alloc"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(blocks_of(recording, "free"), AnyOf(ElementsAre(2, 1, 3, 4), ElementsAre(2, 1, 4, 3)));
  const Json &second = recording.block(2), &fourth = recording.block(4);
  EXPECT_EQ(fourth.at("address"), second.at("address"));
  EXPECT_EQ(fourth.at("tenant").get<int>(), second.at("tenant").get<int>() + 1);
  EXPECT_LE(second.at("died"), fourth.at("born"));
}

TEST_P(HeapClaims, AnOldPointerToAReusedPlaceDanglesInCppAndIsDeadInRust) {
  const RecordingJson recording = recorded("free_order");
  const Json &second = recording.variable("main", "second"), &fourth = recording.block(4);
  if (rust()) {
    EXPECT_TRUE(recording.has_pointer(second, "moved-from", recording.block(2)));
    EXPECT_EQ(recording.value_at(second, fourth.at("born").get<int>()).at("state"), "moved");
    EXPECT_FALSE(recording.has_pointer(second, "valid", fourth));
  } else {
    EXPECT_TRUE(recording.has_pointer(second, "dangling-freed", recording.block(2)));
    EXPECT_TRUE(recording.has_pointer(second, "dangling-reused", fourth));
    EXPECT_FALSE(recording.has_pointer(second, "valid", fourth));
  }
}

TEST_P(HeapClaims, AVectorThatGrowsLeavesItsBlockForALargerOne) {
  const RecordingJson recording = recorded("growth");
  const Json& numbers = recording.variable("main", "numbers");
  const int full = recording.step_at_line("main", recording.line_with("neighbour = "));
  const int grown = recording.step_at_line("main", recording.line_with(rust() ? "String::from" : "text = "));
  const Json &first = block_behind(recording, numbers, full), &last = block_behind(recording, numbers, grown);
  const Json before = recording.value_at(numbers, full).at("value");
  EXPECT_EQ(before.at("text"), "[10, 20]");
  EXPECT_EQ(before.at("length"), 2);
  EXPECT_EQ(before.at("capacity"), 2);
  const Json after = recording.value_at(numbers, grown).at("value");
  EXPECT_EQ(after.at("length"), 9);
  EXPECT_GE(after.at("capacity"), 9);
  EXPECT_EQ(last.at("requested").get<int>(), after.at("capacity").get<int>() * 4);
  EXPECT_NE(first.at("id"), last.at("id"));
  EXPECT_FALSE(alive_at(first, grown));
  if (rust()) {
    EXPECT_EQ(first.at("moved_to"), last.at("id"));
  }
  EXPECT_EQ(recording.user_blocks().size(), blocks_of(recording, "free").size() + (rust() ? 3U : 0U));
}

TEST_P(HeapClaims, AReallocInPlaceIsOneBlockOfTwoSizes) {
  const RecordingJson recording = recorded("growth");
  const Json& sizes = recording.block(1).at("sizes");
  if (!rust()) {
    EXPECT_EQ(sizes.size(), 1U);  // C++ has no realloc: a new block, then the old one is freed
    return;
  }
  ASSERT_EQ(sizes.size(), 2U);
  EXPECT_EQ(sizes.at(0).at("requested"), 8);
  EXPECT_EQ(sizes.at(1).at("requested"), 16);
  EXPECT_EQ(sizes.at(0).at("died"), sizes.at(1).at("born"));
}

TEST_P(HeapClaims, AStringGrowsFromItsFirstPlaceToTheHeap) {
  const RecordingJson recording = recorded("growth");
  const Json& text = recording.variable("main", "text");
  const int first = recording.step_at_line("main",
                                           recording.line_with(rust() ? "text.push_str(\" its" : "text +=")),
            grown = recording.step_at_line("main", recording.line_with(rust() ? "vec![0u8" : "big(200"));
  EXPECT_EQ(recording.value_at(text, first).at("value").at("length"), 2);
  const Json& last = block_behind(recording, text, grown);
  EXPECT_EQ(recording.value_at(text, grown).at("value").at("target"), last.at("address"));
  EXPECT_GE(last.at("requested"), recording.value_at(text, grown).at("value").at("length"));
  if (rust()) {
    EXPECT_LT(block_behind(recording, text, first).at("requested"), last.at("requested"));
    return;
  }
  bool in_itself = false;
  for (const Json* pointer : recording.pointers_from(text))
    in_itself |= alive_at(*pointer, first) && pointer->at("to").contains("self");
  EXPECT_TRUE(in_itself);
}

// The word in front of a block as glibc keeps it: the chunk's size, and whether the chunk before is in use.
TEST_P(HeapClaims, TheWordInFrontOfABlockIsItsChunksHeader) {
  const RecordingJson recording = recorded("free_order");
  for (const Json* block : recording.user_blocks())
    for (const Json& when : {block->at("born"), block->at("died")}) {
      const std::uint64_t word = word_at(recording, address_in(block->at("address")) - 8, when);
      EXPECT_EQ(word & ~std::uint64_t{7}, block->at("chunk").get<std::uint64_t>());
      EXPECT_EQ(word & 7U, 1U) << "the chunk before is in use; neither a mapping's nor a thread arena's";
    }
}

TEST_P(HeapClaims, ABigBlockIsAMappingOfItsOwn) {
  const RecordingJson recording = recorded("growth");
  const Json& big = recording.variable("main", "big");
  const int end = recording.step_at_line("main", recording.line_with("big[0]"));
  const Json& block = block_behind(recording, big, end);
  EXPECT_GE(block.at("requested"), 400 * 1024);
  const Json value = recording.value_at(big, end).at("value");
  EXPECT_EQ(value.at("length"), 200 * 1024);
  EXPECT_EQ(value.at("capacity"), block.at("requested"));
  for (const Json& region : recording.list("regions")) {
    if (region.at("kind") != "heap" || !alive_at(region, end)) continue;
    const std::uint64_t address = address_in(block.at("address"));
    EXPECT_FALSE(address_in(region.at("low")) <= address && address < address_in(region.at("high")));
  }
}

}  // namespace
}  // namespace situ::test
