// The stack zone in words: frames from high addresses to low, long runs folded; other threads in short.
#include <fmt/format.h>

#include <algorithm>

#include "render/text_names.h"
#include "render/text_scene.h"

namespace situ {
namespace {

constexpr std::size_t shown_frames = 14, shown_outer_frames = 4;

}  // namespace

StackZone Scene::stack(const ThreadView& thread) const {
  StackZone zone;
  zone.title = "STACK";
  if (several_threads()) zone.title += " of " + thread_label(thread.id);
  if (thread.seen && *thread.seen != moment_.step) zone.subtitle = fmt::format("as of step {}", *thread.seen);
  zone.sp = hex(thread.sp.value);
  const auto foldable = [&](const FrameView& frame) {
    return !frame.ghost && !frame.frame->user && !options_.runtime_frames;
  };
  const auto fold = [&](std::size_t from, std::size_t to, std::string_view noun) {
    FrameCard card;
    card.folded = true;
    card.size = 0;
    for (std::size_t i = from; i < to; ++i) {
      if (!thread.frames[i].frame->inlined) *card.size += thread.frames[i].size;
    }
    card.title = count_text(to - from, noun);
    if (*card.size == 0) card.size.reset();
    card.position = short_function(thread.frames[to - 1].title);
    if (to - from > 1) card.position += pick(" … ", " .. ") + short_function(thread.frames[from].title);
    return card;
  };
  // Innermost first in the moment; indexes go down to draw high addresses on top.
  const auto users =
      static_cast<std::size_t>(std::count_if(thread.frames.begin(), thread.frames.end(),
                                             [&](const FrameView& f) { return !f.ghost && !foldable(f); }));
  std::size_t drawn = 0;
  for (std::size_t i = thread.frames.size(); i > 0; --i) {
    const FrameView& frame = thread.frames[i - 1];
    if (frame.ghost) continue;
    std::size_t end = i;
    if (foldable(frame)) {
      while (end > 0 && foldable(thread.frames[end - 1])) --end;
      zone.frames.push_back(fold(end, i, "runtime frame"));
      zone.frames.back().innermost = end == 0 || thread.frames[end - 1].ghost;
      i = end + 1;
      continue;
    }
    if (users > shown_frames && drawn == shown_outer_frames) {
      const std::size_t keep = shown_frames - shown_outer_frames;
      std::size_t left = users - drawn;
      while (end > 0 && left > keep) {
        --end;
        if (!foldable(thread.frames[end])) --left;
      }
      zone.frames.push_back(fold(end, i, "frame"));
      zone.frames.back().title += " folded";
      drawn = users - keep;
      i = end + 1;
      continue;
    }
    zone.frames.push_back(frame_card(thread, i - 1));
    ++drawn;
  }
  for (std::size_t i = thread.frames.size(); i > 0; --i) {
    const FrameView& frame = thread.frames[i - 1];
    if (frame.ghost && (frame.frame->user || options_.runtime_frames)) {
      zone.frames.push_back(frame_card(thread, i - 1));
    }
  }
  return zone;
}

// The other threads: one row a frame.
StackZone Scene::compact_stack(const ThreadView& thread) const {
  StackZone zone;
  zone.compact = true;
  zone.title = thread_label(thread.id);
  if (thread.seen && *thread.seen != moment_.step) zone.subtitle = fmt::format("as of step {}", *thread.seen);
  zone.sp = hex(thread.sp.value);
  FrameCard card;
  for (std::size_t i = thread.frames.size(); i > 0; --i) {
    const FrameView& frame = thread.frames[i - 1];
    if (!frame.frame->user || frame.ghost) continue;
    Row row;
    row.name = short_function(frame.title);
    row.type = position(frame.file, frame.line);
    row.size = frame.size;
    for (const auto& variable : frame.variables) {
      if (variable.state == VariableState::ended) continue;
      const Row part = variable_rows(variable, Row{}).front();
      if (!row.text.empty()) row.text += "  ";
      row.text += variable.variable->name;
      for (const auto& words : {part.text, part.tag}) {
        if (!words.empty()) row.text += " " + words;
      }
      if (part.sign == '!') row.sign = '!';
      if (!row.arrow) row.arrow = part.arrow;
    }
    card.rows.push_back(std::move(row));
    if (card.rows.size() >= shown_frames) break;
  }
  if (card.rows.empty()) {
    Row row;
    row.text = "no user frame";
    row.ink = Ink::faint;
    card.rows.push_back(std::move(row));
  }
  zone.frames.push_back(std::move(card));
  return zone;
}

std::vector<StackZone> Scene::stacks() const {
  std::vector<StackZone> zones;
  for (const auto& thread : moment_.threads) {
    zones.push_back(zones.empty() ? stack(thread) : compact_stack(thread));
  }
  return zones;
}

}  // namespace situ
