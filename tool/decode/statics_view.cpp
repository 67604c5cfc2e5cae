// Statics and thread-locals of a moment.
#include <algorithm>

#include "decode/decoder.h"
#include "decode/pointer_scan.h"
#include "decode/shapes.h"

namespace situ {

// A program may have thousands, and most never change: a value that follows no pointer is read again only
// when its bytes were written.
VariableView Decoder::Impl::static_view(VariableId id, StepIndex step) {
  const Variable& variable = recording_.at(id);
  const Place* place = place_at(variable, step);
  const auto kept = static_views_.find(id);
  if (kept != static_views_.end() && kept->second.step <= step && place && place->address && variable.type &&
      !may_hold_pointers(recording_, *variable.type)) {
    const std::uint64_t size = recording_.at(without_aliases(recording_, *variable.type)).size.value_or(0);
    const auto written = recording_.memory.last_written(step, *place->address, size);
    if (written && *written <= kept->second.step) {
      VariableView view = kept->second.view;
      view.variable = &variable;
      view.place = place;
      view.changed = view.changed && kept->second.step == step;
      if (!view.changed) view.before.reset();
      now_[id] = {view.state, view.value.text};
      return view;
    }
  }
  VariableView view = this->variable(id, step);
  static_views_[id] = {step, view};
  return view;
}

// In address order; those without one behind them.
std::vector<VariableView> Decoder::Impl::statics(StepIndex step) {
  std::vector<VariableView> views;
  for (const VariableId id : timeline_.statics()) {
    const Variable& variable = recording_.at(id);
    if (variable.compiler_made || !variable.life.alive_at(step)) continue;
    views.push_back(static_view(id, step));
  }
  const auto address = [](const VariableView& view) {
    return view.place && view.place->address ? view.place->address->value : ~std::uint64_t{0};
  };
  std::ranges::stable_sort(views, {}, address);
  return views;
}

}  // namespace situ
