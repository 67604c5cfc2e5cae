#include "render/text.h"

#include <fmt/format.h>

#include <algorithm>

#include "render/text_layout.h"
#include "render/text_names.h"
#include "render/text_words.h"

namespace situ {
namespace {

constexpr std::size_t narrowest = 40;

std::size_t draw_head(Canvas& canvas, const Scene& scene) {
  const Recording& recording = scene.recording();
  const Moment& moment = scene.moment();
  const Step& step = recording.steps[moment.step];
  const std::size_t width = canvas.width();
  const Charset charset = canvas.charset();

  std::string heap =
      fmt::format("heap {} live, {}", count_text(moment.live_blocks), bytes_text(moment.live_bytes));
  if (!recording.program.heap_seen) heap = "heap not seen";
  const std::size_t heap_at = width > display_width(heap) + 1 ? width - display_width(heap) - 1 : 0;

  std::size_t x =
      canvas.text(0, 1, fmt::format("step {}/{}", moment.step, recording.steps.size() - 1), Ink::faint);
  const std::size_t end = heap_at > 2 ? heap_at - 2 : 0;
  x = canvas.text(0, x + 2, cause_words(step.cause, CauseCase::capitals), Ink::strong, end);
  const auto part = [&](const std::string& words, Ink ink) {
    if (words.empty() || x + 2 >= end) return;
    x = canvas.text(0, x + 2, cut(words, end - x - 2, charset), ink, end);
  };
  const std::string subject = step_subject(recording, step);
  if (!subject.empty() && x + 1 < end)
    x = canvas.text(0, x + 1, cut(subject, end - x - 1, charset), Ink::strong, end);
  part(position(step.file, step.line), Ink::plain);
  if (scene.several_threads()) part(scene.thread_label(step.thread), Ink::faint);
  canvas.text(0, heap_at, heap, Ink::plain);

  std::size_t y = 1;
  const std::string source = source_line(recording, step.file, step.line);
  if (!source.empty()) {
    const std::string number = fmt::format("{:>5} {} ", step.line, charset == Charset::ascii ? "|" : "│");
    const std::size_t at = canvas.text(y, 1, number, Ink::faint);
    canvas.text(y++, at, cut(source, width - at - 1, charset));
  }
  for (const auto& line : wrap(moment.say, width - 2, charset)) canvas.text(y++, 1, line);
  return y;
}

}  // namespace

std::string picture(const Recording& recording, const Moment& moment, const TextOptions& options) {
  TextOptions used = options;
  used.width = std::max(options.width, narrowest);
  const Scene scene(recording, moment, used);
  Canvas canvas(used.width, scene.charset());
  const std::size_t y = draw_head(canvas, scene);
  if (!moment.threads.empty() || !moment.blocks.empty()) draw_scene(canvas, scene, y + 1);
  return canvas.print(used.color ? Colors::on : Colors::off);
}

std::string step_line(const Recording& recording, StepIndex index, const std::string& say,
                      const TextOptions& options) {
  const Step& step = recording.steps[index];
  const std::size_t width = std::max(options.width, narrowest);
  const Charset charset = options.ascii ? Charset::ascii : Charset::utf8;
  const std::size_t digits = std::max<std::size_t>(4, std::to_string(recording.steps.size()).size());
  Canvas canvas(width, charset);
  std::size_t x = canvas.text(0, 0, fmt::format("{:>{}}", index, digits), Ink::faint);
  x = canvas.text(0, x + 1, cause_sign(step.cause, charset), Ink::strong);
  x = canvas.text(0, x + 1, fmt::format("{:<6}", cause_words(step.cause, CauseCase::small)), Ink::strong) + 1;
  if (recording.threads.size() > 1) {
    canvas.text(0, x, fmt::format("t{}", step.thread.value + 1), Ink::faint);
    x += recording.threads.size() < 10 ? 3 : 4;
  }
  const std::size_t where = std::min<std::size_t>(position_width(recording), width / 4);
  canvas.text(0, x, cut_front(position(step.file, step.line), where, charset), Ink::faint);
  x += where + 2;
  x += std::min<std::size_t>(2 * user_depth(recording, step), width / 5);
  const std::string source =
      step.cause == Cause::line ? source_line(recording, step.file, step.line) : std::string();
  const std::string words = source.empty() ? say.empty() ? step_subject(recording, step) : say : source;
  if (x < width)
    canvas.text(0, x, cut(words, width - x, charset), step.cause == Cause::free ? Ink::faint : Ink::plain);
  std::string line = canvas.print(options.color ? Colors::on : Colors::off);
  line.pop_back();
  return line;
}

}  // namespace situ
