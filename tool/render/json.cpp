#include "render/json.h"

#include "analysis/heap_totals.h"
#include "render/json_parts.h"

namespace situ {

void write_json(const Recording& recording, Decoder& decoder, std::string_view situ_version,
                const std::function<void(std::string_view)>& write) {
  const Lifetimes lifetimes = walk(recording, decoder);
  JsonWriter json(write);
  json.begin_object();
  write_head(json, "situ-recording", situ_version, recording.program);
  json.line();
  json.field("recorded_from", recording.program.recorded_from);
  const auto part = [&](auto write_part, auto&... arguments) {
    json.line();
    write_part(json, arguments...);
  };
  part(write_threads, recording);
  part(write_modules, recording);
  part(write_functions, recording);
  part(write_types, recording);
  part(write_symbols, recording);
  part(write_sources, recording);
  part(write_steps, recording, decoder, lifetimes);
  part(write_events, recording);
  part(write_frames, recording, lifetimes);
  part(write_variables, recording, lifetimes);
  part(write_blocks, recording, decoder, lifetimes);
  part(write_pointers, lifetimes);
  part(write_memory, recording);
  part(write_regions, recording);
  json.line();
  json.key("output");
  json.begin_array();
  json.end_array();
  json.line();
  json.end_object();
  json.finish();
  write("\n");
}

void write_heap_json(const Recording& recording, std::string_view situ_version,
                     const std::function<void(std::string_view)>& write) {
  const HeapTotals totals = heap_totals(recording);
  JsonWriter json(write);
  json.begin_object();
  write_head(json, "situ-heap", situ_version, recording.program);
  json.line();
  json.key("totals");
  json.begin_object();
  json.field("allocations", totals.allocations);
  json.field("releases", totals.releases);
  json.field("bytes", totals.bytes);
  json.field("peak_bytes", totals.peak_bytes);
  json.key("live_at_exit");
  json.begin_object();
  json.field("blocks", totals.live_blocks);
  json.field("bytes", totals.live_bytes);
  json.end_object();
  json.field("lost_events", recording.program.lost_events);
  json.end_object();
  json.line();
  json.end_object();
  json.finish();
  write("\n");
}

}  // namespace situ
