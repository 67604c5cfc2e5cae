#include <optional>

#include "decode/double_free.h"
#include "render/json_names.h"
#include "render/json_parts.h"
#include "render/json_value.h"

namespace situ {
namespace {

void write_step_event(JsonWriter& json, const Recording& recording, Decoder& decoder, const Step& step) {
  json.key("event");
  if (step.cause == Cause::returned) {
    const std::optional<Value> value = decoder.return_value(step.index);
    json.begin_object();
    json.key("value");
    value ? write_value(json, *value) : json.null();
    json.field("type", step.function ? recording.at(*step.function).return_type : std::nullopt);
    json.end_object();
  } else if (step.cause == Cause::signal && step.signal) {
    json.begin_object();
    json.field("name", signal_name(step.signal->number));
    json.field("address", step.signal->address);
    json.end_object();
  } else if (step.cause == Cause::exit && step.exit) {
    write_exit(json, *step.exit);
  } else {
    json.null();
  }
}

}  // namespace

void write_steps(JsonWriter& json, const Recording& recording, Decoder& decoder, const Lifetimes& lifetimes) {
  std::size_t index = 0;
  write_list(json, "steps", recording.steps, [&](const Step& step) {
    json.field("index", index);
    json.field("thread", step.thread);
    json.field("cause", cause_name(step.cause));
    json.field("frame", step.frame);
    json.field("function", step.function);
    json.text_or_null("file", step.file);
    json.key("line");
    step.line == 0 ? json.null() : json.value(step.line);
    json.field("pc", step.pc);
    json.field("sp", step.sp);
    json.field("block", step.block);
    write_step_event(json, recording, decoder, step);
    const StepIndex recorded_from = recording.program.recorded_from;
    json.key("say");
    index < recorded_from ? json.null() : json.value(lifetimes.say[index - recorded_from]);
    ++index;
  });
}

void write_events(JsonWriter& json, const Recording& recording) {
  write_list(json, "events", recording.events, [&](const HeapEvent& event) {
    json.field("seq", event.seq);
    json.field("step", event.step);
    json.field("thread", event.thread);
    json.field("op", heap_op_name(event.op));
    json.field("block", event.block);
    json.field("requested", event.requested);
    json.key("address");
    event.address ? json.value(event.address) : json.null();
    json.key("argument");
    event.argument ? json.value(event.argument) : json.null();
    json.field("again", released_again(recording, event));
  });
}

void write_memory(JsonWriter& json, const Recording& recording) {
  json.key("memory");
  json.begin_array();
  recording.memory.for_each_line([&](Address address, std::span<const LineVersion> versions) {
    for (std::size_t i = 0; i < versions.size(); ++i) {
      const LineVersion& version = versions[i];
      json.line();
      json.begin_object();
      json.field("address", address);
      json.key("bytes");
      json.hex(version.bytes);
      json.key("known");
      version.known == ~std::uint64_t{0} ? json.null() : json.hex(version.known);
      json.field("seen", version.seen);
      json.lifetime(
          {version.born, i + 1 < versions.size() ? std::optional(versions[i + 1].born) : std::nullopt});
      json.end_object();
    }
  });
  if (recording.memory.line_count() != 0) json.line();
  json.end_array();
}

}  // namespace situ
