// The article on the stack: frames, calls within calls, values of known size, copies.
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::ElementsAre;

// "+main" for a call step, "-main" for a return step, in order.
std::vector<std::string> pushes_and_pops(const RecordingJson& recording) {
  std::vector<std::string> out;
  for (const Json& step : recording.steps()) {
    if (step.at("cause") == "call") out.push_back("+" + recording.name_of(step.at("function")));
    if (step.at("cause") == "return") out.push_back("-" + recording.name_of(step.at("function")));
  }
  return out;
}

const Json& region_of(const RecordingJson& recording, std::uint64_t address) {
  for (const Json& region : recording.list("regions"))
    if (address_in(region.at("low")) <= address && address < address_in(region.at("high"))) return region;
  throw std::out_of_range("no region there");
}

class FramesClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, FramesClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(FramesClaims, CallingPushesAFrameAndReturningPopsTheLastOne) {
  const RecordingJson recording = recorded("frames");
  EXPECT_THAT(pushes_and_pops(recording), ElementsAre("+main", "+bar", "-bar", "-main"));
  const Json &outer = recording.frame_of("main"), &inner = recording.frame_of("bar");
  EXPECT_LT(outer.at("born"), inner.at("born"));
  EXPECT_LT(inner.at("died"), outer.at("died"));
  EXPECT_EQ(inner.at("caller"), outer.at("id"));
  EXPECT_EQ(inner.at("ended_by"), "return");
  EXPECT_EQ(outer.at("ended_by"), "return");
}

TEST_P(FramesClaims, TheCalleesFrameLiesBelowItsCallers) {
  const RecordingJson recording = recorded("frames");
  const Json &outer = recording.frame_of("main"), &inner = recording.frame_of("bar");
  const int step = inner.at("born");
  EXPECT_LE(recording.high_of(inner), recording.low_of(outer, step));
  EXPECT_LT(recording.low_of(inner, step), recording.high_of(inner));
}

// At its entry and at the call it makes, _start has different CFAs by what its call frame information says.
TEST_P(FramesClaims, TheOutermostFrameIsOneForTheWholeRun) {
  for (const char* sample : {"frames", "threads"}) {
    const RecordingJson recording = recorded(sample);
    std::vector<int> threads;
    for (const Json& frame : recording.list("frames"))
      if (frame.at("depth") == 0) threads.push_back(frame.at("thread"));
    std::vector<int> each(recording.list("threads").size());
    for (std::size_t i = 0; i < each.size(); ++i) each[i] = static_cast<int>(i);
    EXPECT_EQ(threads, each) << sample;
    EXPECT_EQ(recording.list("frames").at(0).at("born"), 0) << sample;
  }
}

TEST_P(FramesClaims, AParameterIsACopyInTheCalleesFrame) {
  const RecordingJson recording = recorded("frames");
  const Json &x = recording.variable("main", "x"), &j = recording.variable("bar", "j"),
             &k = recording.variable("bar", "k");
  const int called = recording.frame_of("bar").at("born"), returned = recording.frame_of("bar").at("died");
  EXPECT_EQ(j.at("kind"), "parameter");
  EXPECT_EQ(recording.text_at(x, called), "5");
  EXPECT_EQ(recording.text_at(j, called), "5");
  EXPECT_EQ(recording.value_at(k, called).at("state"), "uninitialised");
  EXPECT_EQ(recording.text_at(k, returned - 1), "20");
  EXPECT_EQ(recording.value_at(k, returned), nullptr);
  EXPECT_EQ(recording.text_at(x, returned), "5");
  EXPECT_NE(recording.stack_place(j).at("address"), recording.stack_place(x).at("address"));
  for (const Json* variable : {&j, &k}) {
    EXPECT_EQ(recording.stack_place(*variable).at("frame"), recording.frame_of("bar").at("id"));
    const std::uint64_t address = address_in(recording.stack_place(*variable).at("address"));
    EXPECT_GE(address, recording.low_of(recording.frame_of("bar"), called));
    EXPECT_LT(address, recording.high_of(recording.frame_of("bar")));
  }
}

TEST_P(FramesClaims, XIsUninitialisedUntilItsLineHasRun) {
  const RecordingJson recording = recorded("frames");
  const Json& x = recording.variable("main", "x");
  const int after = recording.step_at_line("main", recording.line_with("bar(x);"));
  EXPECT_EQ(recording.value_at(x, recording.frame_of("main").at("born")).at("state"), "uninitialised");
  EXPECT_EQ(recording.value_at(x, after).at("state"), "live");
  EXPECT_EQ(recording.text_at(x, after), "5");
}

TEST_P(FramesClaims, TheReturnAddressIsInTheCallersCodeBehindTheCall) {
  const RecordingJson recording = recorded("frames");
  const Json &outer = recording.frame_of("main"), &inner = recording.frame_of("bar");
  const std::uint64_t back = address_in(inner.at("return_address"));
  EXPECT_EQ(region_of(recording, back).at("kind"), "code");
  const Json& calling = recording.steps().at(inner.at("born").get<std::size_t>() - 1);  // main's line
  EXPECT_EQ(calling.at("frame"), outer.at("id"));
  EXPECT_GT(back, address_in(calling.at("pc")));
  EXPECT_LT(back - address_in(calling.at("pc")), 64U);
  EXPECT_EQ(inner.at("call_site").at("line"), recording.line_with("bar(x);"));
  const Json& top = inner.at("slots").front();
  EXPECT_EQ(top.at("kind"), "return_address");
  EXPECT_EQ(top.at("offset"), -8);
}

TEST_P(FramesClaims, TheStackPointerFallsByThePushedBytesAndIsRestored) {
  const RecordingJson recording = recorded("frames");
  const Json& inner = recording.frame_of("bar");
  const auto sp = [&](int step) {
    return address_in(recording.steps().at(static_cast<std::size_t>(step)).at("sp"));
  };
  const int called = inner.at("born"), returned = inner.at("died");
  EXPECT_EQ(sp(called - 1) - sp(called),
            recording.extent_at(inner, called).at("pushed").get<std::uint64_t>());
  EXPECT_EQ(sp(returned), sp(called - 1));
}

TEST_P(FramesClaims, NestedCallsStackUpAndTheNextCallReusesThePlace) {
  const RecordingJson recording = recorded("nested_calls");
  EXPECT_THAT(pushes_and_pops(recording),
              ElementsAre("+main", "+cube", "+square", "-square", "-cube", "+outline", "-outline", "-main"));
  const Json &outer = recording.frame_of("main"), &cube = recording.frame_of("cube"),
             &square = recording.frame_of("square"), &outline = recording.frame_of("outline");
  const int deepest = square.at("born"), next = outline.at("born");
  for (const Json* frame : {&outer, &cube, &square}) EXPECT_TRUE(alive_at(*frame, deepest));
  EXPECT_LE(recording.high_of(square), recording.low_of(cube, deepest));
  EXPECT_LE(recording.high_of(cube), recording.low_of(outer, deepest));
  // cube is popped, and outline's bytes are bytes that were cube's.
  EXPECT_FALSE(alive_at(cube, next));
  EXPECT_LT(recording.low_of(outline, next), recording.high_of(cube));
  EXPECT_LT(recording.low_of(cube, deepest), recording.high_of(outline));
  const Json& volume = recording.variable("main", "volume");
  EXPECT_EQ(recording.text_at(volume, next), "27");
  EXPECT_EQ(recording.text_at(recording.variable("main", "length"), outer.at("died").get<int>() - 1), "12");
}

TEST_P(FramesClaims, AReturnStepHasTheValueReturned) {
  const RecordingJson recording = recorded("nested_calls");
  const auto returned = [&](const char* function) {
    return recording.steps_with("return", function).at(0)->at("event").at("value").at("text");
  };
  EXPECT_EQ(returned("square"), "9");
  EXPECT_EQ(returned("cube"), "27");
  EXPECT_EQ(returned("outline"), "12");
}

TEST_P(FramesClaims, ValuesOfKnownSizeLieOnTheStackAsLargeAsTheirTypes) {
  const RecordingJson recording = recorded("value_types");
  const Json& frame = recording.frame_of("main");
  const int last = frame.at("died").get<int>() - 1;
  const struct {
    const char* name;
    int size;
    const char *kind, *text;
  } expected[] = {
      {"byte", 1, "integer", "200"},
      {"whole", 4, "integer", "-7"},
      {"wide", 8, "integer", "1099511627776"},
      {"huge", 16, "integer", "1267650600228229401496703205376"},
      {"single", 4, "float", "0.5"},
      {rust() ? "double" : "wider", 8, "float", "2.75"},
      {"yes", 1, "bool", "true"},
      {"letter", 4, "char", "'\u00df'"},
      {"pair", 8, "record", rust() ? "(1, false)" : "{first: 1, second: false}"},
  };
  for (const auto& [name, size, kind, text] : expected) {
    const Json& variable = recording.variable("main", name);
    const Json& place = recording.stack_place(variable);
    EXPECT_EQ(place.at("size"), size) << name;
    EXPECT_EQ(recording.list("types").at(variable.at("type").get<std::size_t>()).at("size"), size) << name;
    const std::uint64_t address = address_in(place.at("address"));
    EXPECT_TRUE(recording.low_of(frame, last) <= address && address < recording.high_of(frame)) << name;
    EXPECT_EQ(recording.value_at(variable, last).at("value").at("kind"), kind) << name;
    EXPECT_EQ(recording.text_at(variable, last), text) << name;
  }
  const Json& row = recording.variable("main", "row");
  EXPECT_EQ(recording.stack_place(row).at("size"), 8);
  EXPECT_THAT(recording.text_at(row, last), testing::HasSubstr("[1, 2, 3, 4]"));
}

TEST_P(FramesClaims, AssigningAValueMakesASecondOneThatChangesAlone) {
  const RecordingJson recording = recorded("copy");
  const int last = recording.frame_of("main").at("died").get<int>() - 1;
  const auto check = [&](const char* original, const char* copy, const std::string& changing,
                         const std::string& both, const std::string& then) {
    const Json &a = recording.variable("main", original), &b = recording.variable("main", copy);
    EXPECT_NE(recording.stack_place(a).at("address"), recording.stack_place(b).at("address"));
    const int equal = recording.step_at_line("main", recording.line_with(changing));
    EXPECT_EQ(recording.text_at(a, equal), both);
    EXPECT_EQ(recording.text_at(b, equal), both);
    EXPECT_EQ(recording.text_at(a, last), both);
    EXPECT_EQ(recording.text_at(b, last), then);
  };
  check("a", "b", "b += 1;", "5", "6");
  check("p", "q", "q.x = 9;", "{x: 1, y: 2}", "{x: 9, y: 2}");
}

}  // namespace
}  // namespace situ::test
