// A frame in words: every part of it, so that the sizes add up.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "render/text_names.h"
#include "render/text_scene.h"

namespace situ {
namespace {

constexpr std::size_t short_value = 12;

std::string offset_text(std::int64_t offset) {
  return offset < 0 ? fmt::format("-{:#04x}", static_cast<std::uint64_t>(-offset))
                    : fmt::format("+{:#04x}", static_cast<std::uint64_t>(offset));
}

// What a variable without a slot in the frame has instead of an offset.
std::string place_text(const Place* place) {
  if (place == nullptr) return "-";
  switch (place->kind) {
    case PlaceKind::stack:
      return place->cfa_offset ? offset_text(*place->cfa_offset) : "stack";
    case PlaceKind::reg:
      return place->reg ? std::string(register_name(*place->reg)) : "reg";
    case PlaceKind::static_data:
      return "static";
    case PlaceKind::thread_local_data:
      return "tls";
    case PlaceKind::memory:
      return "by ref";
    case PlaceKind::computed:
      return "computed";
    case PlaceKind::pieces:
      return "pieces";
    case PlaceKind::nowhere:
      break;
  }
  return "-";
}

bool hidden_slot(const Slot& slot) {
  return slot.kind == SlotKind::other ||
         (slot.kind != SlotKind::red_zone && slot.variables.empty() &&
          slot.kind != SlotKind::return_address && slot.kind != SlotKind::saved_register);
}

}  // namespace

std::vector<Row> Scene::variable_rows(const VariableView& view, const Row& start) const {
  Row first = start;
  first.name = view.variable->name;
  first.variable = view.id;
  if (view.variable->type) first.type = short_type(recording_.at(*view.variable->type).name);
  const bool ended = view.state == VariableState::ended;
  first.dim = first.dim || ended;
  if (view.state == VariableState::uninitialised) {
    first.sign = '?';
    first.text = "not written";
    first.ink = Ink::faint;
    return {first};
  }
  static const std::vector<const PointerView*> none;
  const auto found = from_variable_.find(view.id);
  std::vector<Row> rows;
  add_value(rows, first, view.value, 0, found == from_variable_.end() ? none : found->second, 0);
  Row& head = rows.front();
  if (ended && !start.below_sp) head.note = "scope ended";
  if (view.state == VariableState::moved && head.sign != '!') {
    head.sign = 'x';
    if (head.tag.empty()) head.note = "moved away";
    head.dim = true;
  }
  if (view.changed && head.sign == ' ') {
    head.sign = '*';
    if (head.ink == Ink::plain) head.ink = Ink::changed;
    if (view.before && head.tag.empty() && *view.before != head.text &&
        display_width(*view.before) <= short_value && display_width(head.text) <= short_value) {
      head.before = *view.before;
    }
  }
  if (view.copy_of) {
    const auto parent = variables_.find(*view.copy_of);
    const std::string& name = recording_.at(*view.copy_of).name;
    const std::string original = parent == variables_.end() || parent->second.frame == nullptr
                                     ? name
                                     : short_function(parent->second.frame->title) + "." + name;
    head.note = "copy of " + original;
    head.short_note = "= " + original;
  }
  if (view.seen && *view.seen != moment_.step) head.note = fmt::format("as of step {}", *view.seen);
  add_bytes(rows, view, start);
  return rows;
}

Row Scene::return_row(const ThreadView& thread, std::size_t index) const {
  Row row;
  row.name = "return";
  row.ink = Ink::faint;
  const auto from = thread.frames.begin() + static_cast<std::ptrdiff_t>(index);
  auto caller = std::find_if(from + 1, thread.frames.end(),
                             [&](const FrameView& f) { return f.id == from->frame->caller; });
  if (caller == thread.frames.end()) {
    caller = std::find_if(from + 1, thread.frames.end(), [](const FrameView& f) { return !f.ghost; });
  }
  row.text = pick("→ ", "-> ");
  if (caller == thread.frames.end()) {
    const auto address = thread.frames[index].frame->return_address;
    row.text += address ? hex(address->value) : "?";
    return row;
  }
  row.text += short_function(caller->title);
  const auto& site = thread.frames[index].frame->call_site;
  const std::string where = site ? position(site->file, site->line) : position(caller->file, caller->line);
  if (!where.empty()) row.text += " " + where;
  if (options_.full_addresses && thread.frames[index].frame->return_address) {
    row.text += " " + hex(thread.frames[index].frame->return_address->value);
  }
  return row;
}

// Neighbouring saved registers share a row; with full addresses each has its own and its value.
void Scene::add_saved_register(std::vector<Row>& rows, Row row, const Slot& slot,
                               const FrameView& view) const {
  const std::string name(slot.reg ? register_name(*slot.reg) : "register");
  row.name = "saved";
  row.text = name;
  row.ink = Ink::faint;
  row.dim = true;
  if (options_.full_addresses) {
    const auto value =
        MemoryAtStep(recording_.memory, moment_.step)
            .read_value<std::uint64_t>(view.frame->cfa + static_cast<std::uint64_t>(slot.offset));
    if (value) row.text += " " + hex(*value);
  } else if (!rows.empty() && rows.back().name == row.name && rows.back().below_sp == row.below_sp) {
    rows.back().text += " " + name;
    rows.back().where = row.where;
    rows.back().size = rows.back().size.value_or(0) + slot.size;
    return;
  }
  rows.push_back(std::move(row));
}

FrameCard Scene::frame_card(const ThreadView& thread, std::size_t index) const {
  const FrameView& view = thread.frames[index];
  FrameCard card;
  card.title = view.title;
  card.position = position(view.file, view.line);
  card.ghost = view.ghost;
  card.innermost = view.innermost;
  const bool inlined = view.frame->inlined;
  if (inlined) {
    card.title += " (inlined)";
  } else {
    card.cfa = hex(view.frame->cfa.value);
    card.size = view.size;
  }

  std::unordered_set<VariableId> in_slots;
  for (const auto& frame : thread.frames) {
    for (const auto& slot : frame.slots) in_slots.insert(slot.variables.begin(), slot.variables.end());
  }
  Row base;
  base.dim = view.ghost;
  base.below_sp = view.ghost;
  for (const auto& variable : view.variables) {
    if (in_slots.count(variable.id) != 0) continue;
    Row row = base;
    row.where = place_text(variable.place);
    for (auto& made : variable_rows(variable, row)) card.rows.push_back(std::move(made));
  }
  for (std::size_t i = 0; i < view.slots.size(); ++i) {
    const Slot& slot = view.slots[i];
    Row row = base;
    row.where = offset_text(slot.offset);
    row.size = slot.size;
    row.below_sp = view.ghost || (view.innermost && slot.offset + static_cast<std::int64_t>(slot.size) <=
                                                        -static_cast<std::int64_t>(view.pushed));
    if (slot.kind == SlotKind::return_address) {
      Row made = return_row(thread, index);
      made.where = row.where;
      made.size = row.size;
      made.below_sp = row.below_sp;
      made.dim = row.dim;
      card.rows.push_back(std::move(made));
      continue;
    }
    if (slot.kind == SlotKind::saved_register) {
      add_saved_register(card.rows, row, slot, view);
      continue;
    }
    bool drawn = false;
    for (const VariableId id : slot.variables) {
      const auto parent = variables_.find(id);
      if (parent == variables_.end()) continue;
      Row start = row;
      if (drawn) start.size.reset();
      auto made = variable_rows(*parent->second.view, start);
      if (parent->second.frame != &view && made.front().note.empty()) {
        made.front().note = "of " + short_function(parent->second.frame->title);
      }
      for (auto& each : made) card.rows.push_back(std::move(each));
      drawn = true;
    }
    if (drawn) continue;
    row.dim = true;
    row.ink = Ink::faint;
    row.text = slot.kind == SlotKind::red_zone ? "red zone" : "other";
    row.note = slot.kind == SlotKind::red_zone ? "unused" : "spill space, padding";
    // Neighbouring parts without a name are one row: their sizes still add up.
    if (!card.rows.empty() && hidden_slot(slot) && card.rows.back().text == row.text &&
        card.rows.back().below_sp == row.below_sp && card.rows.back().size) {
      card.rows.back().size = *card.rows.back().size + slot.size;
      card.rows.back().where = row.where;
      continue;
    }
    card.rows.push_back(std::move(row));
  }
  return card;
}

}  // namespace situ
