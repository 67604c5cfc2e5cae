#include "render/text_scene.h"

#include <fmt/format.h>

#include <algorithm>

#include "render/text_names.h"

namespace situ {
namespace {

constexpr int deepest_row = 3, deepest_raw_row = 8;
constexpr std::size_t rows_of_one_value = 12, rows_of_one_raw_value = 60;
constexpr std::size_t longest_inline = 30;

std::string_view why_words(Why why) {
  switch (why) {
    case Why::optimized_out:
      return "optimized out";
    case Why::not_in_scope_here:
      return "no place at this instruction";
    case Why::entry_value_unknown:
      return "entry value unknown";
    case Why::unreadable:
      return "not readable";
    case Why::unsupported_expression:
      return "location not understood";
    case Why::incomplete_type:
      return "incomplete type";
    case Why::none:
      break;
  }
  return "unknown";
}

// What a pointer's text says besides its address, which the arrow says: a C string, reference counts, the
// dynamic type. Symbols are in the arrow's name.
std::string beside_address(const std::string& text) {
  const auto space = text.find(' ');
  if (space == std::string::npos || text[space + 1] == '<') return {};
  std::string rest = text.substr(space + 1);
  if (rest.front() == '(' && rest.back() == ')') rest = rest.substr(1, rest.size() - 2);
  return rest;
}

std::vector<const PointerView*> within(const std::vector<const PointerView*>& pointers, std::uint64_t base,
                                       std::uint64_t size) {
  std::vector<const PointerView*> inside;
  std::copy_if(pointers.begin(), pointers.end(), std::back_inserter(inside), [&](const PointerView* p) {
    return p->offset >= base && p->offset < base + std::max<std::uint64_t>(size, 1);
  });
  return inside;
}

}  // namespace

Scene::Scene(const Recording& recording, const Moment& moment, const TextOptions& options)
    : recording_(recording),
      moment_(moment),
      options_(options),
      charset_(options.ascii ? Charset::ascii : Charset::utf8) {
  for (const auto& thread : moment.threads) {
    for (const auto& frame : thread.frames) {
      for (const auto& view : frame.variables) variables_[view.id] = {&thread, &frame, &view};
    }
  }
  for (const auto& view : moment.statics) variables_[view.id] = {nullptr, nullptr, &view};
  for (const auto& pointer : moment.pointers) {
    if (pointer.from_variable) from_variable_[*pointer.from_variable].push_back(&pointer);
    if (pointer.from_block) from_block_[*pointer.from_block].push_back(&pointer);
  }
  for (const auto& block : moment.blocks) blocks_[block.id] = &block;
}

std::string Scene::pick(std::string_view utf8, std::string_view ascii) const {
  return std::string(charset_ == Charset::ascii ? ascii : utf8);
}

std::string Scene::thread_label(ThreadId thread) const {
  std::string label = fmt::format("t{}", thread.value + 1);
  if (thread.value < recording_.threads.size() && !recording_.at(thread).name.empty()) {
    label += " " + recording_.at(thread).name;
  }
  return label;
}

std::string Scene::target_name(const PointerTarget& target) const {
  using Kind = PointerTarget::Kind;
  const auto inside = [&](const std::string& name) {
    if (!target.path.empty()) return name + target.path;
    return target.offset == 0 ? name : name + fmt::format("{:+}", static_cast<std::int64_t>(target.offset));
  };
  switch (target.kind) {
    case Kind::block:
      if (target.block) return inside(block_label(recording_.at(*target.block)));
      break;
    case Kind::variable:
      if (target.variable) {
        const auto parent = variables_.find(*target.variable);
        const std::string& name = recording_.at(*target.variable).name;
        if (parent == variables_.end() || parent->second.frame == nullptr) return inside(name);
        return inside(short_function(parent->second.frame->title) + "." + name);
      }
      break;
    case Kind::frame:
      if (target.frame && recording_.at(*target.frame).function) {
        return inside("frame of " +
                      short_function(recording_.at(*recording_.at(*target.frame).function).name));
      }
      return inside("a frame");
    case Kind::static_data:
      return inside(target.name.empty() ? "static" : "static " + target.name);
    case Kind::code:
      return target.name.empty() ? "code" : "fn " + short_function(target.name);
    case Kind::self:
      return "itself";
    case Kind::region:
      break;
  }
  if (target.region) return std::string(region_kind_name(recording_.at(*target.region).kind));
  return target.name.empty() ? "?" : target.name;
}

// "#1 freed", "#1 reused by #4", "k of bar, popped".
std::string Scene::dangling_words(const PointerView& pointer) const {
  const auto owner = [&]() -> std::string {
    if (pointer.to && pointer.to->block) return block_label(recording_.at(*pointer.to->block));
    return hex(pointer.address.value);
  };
  switch (pointer.state) {
    case PointerState::dangling_freed:
      return owner() + " freed";
    case PointerState::dangling_reused: {
      // The pointer meant the last tenant that died; the one that lives there now came after it.
      std::string was, now;
      for (const Block& block : recording_.blocks) {
        const std::uint64_t size =
            block.sizes.empty() ? 1 : std::max<std::uint64_t>(block.sizes[0].requested, 1);
        if (block.life.born > moment_.step || pointer.address < block.address ||
            pointer.address >= block.address + size) {
          continue;
        }
        (block.life.alive_at(moment_.step) ? now : was) = block_label(block);
      }
      if (pointer.to && pointer.to->block && !recording_.at(*pointer.to->block).life.alive_at(moment_.step)) {
        was = owner();
      }
      if (now.empty()) now = "another block";
      return was.empty() ? "reused by " + now : fmt::format("{} reused by {}", was, now);
    }
    case PointerState::dangling_frame: {
      if (!pointer.to || !pointer.to->variable) return "a popped frame";
      const Variable& variable = recording_.at(*pointer.to->variable);
      std::string function = "a frame";
      if (variable.frame && recording_.at(*variable.frame).function) {
        function = short_function(recording_.at(*recording_.at(*variable.frame).function).name);
      }
      return fmt::format("{} of {}, popped", variable.name, function);
    }
    case PointerState::dangling_moved: {
      const auto& block = pointer.to ? pointer.to->block : std::nullopt;
      const auto moved = block ? recording_.at(*block).moved_to : std::nullopt;
      return moved ? fmt::format("{} moved to {}", owner(), block_label(recording_.at(*moved)))
                   : owner() + " moved";
    }
    default:
      return fmt::format("{}, nothing is mapped there", hex(pointer.address.value));
  }
}

void Scene::add_tag(Row& row, const PointerView& pointer) const {
  const bool broken = is_dangling(pointer.state) || pointer.state == PointerState::wild;
  ArrowTo arrow;
  if (pointer.to) {
    arrow.block = pointer.to->block;
    arrow.variable = pointer.to->variable;
  }
  arrow.broken = broken;
  arrow.ink = broken ? Ink::danger : Ink::plain;
  if (!broken && arrow.block) {
    const auto number = recording_.at(*arrow.block).number;
    arrow.ink = number ? accent(*number - 1) : Ink::faint;
  }
  std::string words;
  switch (pointer.state) {
    case PointerState::null:
    case PointerState::empty:
      row.text += (row.text.empty() ? "" : " ");
      row.text += pointer.state == PointerState::null ? "null"
                  : row.text.empty()                  ? "points nowhere, empty"
                                                      : "";
      return;
    case PointerState::unknown:
      return;
    case PointerState::valid:
      words = pick("●─▶ ", "*-> ") + (pointer.to ? target_name(*pointer.to) : hex(pointer.address.value));
      break;
    case PointerState::past_end:
      words = pick("●─▶ ", "*-> ") + "end of " +
              (pointer.to && pointer.to->block ? block_label(recording_.at(*pointer.to->block))
                                               : std::string("its array"));
      break;
    case PointerState::moved_from:
      words = pick("○ ", "o ") + (pointer.to ? target_name(*pointer.to) + " moved away" : "moved away");
      row.sign = 'x';
      arrow.ink = Ink::faint;
      break;
    default:
      words = pick("●─× ", "*-X ") + dangling_words(pointer);
      row.sign = '!';
  }
  if (options_.full_addresses) words += " " + hex(pointer.address.value);
  row.tag += (row.tag.empty() ? "" : "  ") + words;
  row.tag_ink = arrow.ink;
  const bool drawable = pointer.state == PointerState::valid || is_dangling(pointer.state);
  if (!row.arrow && drawable && (arrow.block || arrow.variable)) row.arrow = arrow;
}

void Scene::describe(Row& row, const Value& value, const std::vector<const PointerView*>& pointers) const {
  if (value.kind == ValueKind::unavailable) {
    row.text = value.text.empty() ? std::string(why_words(value.why)) : value.text;
    row.ink = Ink::faint;
  } else if (value.kind != ValueKind::pointer || pointers.empty()) {
    row.text = value.text;
  } else if (pointers.front()->state == PointerState::valid) {
    row.text = beside_address(value.text);
  }
  if (value.unwritten) {
    row.text = "not written";
    row.sign = '?';
    row.ink = Ink::faint;
    return;
  }
  for (const PointerView* pointer : pointers) add_tag(row, *pointer);
  if (row.text.empty() && row.tag.empty()) row.text = value.text.empty() ? "?" : value.text;
}

// One row where the value fits in one; else a heading row and one for each field.
void Scene::add_value(std::vector<Row>& rows, Row first, const Value& value, std::uint64_t base,
                      const std::vector<const PointerView*>& pointers, int depth) const {
  auto inside = within(pointers, base, value.size);
  if (value.pointer_offset) {
    const auto own = within(inside, base + *value.pointer_offset, 1);
    if (!own.empty()) inside = {own.front()};
  }
  const int deepest = options_.raw ? deepest_raw_row : deepest_row;
  const std::size_t most_rows = options_.raw ? rows_of_one_raw_value : rows_of_one_value;
  const bool several = inside.size() > 1;
  const bool long_record = !value.pointer_offset && display_width(value.text) > longest_inline;
  const bool whole_record = inside.size() == 1 && value.fields.size() > 1 && !value.pointer_offset;
  const bool by_fields = options_.raw && !value.fields.empty();
  const bool unfold =
      depth < deepest && !value.unwritten && (several || long_record || whole_record || by_fields);
  if (!unfold || (value.fields.empty() && (value.elements.empty() || !several))) {
    if (several && value.fields.empty()) inside.resize(1);
    describe(first, value, inside);
    rows.push_back(std::move(first));
    return;
  }
  const auto indent = std::string(static_cast<std::size_t>(depth) + 1, ' ');
  const bool below = first.below_sp, dim = first.dim;
  const std::size_t start = rows.size();
  first.text = value.variant;
  rows.push_back(std::move(first));
  const auto add = [&](std::string name, std::uint64_t offset, const Value& part) {
    if (rows.size() - start > most_rows) return;
    Row row;
    row.name = indent + std::move(name);
    row.below_sp = below;
    row.dim = dim;
    if (part.type.value < recording_.types.size()) row.type = short_type(recording_.at(part.type).name);
    add_value(rows, std::move(row), part, base + offset, pointers, depth + 1);
  };
  for (const auto& field : value.fields) add("." + field.name, field.offset, field.value);
  std::uint64_t next = 0;
  for (std::size_t i = 0; value.fields.empty() && i < value.elements.size(); ++i) {
    const Value& element = value.elements[i];
    if (i < value.indexes.size()) next = value.indexes[i];
    add(fmt::format("[{}]", next), next * element.size, element);
    ++next;
  }
  if (rows.size() - start > most_rows || value.cut) {
    Row more;
    more.name = indent + pick("…", "..");
    more.below_sp = below;
    more.text = "more not shown";
    more.ink = Ink::faint;
    rows.push_back(std::move(more));
  }
}

}  // namespace situ
