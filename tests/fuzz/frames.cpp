// Call frame information of a damaged module: reading it ends, and unwinding by it makes progress or stops.
#include <elf.h>

#include "fuzz/input.h"
#include "unwind/frame_section.h"
#include "unwind/unwinder.h"

namespace situ {
namespace {

constexpr Address base{0x400000};
constexpr std::size_t header_at = 0x100, frames_at = 0x200, size = 0x1000;

// A module of one page: ELF header, .eh_frame_hdr, .eh_frame, and the same bytes are its code.
std::vector<std::byte> image(FuzzInput& input) {
  std::vector<std::byte> made(size);
  Elf64_Ehdr elf{};
  std::memcpy(elf.e_ident, ELFMAG, SELFMAG);
  elf.e_ident[EI_CLASS] = ELFCLASS64;
  elf.e_phoff = sizeof elf;
  elf.e_phentsize = sizeof(Elf64_Phdr);
  elf.e_phnum = 2;
  Elf64_Phdr program[2]{};
  program[0].p_type = PT_LOAD;
  program[0].p_memsz = size;
  program[1].p_type = PT_GNU_EH_FRAME;
  program[1].p_vaddr = header_at;
  program[1].p_memsz = frames_at - header_at;
  std::memcpy(made.data(), &elf, sizeof elf);
  std::memcpy(made.data() + sizeof elf, program, sizeof program);
  const std::vector<std::byte> bytes = input.bytes(size - header_at);
  std::ranges::copy(bytes, made.begin() + header_at);
  return made;
}

void read_sections(std::span<const std::byte> section) {
  const auto rows = eh_frame_rows(section, base + frames_at);
  must(std::ranges::is_sorted(rows), "rows are in address order");
  const ConvertedFrames converted = convert_debug_frame(section, base + frames_at, base.value);
  must(converted.bytes.size() <= 64 + section.size() * 16, "a converted section grows by little");
  search_table(rows, base);
}

}  // namespace
}  // namespace situ

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t length) {
  using namespace situ;
  FuzzInput input(data, length);
  const auto pc = input.take<std::uint16_t>();
  std::vector<std::byte> module = image(input);
  read_sections(std::span(module).subspan(frames_at));
  Mapping code;
  code.range = {base, base + size};
  code.readable = code.executable = true;
  code.inode = 1;
  code.path = "/not/a/file";
  // The stack follows the module, so that one memory holds both.
  std::vector<std::byte> whole = std::move(module);
  const std::vector<std::byte> stack = input.rest();
  whole.insert(whole.end(), stack.begin(), stack.end());
  const FuzzMemory memory(base, std::move(whole));
  Registers registers;
  for (std::size_t i = 0; i < register_count; ++i)
    registers.set(static_cast<Reg>(i), base.value + size + 8 * i);
  registers.set(Reg::rip, base.value + pc % size);
  registers.set(Reg::rsp, base.value + size);
  Unwinder unwinder;
  unwinder.set_modules({code}, memory);
  const auto frames = unwinder.unwind(registers, memory);
  must(!frames.empty(), "the innermost frame is always there");
  must(frames.size() <= 100'000, "frames are bounded");
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    must(frames[i].signal_frame || frames[i - 1].signal_frame || frames[i].cfa > frames[i - 1].cfa,
         "each caller lies above its callee");
  }
  must(frames == unwinder.unwind(registers, memory), "asked again, by rows, the same");
  return 0;
}
