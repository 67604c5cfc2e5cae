// The article's series on ownership: moves, scopes, shared owners, and values that own others.
#include "trace/arrows.h"
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

int last_step_of_main(const RecordingJson& recording) {
  return recording.frame_of("main").at("died").get<int>() - 1;
}

// The user's blocks that an owner points at validly at `step`, and how many owners: every one has one.
std::string owners_at(const RecordingJson& recording, int step) {
  std::string text;
  for (const Json& pointer : recording.list("pointers")) {
    if (!alive_at(pointer, step) || pointer.at("kind") != "owner" || pointer.at("state") != "valid") continue;
    if (!pointer.at("to").contains("block")) continue;
    const Json& from = pointer.at("from");
    const bool variable = from.contains("variable");
    text += (text.empty() ? "" : ", ") + (variable ? recording.list("variables")
                                                         .at(from.at("variable").get<std::size_t>())
                                                         .at("name")
                                                         .get<std::string>()
                                                   : "block");
  }
  return text;
}

class MoveClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, MoveClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(MoveClaims, TheMovedFromVariableIsMarkedFromTheStepOfTheMove) {
  const RecordingJson recording = recorded("move");
  const Json &v = recording.variable("main", "v"), &w = recording.variable("main", "w");
  const int before =
      recording.step_at_line("main", recording.line_with(rust() ? "let w = v" : "std::move(v)"));
  const int after = recording.step_at_line("main", recording.line_with("length = "));
  EXPECT_EQ(arrow_text(recording, v, before), "valid owner of #1");
  EXPECT_EQ(arrow_text(recording, w, after), "valid owner of #1");
  EXPECT_EQ(recording.text_at(w, after), "[10, 20, 30]");
  if (rust()) {
    EXPECT_EQ(recording.value_at(v, after).at("state"), "moved");
    EXPECT_EQ(arrow_text(recording, v, after), "moved-from owner of #1");
  } else {  // C++ leaves an empty vector behind
    EXPECT_EQ(recording.text_at(v, after), "[]");
    EXPECT_EQ(arrow_text(recording, v, after), "null owner");
  }
}

TEST_P(MoveClaims, AMoveLeavesTheBlockWhereItIs) {
  const RecordingJson recording = recorded("move");
  EXPECT_EQ(recording.user_blocks().size(), 1U);
  EXPECT_EQ(recording.block(1).at("moved_to"), nullptr);
  EXPECT_EQ(recording.steps_with("free").size(), 1U);
}

TEST_P(MoveClaims, OneOwnerAtATime) {
  const RecordingJson recording = recorded("move");
  const int at_v = recording.step_at_line("main", recording.line_with(rust() ? "let w = v" : "std::move(v)"));
  const int at_w = recording.step_at_line("main", recording.line_with("length = "));
  EXPECT_EQ(owners_at(recording, at_v), "v");
  EXPECT_EQ(owners_at(recording, at_w), "w");
  EXPECT_EQ(owners_at(recording, recording.frame_of("consume").at("born")), "taken");
}

TEST_P(MoveClaims, TheLastOwnerFreesTheBlock) {
  const RecordingJson recording = recorded("move");
  const Json& freed = *recording.steps_with("free").at(0);
  EXPECT_EQ(freed.at("index"), recording.block(1).at("died"));
  // C++ destroys an argument where the call was made, Rust where the function ends.
  EXPECT_EQ(recording.name_of(freed.at("function")), rust() ? "consume" : "main");
  EXPECT_EQ(recording.text_at(recording.variable("main", "sum"), last_step_of_main(recording)), "60");
}

class ScopeClaims : public Sample {
 protected:
  // "inner: main:15": the block whose content is `content`, and the function and line that freed it.
  static std::string freed(const RecordingJson& recording, const char* content) {
    for (const Json* step : recording.steps_with("free")) {
      const Json& block = recording.list("blocks").at(step->at("block").get<std::size_t>());
      const int before = block.at("died").get<int>() - 1;
      if (recording.text_at(block, before) == content)
        return recording.name_of(step->at("function")) + ":" + step->at("line").dump();
    }
    return "never";
  }
  static std::string line(const RecordingJson& recording, const char* function, const char* text) {
    return std::string(function) + ":" + std::to_string(recording.line_with(text));
  }
};
INSTANTIATE_TEST_SUITE_P(Compiler, ScopeClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(ScopeClaims, WhatAVariableOwnsIsFreedWhereItsScopeEnds) {
  const RecordingJson recording = recorded("scope");
  EXPECT_EQ(freed(recording, "2"), line(recording, "main", rust() ? "} // inner" : "}  // inner"));
  EXPECT_EQ(freed(recording, "5"), line(recording, "hold", rust() ? "} // held" : "}  // held"));
  EXPECT_EQ(freed(recording, "1"), line(recording, "main", rust() ? "} // outer" : "}  // outer"));
}

TEST_P(ScopeClaims, AnOwnerThatIsGivenAnotherBlockFreesTheOneBefore) {
  const RecordingJson recording = recorded("scope");
  EXPECT_EQ(freed(recording, "3"),
            line(recording, "main", rust() ? "again = Box::new(4)" : "again = std::make_unique<int>(4)"));
}

TEST_P(ScopeClaims, AnOwnerCanBeEmptiedBeforeItsScopeEnds) {
  const RecordingJson recording = recorded("scope");
  EXPECT_EQ(freed(recording, "4"), line(recording, "main", rust() ? "drop(again)" : "again.reset()"));
  EXPECT_EQ(recording.user_blocks().size(), 5U);
  EXPECT_EQ(recording.steps_with("free").size(), 5U);
}

TEST_P(ScopeClaims, AVariableHasEndedBehindItsScopeWhileItsFrameLives) {
  const RecordingJson recording = recorded("scope");
  const Json &inner = recording.variable("main", "inner"), &outer = recording.variable("main", "outer");
  const int inside = recording.step_at_line("main", recording.line_with("both = "));
  const int behind = recording.step_at_line("main", recording.line_with("twice = hold"));
  EXPECT_EQ(recording.value_at(inner, inside).at("state"), "live");
  EXPECT_EQ(recording.value_at(inner, behind).at("state"), "ended");
  EXPECT_EQ(recording.value_at(outer, behind).at("state"), "live");
}

class SharedClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, SharedClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(SharedClaims, OwnersAreCounted) {
  const RecordingJson recording = recorded("shared_ownership");
  const Json& first = recording.variable("main", "first");
  const auto counts = [&](const char* before) {
    return recording.text_at(first, recording.step_at_line("main", recording.line_with(before)));
  };
  EXPECT_THAT(counts("second = "), HasSubstr("strong 1, weak 0"));
  EXPECT_THAT(counts("watching = "), HasSubstr("strong 2, weak 0"));
  EXPECT_THAT(counts("sum = "), HasSubstr("strong 2, weak 1"));
  EXPECT_THAT(counts("still = "), HasSubstr("strong 1, weak 1"));
  const Json& watching = recording.variable("main", "watching");
  EXPECT_THAT(recording.text_at(watching, recording.step_at_line("main", recording.line_with("gone = "))),
              HasSubstr("strong 0, weak 1"));
}

TEST_P(SharedClaims, AllOwnersPointAtOneBlockAndAWeakPointerTells) {
  const RecordingJson recording = recorded("shared_ownership");
  const int step = recording.step_at_line("main", recording.line_with("sum = "));
  const auto arrow = [&](const char* name) -> const Json& {
    return arrow_at(recording, recording.variable("main", name), step);
  };
  EXPECT_EQ(arrow("first").at("kind"), "shared");
  EXPECT_EQ(arrow("second").at("kind"), "shared");
  EXPECT_EQ(arrow("watching").at("kind"), "weak");
  for (const char* name : {"first", "second", "watching"}) {
    EXPECT_EQ(arrow(name).at("to").at("block"), recording.block(1).at("id")) << name;
    EXPECT_EQ(arrow(name).at("state"), "valid") << name;
  }
}

TEST_P(SharedClaims, TheBlockOutlivesItsOwnersWhileAWeakPointerIsLeft) {
  const RecordingJson recording = recorded("shared_ownership");
  const Json& block = recording.block(1);
  EXPECT_TRUE(alive_at(block, recording.step_at_line("main", recording.line_with("gone = "))));
  EXPECT_EQ(recording.steps_with("free").back()->at("index"), block.at("died"));
  EXPECT_EQ(recording.text_at(recording.variable("main", "gone"), last_step_of_main(recording)), "true");
}

class NestedValueClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, NestedValueClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(NestedValueClaims, EachCallOfARecursionHasAFrameAndAnArgumentOfItsOwn) {
  const RecordingJson recording = recorded("recursion");
  const Items calls = recording.frames_of("factorial");
  ASSERT_EQ(calls.size(), 4U);
  const int deepest = calls.back()->at("born");
  std::vector<std::string> arguments;
  for (const Json* call : calls) {
    EXPECT_TRUE(alive_at(*call, deepest));
    arguments.push_back(recording.text_at(variable_in(recording, *call, "n"), deepest));
  }
  EXPECT_THAT(arguments, ElementsAre("4", "3", "2", "1"));
  for (std::size_t i = 1; i < calls.size(); ++i)
    EXPECT_LE(recording.high_of(*calls[i]), recording.low_of(*calls[i - 1], deepest));
}

TEST_P(NestedValueClaims, ARecursiveValueGoesFromTheStackFromBlockToBlock) {
  const RecordingJson recording = recorded("recursion");
  const Items calls = recording.frames_of("sum");
  ASSERT_EQ(calls.size(), 3U);
  const int deepest = calls.back()->at("born");
  const auto node = [&](std::size_t call) {
    return arrow_text(recording, variable_in(recording, *calls[call], "node"), deepest);
  };
  EXPECT_EQ(node(0), "valid borrow of main.list");
  EXPECT_EQ(node(1), "valid borrow of #2");
  EXPECT_EQ(node(2), "valid borrow of #1");
  EXPECT_EQ(recording.steps_with("free").size(), 2U);
}

TEST_P(NestedValueClaims, AClosureHoldsAReferenceOrTheThingItself) {
  const RecordingJson recording = recorded("closures");
  const int step = recording.step_at_line("main", recording.line_with("total = "));
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "add"), step), "valid borrow of main.base");
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "tick"), step), "valid borrow of main.calls");
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "count"), step), "valid owner of #1");
  if (rust()) {
    EXPECT_EQ(recording.value_at(recording.variable("main", "text"), step).at("state"), "moved");
  } else {
    EXPECT_EQ(recording.text_at(recording.variable("main", "text"), step), "\"\"");
  }
  EXPECT_EQ(recording.text_at(recording.variable("main", "calls"), step), "2");
}

TEST_P(NestedValueClaims, AClosureOnTheHeapIsABlock) {
  const RecordingJson recording = recorded("closures");
  const Json& block = recording.block(2);
  EXPECT_EQ(block.at("requested"), rust() ? 4 : 36);
  EXPECT_EQ(block.at("leaked"), false);
}

TEST_P(NestedValueClaims, AnEnumSaysWhichVariantItIs) {
  if (!rust()) GTEST_SKIP() << "std::variant is a library's type, not an enum";
  const RecordingJson recording = recorded("enums");
  const int end = recording.step_at_line("main", recording.line_with("assert!"));
  const struct {
    const char *name, *variant, *text;
  } expected[] = {
      {"dot", "Dot", "Dot"},
      {"circle", "Circle", "Circle(1.5)"},
      {"rectangle", "Rectangle", "Rectangle {width: 3, height: 2}"},
      {"some", "Some", "Some(5)"},
      {"none", "None", "None"},
      {"failed", "Err", "Err(\"no\")"},
  };
  for (const auto& [name, variant, text] : expected) {
    const Json value = recording.value_at(recording.variable("main", name), end).at("value");
    EXPECT_EQ(value.at("variant"), variant) << name;
    EXPECT_EQ(value.at("text"), text) << name;
  }
  // Where a null pointer says "None", no tag is needed.
  EXPECT_EQ(recording.stack_place(recording.variable("main", "boxed")).at("size"), 8);
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "name"), end), "valid owner of #1");
}

TEST_P(NestedValueClaims, AVectorsBlockPointsAtBlocks) {
  const RecordingJson recording = recorded("collections");
  const int end = recording.step_at_line("main", recording.line_with("elements = "));
  const Json& grid = recording.variable("main", "grid");
  EXPECT_EQ(recording.text_at(grid, end), "[[1, 2], [3, 4]]");
  const Json& outer = arrow_at(recording, grid, end).at("to").at("block");
  std::vector<std::string> rows;
  for (const Json& pointer : recording.list("pointers"))
    if (alive_at(pointer, end) && pointer.at("from").contains("block") &&
        pointer.at("from").at("block") == outer && pointer.at("state") == "valid" &&
        pointer.at("kind") == "owner")
      rows.push_back(recording.text_at(
          recording.list("blocks").at(pointer.at("to").at("block").get<std::size_t>()), end));
  EXPECT_THAT(rows, ElementsAre("[1, 2]", "[3, 4]"));
  EXPECT_EQ(recording.text_at(recording.variable("main", "words"), end), "[\"stack\", \"heap\"]");
  EXPECT_EQ(recording.text_at(recording.variable("main", "elements"), last_step_of_main(recording)), "11");
}

TEST_P(ScopeClaims, EachFreeSaysWhatDidIt) {
  const RecordingJson recording = recorded("scope");
  for (int number : {1, 2, 3, 4, 5})
    EXPECT_NE(recording.block(number).at("freed_because"), nullptr) << number;
}

TEST_P(SharedClaims, AnOwnerThatWasDroppedIsMarked) {
  const RecordingJson recording = recorded("shared_ownership");
  const int after = recording.step_at_line("main", recording.line_with("still = "));
  const Json& second = recording.variable("main", "second");
  if (rust()) {
    EXPECT_EQ(recording.value_at(second, after).at("state"), "moved");
  } else {
    EXPECT_EQ(arrow_text(recording, second, after), "null shared");
  }
}

TEST_P(MoveClaims, WhatItsScopeDroppedHasNotMoved) {
  const RecordingJson recording = recorded("borrow");
  for (const char* name : {"boxed", rust() ? "short" : "small", rust() ? "long" : "large"})
    for (const Json& value : recording.variable("main", name).at("values"))
      EXPECT_NE(value.at("state"), "moved") << name;
}

TEST_P(NestedValueClaims, AClosuresCaptureIsOneOwnerNotTwo) {
  const RecordingJson recording = recorded("closures");
  for (const Json* pointer : recording.pointers_from(recording.variable("main", "count")))
    EXPECT_NE(pointer->at("state"), "moved-from");
}

TEST_P(MoveClaims, AnUnwrittenReturnValueIsUninitialised) {
  const RecordingJson recording = recorded("move");
  EXPECT_EQ(recording.value_at(recording.variable("make", "made"), recording.frame_of("make").at("born"))
                .at("state"),
            "uninitialised");
}

TEST_P(NestedValueClaims, CollectionsShowTheirElements) {
  const RecordingJson recording = recorded("collections");
  const int end = recording.step_at_line("main", recording.line_with("elements = "));
  EXPECT_EQ(recording.text_at(recording.variable("main", "queue"), end), "[1, 2, 3]");
  EXPECT_EQ(recording.value_at(recording.variable("main", "ages"), end).at("value").at("length"), 2);
  EXPECT_EQ(recording.value_at(recording.variable("main", "lengths"), end).at("value").at("length"), 2);
}

}  // namespace
}  // namespace situ::test
