#include "render/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "support/article_recordings.h"
#include "support/recording_builder.h"
#include "unit/render/json_schema.h"

namespace situ {
namespace {

using nlohmann::json;
using testing::IsEmpty;
using testing::Not;

json written(const Recording& recording) {
  Decoder decoder(recording);
  std::string text;
  write_json(recording, decoder, "0.1.0", [&](std::string_view piece) { text += piece; });
  return json::parse(text);
}

json written_heap(const Recording& recording) {
  std::string text;
  write_heap_json(recording, "0.1.0", [&](std::string_view piece) { text += piece; });
  return json::parse(text);
}

std::vector<std::string> errors_of(const json& document) {
  return schema_errors(document, "situ-recording.schema.json");
}

constexpr std::uint64_t block_address = 0x5555555592a0;

// let x = Box::new(5): a frame, a variable that gets its pointer, a block that gets its value and dies.
Recording boxed() {
  RecordingBuilder b;
  b.thread(100, "main", 0x7ffffffde000, 0x7ffffffff000);
  b.region(RegionKind::heap, 0x555555559000, 0x55555557a000);
  const FunctionId function = b.function("box::main", "box.rs", 1);
  const TypeId i32 = b.i32();
  const TypeId box = b.box_of(i32);
  b.step(Cause::start);
  Step& call = b.step(Cause::call);
  call.pc = {0x555555555140};
  call.sp = {0x7fffffffe2a0};
  const FrameId frame = b.push({.function = function,
                                .cfa = 0x7fffffffe2d0,
                                .return_address = 0x555555555300,
                                .pushed = 0x30,
                                .call_site = {}});
  b.recording.steps.back().frame = frame;
  b.recording.steps.back().function = function;
  const VariableId x =
      b.variable(frame, {.name = "x", .type = box, .cfa_offset = -0x20, .line = 2, .marked = true});
  b.line(2);
  b.step(Cause::alloc);
  const BlockId block = b.alloc(block_address, 4);
  b.recording.steps.back().block = block;
  b.line(3);
  b.write<std::int32_t>(block_address, 5);
  b.write<std::uint64_t>(0x7fffffffe2b0, block_address);
  b.line(4);
  b.write<std::int32_t>(block_address, 6);
  b.step(Cause::free).block = block;
  b.free(block);
  b.step(Cause::returned);
  b.leave_scope(x);
  b.pop(frame);
  Step& exit = b.step(Cause::exit);
  exit.frame.reset();
  exit.function.reset();
  exit.exit = ExitStatus{.code = 0, .signal = {}};
  b.recording.program.exit = exit.exit;
  return b.recording;
}

TEST(Json, AnEmptyRecordingHasEveryKey) {
  const json document = written(Recording());
  EXPECT_THAT(errors_of(document), IsEmpty());
  EXPECT_EQ(document["format"], "situ-recording");
  EXPECT_EQ(document["format_version"], 1);
  EXPECT_EQ(document["program"]["exit"], nullptr);
  EXPECT_EQ(document["output"], json::array());
}

TEST(Json, ARecordingIsValid) {
  EXPECT_THAT(errors_of(written(boxed())), IsEmpty());
}

TEST(Json, TheSchemaMissesAMissingKeyAndAnUnknownOne) {
  json document = written(boxed());
  document["steps"][0].erase("say");
  EXPECT_THAT(errors_of(document), Not(IsEmpty()));
  document = written(boxed());
  document["blocks"][0]["colour"] = "red";
  EXPECT_THAT(errors_of(document), Not(IsEmpty()));
  document = written(boxed());
  document["steps"][0]["pc"] = "0xABC";
  EXPECT_THAT(errors_of(document), Not(IsEmpty()));
}

// Whether the part of the JSON is alive at the step.
bool alive(const json& part, std::size_t step) {
  return part["born"] <= step && (part["died"].is_null() || step < part["died"].get<std::size_t>());
}

// At every step what the JSON says is alive is what the moment has: nothing lost, nothing doubled.
void expect_the_moments(const Recording& recording) {
  const json document = written(recording);
  EXPECT_THAT(errors_of(document), IsEmpty());
  Decoder decoder(recording);
  for (StepIndex step = 0; step < recording.steps.size(); ++step) {
    const Moment moment = decoder.moment(step);
    EXPECT_EQ(document["steps"][step]["say"], moment.say);
    for (const ThreadView& thread : moment.threads) {
      for (const FrameView& frame : thread.frames) {
        if (frame.ghost) continue;
        for (const VariableView& variable : frame.variables) {
          const json& values = document["variables"][variable.id.value]["values"];
          const auto now = [&](const json& value) { return alive(value, step); };
          ASSERT_EQ(std::ranges::count_if(values, now), 1) << step << " " << variable.variable->name;
          const json& value = *std::ranges::find_if(values, now);
          EXPECT_EQ(value["value"]["text"], variable.value.text) << step;
          EXPECT_EQ(value["state"], variable_state_name(variable.state)) << step;
        }
      }
    }
    for (const json& frame : document["frames"]) {
      if (!alive(frame, step) || frame["inlined"] == true) continue;
      std::uint64_t size = 0, sum = 0;
      for (const json& extent : frame["extents"])
        size += alive(extent, step) ? extent["size"].get<std::uint64_t>() : 0;
      for (const json& slot : frame["slots"])
        sum += alive(slot, step) ? slot["size"].get<std::uint64_t>() : 0;
      EXPECT_EQ(sum, size) << "step " << step << " frame " << frame["id"];
    }
  }
}

TEST(Json, HoldsTheMomentsOfTheArticlesFrames) {
  expect_the_moments(article_frames_recording());
}

TEST(Json, HoldsTheMomentsOfTheArticlesBox) {
  expect_the_moments(article_box_recording());
}

TEST(Json, HoldsTheMomentsOfABoxThatIsReleased) {
  expect_the_moments(boxed());
}

TEST(Json, TwoCallsGiveTheSameBytes) {
  EXPECT_EQ(written(boxed()).dump(), written(boxed()).dump());
}

TEST(Json, EveryStepSaysSomething) {
  const json document = written(boxed());
  ASSERT_EQ(document["steps"].size(), 9u);
  for (const json& step : document["steps"]) EXPECT_FALSE(step["say"].get<std::string>().empty()) << step;
}

TEST(Json, AStepNamesWhereItStands) {
  const json step = written(boxed())["steps"][2];
  EXPECT_EQ(step["index"], 2);
  EXPECT_EQ(step["cause"], "line");
  EXPECT_EQ(step["line"], 2);
  EXPECT_EQ(step["file"], nullptr);  // the steps of this recording have none
  EXPECT_EQ(step["pc"], "0x555555555144");
  EXPECT_EQ(step["block"], nullptr);
}

TEST(Json, AVariablesValuesFollowOneAnotherAndEndWithItsFrame) {
  const json document = written(boxed());
  const json variable = document["variables"][0];
  EXPECT_EQ(variable["name"], "x");
  ASSERT_GE(variable["values"].size(), 2u);
  const json& first = variable["values"].front();
  EXPECT_EQ(first["state"], "uninitialised");
  EXPECT_EQ(first["born"], 1);
  EXPECT_EQ(first["died"], 4);
  EXPECT_EQ(variable["values"][1]["value"]["target"], "0x5555555592a0");
  EXPECT_EQ(variable["values"].back()["died"], 7);
  for (std::size_t i = 1; i < variable["values"].size(); ++i) {
    EXPECT_EQ(variable["values"][i]["born"], variable["values"][i - 1]["died"]);
  }
  EXPECT_EQ(document["frames"][0]["died"], 7);
  EXPECT_EQ(document["frames"][0]["ended_by"], "return");
}

TEST(Json, ABlocksValuesEndWithTheBlock) {
  const json block = written(boxed())["blocks"][0];
  EXPECT_EQ(block["number"], 1);
  EXPECT_EQ(block["requested"], 4);
  EXPECT_EQ(block["usable"], 24);
  EXPECT_EQ(block["born"], 3);
  EXPECT_EQ(block["died"], 6);
  EXPECT_EQ(block["leaked"], false);
  ASSERT_FALSE(block["values"].empty());
  const json& last = block["values"].back();
  EXPECT_EQ(last["value"]["number"], 6);
  EXPECT_EQ(last["born"], 5);
  EXPECT_EQ(last["died"], 6);
  EXPECT_EQ(last["seen"], 5);
}

TEST(Json, APointerNamesItsHolderAndItsTarget) {
  const json pointers = written(boxed())["pointers"];
  ASSERT_FALSE(pointers.empty());
  const json& first = pointers.front();
  EXPECT_EQ(first["from"]["variable"], 0);
  EXPECT_EQ(first["to"]["block"], 0);
  EXPECT_EQ(first["kind"], "owner");
  EXPECT_EQ(first["state"], "valid");
  EXPECT_EQ(first["born"], 4);
  EXPECT_EQ(first["died"], 6);
  EXPECT_EQ(pointers.back()["died"], 7);
}

TEST(Json, MemorySaysWhichOfItsBytesAreKnown) {
  const json document = written(boxed());
  const json& memory = document["memory"];
  const auto of_block = std::ranges::find(
      memory, "0x555555559280", [](const json& line) { return line["address"].get<std::string>(); });
  ASSERT_NE(of_block, memory.end());
  EXPECT_EQ((*of_block)["known"], "0xf00000000");  // 4 bytes, 0x20 into the line
  EXPECT_EQ((*of_block)["bytes"].get<std::string>().substr(64, 8), "05000000");
  EXPECT_EQ((*of_block)["born"], 4);
  EXPECT_EQ((*of_block)["died"], 5);
}

TEST(Json, AWhollyKnownLineHasNoMask) {
  RecordingBuilder b;
  b.step(Cause::start);
  b.write(0x1000, std::array<char, 64>{});
  const json line = written(b.recording)["memory"].at(0);
  EXPECT_EQ(line["known"], nullptr);
  EXPECT_EQ(line["died"], nullptr);
}

TEST(Json, WhatWasNeverReleasedIsLeakedOnceTheProgramEnded) {
  RecordingBuilder b;
  b.thread(100, "main", 0x7ffffffde000, 0x7ffffffff000);
  b.step(Cause::start);
  b.alloc(0x1010, 8);
  EXPECT_EQ(written(b.recording)["blocks"][0]["leaked"], false);
  b.recording.program.exit = ExitStatus{.code = 1, .signal = {}};
  EXPECT_EQ(written(b.recording)["blocks"][0]["leaked"], true);
  b.recording.blocks[0].user = false;
  EXPECT_EQ(written(b.recording)["blocks"][0]["leaked"], false);
}

TEST(Json, AProgramThatASignalEndedSaysWhich) {
  RecordingBuilder b;
  b.thread(100, "", 0x7ffffffde000, 0x7ffffffff000);
  b.step(Cause::start);
  b.step(Cause::signal).signal = SignalEvent{.number = 11, .address = Address{0}};
  b.step(Cause::exit).exit = ExitStatus{.code = {}, .signal = 11};
  b.recording.program.exit = ExitStatus{.code = {}, .signal = 11};
  b.recording.program.stopped_early = "--max-steps";
  b.recording.program.lost_events = 3;
  b.recording.program.warnings = {"careful"};
  const json document = written(b.recording);
  EXPECT_THAT(errors_of(document), IsEmpty());
  EXPECT_EQ(document["program"]["exit"], json({{"signal", "SIGSEGV"}}));
  EXPECT_EQ(document["program"]["stopped_early"], "--max-steps");
  EXPECT_EQ(document["program"]["lost_events"], 3);
  EXPECT_EQ(document["program"]["warnings"], json({"careful"}));
  EXPECT_EQ(document["threads"][0]["name"], nullptr);
  EXPECT_EQ(document["steps"][1]["event"], json({{"name", "SIGSEGV"}, {"address", "0x0"}}));
  EXPECT_EQ(document["steps"][2]["event"], json({{"signal", "SIGSEGV"}}));
}

TEST(Json, ForeignTextStaysValid) {
  RecordingBuilder b;
  b.recording.program.arguments = {"prog", "\xff\xfe", "\"quoted\"\n", ""};
  b.source("a.c", "int x; // \xe9\n");
  b.recording.sources.push_back({"gone.c", std::nullopt});
  b.recording.symbols.push_back({Address{0x1000}, 4, "caf\xc3\xa9", SymbolKind::object});
  const json document = written(b.recording);
  EXPECT_THAT(errors_of(document), IsEmpty());
  EXPECT_EQ(document["program"]["arguments"][1], "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(document["program"]["arguments"][2], "\"quoted\"\n");
  EXPECT_EQ(document["sources"][0]["text"], "int x; // \xef\xbf\xbd\n");
  EXPECT_EQ(document["sources"][1]["text"], nullptr);
}

TEST(Json, EveryKindOfTypeAndPlaceIsValid) {
  RecordingBuilder b;
  const TypeId i32 = b.i32();
  for (int kind = 0; kind <= static_cast<int>(TypeKind::unspecified); ++kind) {
    Type type = RecordingBuilder::blank(kind == 0 ? "" : "T", static_cast<TypeKind>(kind), 8);
    type.target = i32;
    type.fields = {RecordingBuilder::field("", 0, i32)};
    type.fields[0].bit_size = 3;
    type.discriminant = type.fields[0];
    type.variants = {{"A", ~UInt128{0}, i32, 0}, {"", std::nullopt, i32, 4}};
    type.enumerators = {{"one", 1}, {"least", static_cast<Int128>(UInt128{1} << 127)}};
    type.template_arguments = {{"T", i32}, {"N", std::nullopt}};
    b.type(type);
  }
  b.thread(100, "main", 0x7ffffffde000, 0x7ffffffff000);
  b.step(Cause::start);
  const FrameId frame =
      b.push({.function = b.function("f", "a.c", 1), .cfa = 0x7fffffffe2d0, .call_site = {}});
  const VariableId id = b.variable(frame, {.name = "v", .type = i32, .cfa_offset = -16});
  for (int kind = 0; kind <= static_cast<int>(PlaceKind::nowhere); ++kind) {
    Place place;
    place.kind = static_cast<PlaceKind>(kind);
    place.why = kind == static_cast<int>(PlaceKind::nowhere) ? Why::optimized_out : Why::none;
    place.reg = Reg::rdi;
    place.pieces.push_back({.offset = 4, .place = {}});
    place.life = {0, 0};
    b.recording.variables[id.value].places.push_back(place);
  }
  const json document = written(b.recording);
  EXPECT_THAT(errors_of(document), IsEmpty());
  EXPECT_EQ(document["types"][9]["kind"], "enumeration");
  EXPECT_EQ(document["types"][9]["enumerators"][1]["value"], "-170141183460469231731687303715884105728");
  EXPECT_EQ(document["types"][8]["variants"][0]["discriminant"], "340282366920938463463374607431768211455");
  EXPECT_EQ(document["types"][1]["variants"], nullptr);
  EXPECT_EQ(document["variables"][0]["places"][0]["cfa_offset"], -16);
}

TEST(Json, AFailedAllocationHasNoAddress) {
  RecordingBuilder b;
  b.thread(100, "main", 0x7ffffffde000, 0x7ffffffff000);
  b.step(Cause::start);
  HeapEvent failed;
  failed.requested = ~std::uint64_t{0};
  b.recording.events.push_back(failed);
  const json document = written(b.recording);
  EXPECT_THAT(errors_of(document), IsEmpty());
  EXPECT_EQ(document["events"][0]["address"], nullptr);
  EXPECT_EQ(document["events"][0]["block"], nullptr);
  EXPECT_EQ(document["events"][0]["requested"], "18446744073709551615");
}

TEST(HeapJson, GivesTheTotals) {
  const json document = written_heap(boxed());
  EXPECT_THAT(schema_errors(document, "situ-heap.schema.json"), IsEmpty());
  EXPECT_EQ(document["totals"], json::parse(R"({"allocations": 1, "releases": 1, "bytes": 4, "peak_bytes": 4,
                                                "live_at_exit": {"blocks": 0, "bytes": 0}, "lost_events": 0})"));
}

TEST(HeapJson, TheSchemaMissesAMissingTotal) {
  json document = written_heap(Recording());
  EXPECT_THAT(schema_errors(document, "situ-heap.schema.json"), IsEmpty());
  document["totals"].erase("peak_bytes");
  EXPECT_THAT(schema_errors(document, "situ-heap.schema.json"), Not(IsEmpty()));
}

}  // namespace
}  // namespace situ
