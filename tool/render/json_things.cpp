#include <algorithm>
#include <unordered_set>

#include "analysis/leaks.h"
#include "render/json_names.h"
#include "render/json_parts.h"
#include "render/json_value.h"

namespace situ {
namespace {

void write_call_site(JsonWriter& json, const std::optional<CallSite>& site) {
  json.key("call_site");
  if (!site) return json.null();
  json.begin_object();
  json.text_or_null("file", site->file);
  json.key("line");
  site->line == 0 ? json.null() : json.value(site->line);
  json.end_object();
}

void write_stack(JsonWriter& json, std::string_view name, const std::vector<StackLine>& stack) {
  write_inner_list(json, name, stack, [&](const StackLine& line) {
    json.field("function", line.function);
    json.text_or_null("file", line.file);
    json.key("line");
    line.line == 0 ? json.null() : json.value(line.line);
    json.field("pc", line.pc);
  });
}

// What the holder had when it died, it had until then.
Lifetime within(Lifetime life, const Lifetime& holder) {
  if (holder.died && (!life.died || *holder.died < *life.died)) life.died = std::max(life.born, *holder.died);
  return life;
}

void write_size(JsonWriter& json, const BlockSize& size) {
  json.field("requested", size.requested);
  json.field("usable", size.usable ? std::optional(size.usable) : std::nullopt);
  json.field("chunk", size.chunk ? std::optional(size.chunk) : std::nullopt);
}

// The block's last sizes; the list has them all.
void write_sizes(JsonWriter& json, const Block& block) {
  if (block.sizes.empty()) {
    for (const char* name : {"requested", "usable", "chunk"}) json.field(name, std::nullopt);
  } else {
    write_size(json, block.sizes.back());
  }
  write_inner_list(json, "sizes", block.sizes, [&](const BlockSize& size) {
    write_size(json, size);
    json.lifetime(size.life);
  });
}

void write_reason(JsonWriter& json, const FreeReason* reason) {
  json.key("freed_because");
  if (!reason) return json.null();
  json.begin_object();
  json.field("kind", free_kind_name(reason->kind));
  json.field("variable", reason->variable);
  json.text_or_null("path", reason->path);
  json.field("frame", reason->frame);
  json.field("function", reason->function);
  json.text_or_null("file", reason->file);
  json.key("line");
  reason->line == 0 ? json.null() : json.value(reason->line);
  json.text_or_null("text", reason->text);
  json.end_object();
}

// When the block's bytes were last read while they said this.
std::optional<StepIndex> seen_of(const Recording& recording, const Block& block, const Lifetime& life) {
  if (recording.steps.empty() || block.sizes.empty()) return std::nullopt;
  const auto last = static_cast<StepIndex>(recording.steps.size() - 1);
  const StepIndex end = life.died && *life.died > life.born ? *life.died - 1 : last;
  return recording.memory.seen(std::max(end, life.born), block.address, block.sizes.back().requested);
}

}  // namespace

void write_frames(JsonWriter& json, const Recording& recording, const Lifetimes& lifetimes) {
  std::uint32_t id = 0;
  write_list(json, "frames", recording.frames, [&](const Frame& frame) {
    json.field("id", id);
    json.field("thread", frame.thread);
    json.field("stack", frame.stack);
    json.field("depth", frame.depth);
    json.field("function", frame.function);
    json.field("inlined", frame.inlined);
    json.field("user", frame.user);
    json.field("signal_handler", frame.signal_handler);
    json.field("cfa", frame.cfa);
    json.field("return_address", frame.return_address);
    json.field("caller", frame.caller);
    write_call_site(json, frame.call_site);
    json.field("found_by", json_name(frame.found_by));
    write_inner_list(json, "extents", frame.extents, [&](const FrameExtent& extent) {
      json.field("size", extent.size);
      json.field("pushed", extent.pushed);
      json.lifetime(extent.life);
    });
    write_inner_list(json, "slots", lifetimes.slots.of(id++), [&](const Interval& slot) {
      json.raw(slot.json);
      json.lifetime(within(slot.life, frame.life));
    });
    write_inner_list(json, "registers", frame.registers, [&](const RegisterValue& value) {
      json.field("name", register_name(value.reg));
      json.key("value");
      json.hex(value.value);
      json.lifetime(value.life);
    });
    json.lifetime(frame.life);
    json.key("ended_by");
    frame.ended_by ? json.value(json_name(*frame.ended_by)) : json.null();
  });
}

void write_variables(JsonWriter& json, const Recording& recording, const Lifetimes& lifetimes) {
  std::uint32_t id = 0;
  write_list(json, "variables", recording.variables, [&](const Variable& variable) {
    json.field("id", id);
    json.field("frame", variable.frame);
    json.field("thread", variable.thread);
    json.text_or_null("name", variable.name);
    json.field("type", variable.type);
    json.field("kind", json_name(variable.kind));
    json.text_or_null("file", variable.file);
    json.key("line");
    variable.line == 0 ? json.null() : json.value(variable.line);
    json.field("compiler_made", variable.compiler_made);
    write_inner_list(json, "in_scope", variable.in_scope, [&](const Lifetime& life) { json.lifetime(life); });
    json.key("places");
    json.begin_array();
    for (const Place& place : variable.places) write_place(json, place);
    json.end_array();
    const Lifetime& holder = variable.frame ? recording.at(*variable.frame).life : variable.life;
    write_inner_list(json, "values", lifetimes.values.of(id++), [&](const Interval& value) {
      json.raw(value.json);
      json.field("seen", value.seen);
      json.lifetime(within(value.life, holder));
    });
  });
}

void write_blocks(JsonWriter& json, const Recording& recording, Decoder& decoder,
                  const Lifetimes& lifetimes) {
  std::unordered_set<BlockId> lost;
  for (const Leak& leak : leaks(recording)) lost.insert(leak.block);
  std::uint32_t id = 0;
  write_list(json, "blocks", recording.blocks, [&](const Block& block) {
    json.field("id", id);
    json.field("number", block.number);
    json.field("address", block.address);
    write_sizes(json, block);
    json.field("by", heap_op_name(block.by));
    json.field("thread", block.thread);
    json.key("freed_by");
    block.freed_by ? json.value(heap_op_name(*block.freed_by)) : json.null();
    json.field("freed_by_thread", block.freed_by_thread);
    json.field("tenant", block.tenant);
    json.field("moved_to", block.moved_to);
    json.field("user", block.user);
    json.text_or_null("purpose", purpose_name(block.purpose));
    write_stack(json, "stack", block.stack);
    write_stack(json, "free_stack", block.free_stack);
    write_reason(json, decoder.free_reason(BlockId{id}));
    const Decoder::BlockType type = decoder.block_type(BlockId{id});
    json.field("type", type.type);
    json.field("count", type.count);
    write_values(json, "types", type.all);
    json.field("leaked", lost.contains(BlockId{id}));
    write_inner_list(json, "values", lifetimes.block_values.of(id++), [&](const Interval& value) {
      json.raw(value.json);
      json.field("seen", seen_of(recording, block, value.life));
      json.lifetime(within(value.life, block.life));
    });
    json.lifetime(block.life);
  });
}

void write_pointers(JsonWriter& json, const Lifetimes& lifetimes) {
  write_list(json, "pointers", lifetimes.pointers.of(0), [&](const Interval& pointer) {
    json.raw(pointer.json);
    json.lifetime(pointer.life);
  });
}

}  // namespace situ
