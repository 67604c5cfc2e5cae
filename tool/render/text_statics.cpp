// The statics below the heap, as one box: those that changed, that point into what is drawn, or that
// something drawn points at; all of them where they are few.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "render/text_names.h"
#include "render/text_scene.h"

namespace situ {
namespace {

constexpr std::size_t shown_statics = 8;

}  // namespace

std::optional<BlockCard> Scene::statics_card() const {
  if (moment_.statics.empty()) return std::nullopt;
  std::unordered_set<VariableId> pointed_at;
  for (const PointerView& pointer : moment_.pointers) {
    if (pointer.to && pointer.to->variable) pointed_at.insert(*pointer.to->variable);
  }
  const auto matters = [&](const VariableView& view) {
    return view.changed || pointed_at.count(view.id) != 0 || from_variable_.count(view.id) != 0;
  };
  BlockCard card;
  card.label = moment_.blocks.empty() ? "" : "statics";
  card.ink = Ink::faint;
  std::size_t shown = 0;
  const bool few = moment_.statics.size() <= shown_statics;
  for (const VariableView& view : moment_.statics) {
    if (shown >= shown_statics || !(few || matters(view))) continue;
    ++shown;
    Row start;
    for (Row& row : variable_rows(view, start)) card.rows.push_back(std::move(row));
    if (view.variable->thread && several_threads()) {
      Row& head = card.rows[card.rows.size() - 1];
      if (head.note.empty()) head.note = fmt::format("t{}", view.variable->thread->value + 1);
    }
  }
  if (shown == 0) return std::nullopt;
  if (shown < moment_.statics.size()) {
    Row more;
    more.ink = Ink::faint;
    more.text = pick("… ", ".. ") + count_text(moment_.statics.size() - shown, "more static");
    card.rows.push_back(std::move(more));
  }
  const Place* place = moment_.statics.front().place;
  if (place != nullptr && place->address) card.tail = "from " + hex(place->address->value);
  return card;
}

}  // namespace situ
