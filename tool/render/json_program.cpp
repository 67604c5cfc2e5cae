#include <optional>

#include "render/json_names.h"
#include "render/json_parts.h"

namespace situ {
namespace {

std::optional<std::uint32_t> line_number(std::uint32_t line) {
  return line == 0 ? std::nullopt : std::optional(line);
}

void write_field(JsonWriter& json, const Field& field) {
  json.text_or_null("name", field.name);
  json.field("offset", field.offset);
  json.field("type", field.type);
  json.field("bit_size", field.bit_size);
  json.key("bit_position");
  field.bit_size ? json.value(field.bit_position) : json.null();
  json.field("base_class", field.base_class);
  json.field("artificial", field.artificial);
}

void write_fields(JsonWriter& json, const Type& type) {
  const bool has =
      type.kind == TypeKind::record || type.kind == TypeKind::union_type || type.kind == TypeKind::choice;
  if (!has) return json.field("fields", std::nullopt);
  write_inner_list(json, "fields", type.fields, [&](const Field& field) { write_field(json, field); });
}

void write_variants(JsonWriter& json, const Type& type) {
  if (type.kind != TypeKind::choice) {
    json.field("discriminant", std::nullopt);
    json.field("variants", std::nullopt);
    return;
  }
  json.key("discriminant");
  if (type.discriminant) {
    json.begin_object();
    write_field(json, *type.discriminant);
    json.end_object();
  } else {
    json.null();
  }
  write_inner_list(json, "variants", type.variants, [&](const Variant& variant) {
    json.text_or_null("name", variant.name);
    json.field("discriminant", variant.discriminant);
    json.field("type", variant.type);
    json.field("offset", variant.offset);
  });
}

void write_enumerators(JsonWriter& json, const Type& type) {
  if (type.kind != TypeKind::enumeration) return json.field("enumerators", std::nullopt);
  write_inner_list(json, "enumerators", type.enumerators, [&](const Enumerator& enumerator) {
    json.text_or_null("name", enumerator.name);
    json.field("value", enumerator.value);
  });
}

}  // namespace

void write_exit(JsonWriter& json, const ExitStatus& exit) {
  json.begin_object();
  if (exit.signal) {
    json.field("signal", signal_name(*exit.signal));
  } else {
    json.field("code", exit.code);
  }
  json.end_object();
}

void write_head(JsonWriter& json, std::string_view format, std::string_view situ_version,
                const Program& program) {
  json.line();
  json.field("format", format);
  json.field("format_version", 1);
  json.field("situ_version", situ_version);
  json.line();
  json.key("program");
  json.begin_object();
  json.field("path", program.path);
  write_values(json, "arguments", program.arguments);
  json.text_or_null("build_id", program.build_id);
  json.field("aslr", program.aslr);
  json.key("exit");
  program.exit ? write_exit(json, *program.exit) : json.null();
  json.field("stopped_early", program.stopped_early);
  json.field("lost_events", program.lost_events);
  json.field("heap_seen", program.heap_seen);
  write_values(json, "warnings", program.warnings);
  json.end_object();
}

void write_threads(JsonWriter& json, const Recording& recording) {
  std::uint32_t id = 0;
  write_list(json, "threads", recording.threads, [&](const Thread& thread) {
    json.field("id", id++);
    json.field("tid", thread.tid);
    json.text_or_null("name", thread.name);
    write_values(json, "stacks", thread.stacks);
    json.lifetime(thread.life);
  });
}

void write_modules(JsonWriter& json, const Recording& recording) {
  std::uint32_t id = 0;
  write_list(json, "modules", recording.modules, [&](const Module& module) {
    json.field("id", id++);
    json.text_or_null("path", module.path);
    json.text_or_null("build_id", module.build_id);
    json.field("base", module.base);
    json.field("end", module.end);
    json.field("debug_info", module.debug_info);
  });
}

void write_functions(JsonWriter& json, const Recording& recording) {
  std::uint32_t id = 0;
  write_list(json, "functions", recording.functions, [&](const Function& function) {
    json.field("id", id++);
    json.text_or_null("name", function.name);
    json.text_or_null("linkage_name", function.linkage_name);
    json.text_or_null("file", function.file);
    json.field("line", line_number(function.line));
    json.field("language", json_name(function.language));
    json.field("module", function.module);
    json.field("user", function.user);
    json.field("return_type", function.return_type);
  });
}

void write_types(JsonWriter& json, const Recording& recording) {
  std::uint32_t id = 0;
  write_list(json, "types", recording.types, [&](const Type& type) {
    json.field("id", id++);
    json.text_or_null("name", type.name);
    json.field("size", type.size);
    json.field("kind", json_name(type.kind));
    json.field("language", json_name(type.language));
    json.text_or_null("encoding", json_name(type.encoding));
    write_fields(json, type);
    json.field("element", type.element);
    json.field("count", type.count);
    write_variants(json, type);
    write_enumerators(json, type);
    json.field("target", type.target);
    write_inner_list(json, "template_arguments", type.template_arguments,
                     [&](const TemplateArgument& argument) {
                       json.text_or_null("name", argument.name);
                       json.field("type", argument.type);
                     });
    json.field("declaration_only", type.declaration_only);
  });
}

void write_symbols(JsonWriter& json, const Recording& recording) {
  write_list(json, "symbols", recording.symbols, [&](const Symbol& symbol) {
    json.field("address", symbol.address);
    json.field("size", symbol.size);
    json.text_or_null("name", symbol.name);
    json.field("kind", json_name(symbol.kind));
    json.field("type", symbol.type);
  });
}

void write_sources(JsonWriter& json, const Recording& recording) {
  write_list(json, "sources", recording.sources, [&](const Source& source) {
    json.text_or_null("file", source.file);
    json.field("text", source.text);
  });
}

void write_regions(JsonWriter& json, const Recording& recording) {
  std::uint32_t id = 0;
  write_list(json, "regions", recording.regions, [&](const Region& region) {
    json.field("id", id++);
    json.field("kind", region_kind_name(region.kind));
    json.field("low", region.range.low);
    json.field("high", region.range.high);
    json.field("thread", region.thread);
    json.field("module", region.module);
    json.lifetime(region.life);
  });
}

}  // namespace situ
