// Who owns what, on every sample: what must hold at each step, and why each block was released.
#include <map>

#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Complaints = std::vector<std::string>;

constexpr int forever = 1 << 30;

int death_of(const Json& item) {
  return item.at("died").is_null() ? forever : item.at("died").get<int>();
}

std::string about(const Json& pointer) {
  return pointer.at("from").at("path").dump() + " from step " + pointer.at("born").dump();
}

// Where the pointer's word lies; 0 in a register.
std::uint64_t word_of(const RecordingJson& recording, const Json& pointer) {
  const Json& from = pointer.at("from");
  const auto offset = from.at("offset").get<std::uint64_t>();
  if (from.contains("block")) {
    return address_in(recording.list("blocks").at(from.at("block").get<std::size_t>()).at("address")) +
           offset;
  }
  const Json& variable = recording.list("variables").at(from.at("variable").get<std::size_t>());
  for (const Json& place : variable.at("places")) {
    if (!place.at("address").is_null() && alive_at(place, pointer.at("born").get<int>())) {
      return address_in(place.at("address")) + offset;
    }
  }
  return 0;
}

Complaints about_pointers(const RecordingJson& recording) {
  Complaints found;
  std::map<std::size_t, Items> owners;  // valid ones, by block
  for (const Json& pointer : recording.list("pointers")) {
    const bool owns = pointer.at("kind") == "owner";
    if (owns && pointer.at("state") == "wild") found.push_back("a wild owner: " + about(pointer));
    if (pointer.at("state") != "valid" || !pointer.at("to").contains("block")) continue;
    const auto id = pointer.at("to").at("block").get<std::size_t>();
    const Json& block = recording.list("blocks").at(id);
    const int born = pointer.at("born").get<int>();
    if (block.at("born").get<int>() > born || death_of(block) < death_of(pointer)) {
      found.push_back("valid, and its block is not alive: " + about(pointer));
    }
    if (!owns) continue;
    for (const Json* other : owners[id]) {
      const bool together = death_of(*other) > born && death_of(pointer) > other->at("born").get<int>();
      if (together && word_of(recording, *other) != word_of(recording, pointer)) {
        found.push_back("two owners at once: " + about(*other) + ", " + about(pointer));
      }
    }
    owners[id].push_back(&pointer);
  }
  return found;
}

// "#1 scope_end x", in the order of the releases.
std::vector<std::string> reasons(const RecordingJson& recording) {
  std::vector<std::string> told;
  for (const Json* step : recording.steps_with("free")) {
    const Json& block = recording.list("blocks").at(step->at("block").get<std::size_t>());
    const Json& why = block.at("freed_because");
    std::string text = "#" + block.at("number").dump() + " " + why.at("kind").get<std::string>();
    if (!why.at("variable").is_null()) {
      const Json& variable = recording.list("variables").at(why.at("variable").get<std::size_t>());
      text += " " + variable.at("name").get<std::string>();
    }
    told.push_back(text);
  }
  return told;
}

class Owners : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, Owners, testing::ValuesIn(compilers()), compiler_name);

TEST_P(Owners, AreNeverWildNorTwoAtOnceAndPointAtLiveBlocks) {
  for (const char* stem :
       {"box", "borrow", "call_chain", "closures", "collections", "copy", "enums", "frames", "free_order",
        "growth", "move", "nested_calls", "recursion", "reference_types", "scope", "shared_ownership",
        "slices", "threads", "value_types"}) {
    const RecordingJson recording = recorded(stem);
    EXPECT_THAT(about_pointers(recording), IsEmpty()) << stem;
    for (const Json* block : recording.user_blocks()) {
      EXPECT_EQ(block->at("freed_because").is_null(), block->at("died").is_null()) << stem;
    }
  }
}

TEST_P(Owners, EachReleaseIsPutDownToTheScopeOrTheActThatDidIt) {
  EXPECT_THAT(reasons(recorded("scope")),
              ElementsAre("#2 scope_end inner", "#3 reassigned again", "#5 scope_end held",
                          "#4 explicit_drop again", "#1 scope_end outer"));
}

TEST_P(Owners, WhatAThreadTookOverIsMovedFromForTheOneThatGaveIt) {
  if (!rust()) GTEST_SKIP() << "the C++ twin gives its thread a copy";
  const RecordingJson recording = recorded("threads");
  const int joined = recording.step_at_line("main", recording.line_with("assert!"));
  EXPECT_EQ(recording.value_at(recording.variable("main", "lent"), joined).at("state"), "moved");
  EXPECT_EQ(recording.value_at(recording.variable("main", "gift"), joined).at("state"), "moved");
  EXPECT_EQ(recording.value_at(recording.variable("main", "shared"), joined).at("state"), "live");
}

}  // namespace
}  // namespace situ::test
