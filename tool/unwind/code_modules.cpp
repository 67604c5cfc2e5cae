#include "unwind/code_modules.h"

#include <algorithm>
#include <cstring>

#include "unwind/elf_sections.h"
#include "unwind/frame_section.h"

namespace situ {
namespace {

constexpr std::uint64_t page_mask = 4095;

bool is_file_or_vdso(const Mapping& mapping) {
  return mapping.path.starts_with('/') || mapping.path == "[vdso]";
}

bool same_mapping(const Mapping& a, const Mapping& b) {
  return a.range == b.range && a.readable == b.readable && a.writable == b.writable &&
         a.executable == b.executable && a.offset == b.offset && a.inode == b.inode && a.path == b.path;
}

// Only what unwinding depends on: code wherever it is, and files. Heap and stacks come and go.
std::vector<Mapping> relevant(const std::vector<Mapping>& maps) {
  std::vector<Mapping> result;
  std::ranges::copy_if(maps, std::back_inserter(result),
                       [](const Mapping& m) { return m.executable || is_file_or_vdso(m); });
  std::ranges::sort(result, {}, [](const Mapping& m) { return m.range.low; });
  return result;
}

// .eh_frame_hdr (LSB Core §10.6.2) in the only form linkers write: version 1, pc-relative .eh_frame pointer
// of four bytes, a four-byte count and a table of offsets from the header.
std::optional<UnwindTable> read_search_table(Address header, std::uint64_t size, const MemoryReader& memory) {
  struct Header {
    std::uint8_t version, frame_encoding, count_encoding, table_encoding;
    std::int32_t frame;
    std::uint32_t count;
  };
  const auto found = memory.read_value<Header>(header);
  if (!found || found->version != 1 || (found->frame_encoding & 0x0f) != 0x0b) return std::nullopt;
  if (found->count_encoding != 0x03 || found->table_encoding != 0x3b) return std::nullopt;
  if (size < sizeof(Header) || found->count > (size - sizeof(Header)) / 8) return std::nullopt;
  return UnwindTable{header, header + sizeof(Header), found->count};
}

}  // namespace

bool CodeModules::update(const std::vector<Mapping>& maps, const MemoryReader& memory) {
  std::vector<Mapping> now = relevant(maps);
  if (std::ranges::equal(now, maps_, same_mapping)) return false;
  maps_ = std::move(now);
  code_.clear();
  modules_.clear();
  made_.clear();

  for (const Mapping& mapping : maps_) {
    std::optional<std::size_t> module = module_holding(mapping);
    if (!module && mapping.offset == 0 && mapping.readable && is_file_or_vdso(mapping)) {
      if (auto fresh = read_module(mapping, memory)) {
        module = modules_.size();
        modules_.push_back(std::move(*fresh));
      }
    }
    if (mapping.executable) code_.push_back({mapping.range, module});
  }
  return true;
}

// A small file has all its segments on its first page: LLD maps it several times from offset 0, and only the
// first of these mappings is the base.
std::optional<std::size_t> CodeModules::module_holding(const Mapping& mapping) const {
  for (std::size_t i = modules_.size(); i-- > 0;) {
    const Module& module = modules_[i];
    if (module.inode == mapping.inode && module.path == mapping.path &&
        module.extent.contains(mapping.range.low)) {
      return i;
    }
  }
  return std::nullopt;
}

std::optional<CodeModules::Module> CodeModules::read_module(const Mapping& first,
                                                            const MemoryReader& memory) const {
  Module module;
  module.base = first.range.low;
  module.inode = first.inode;
  module.path = first.path;
  const auto header = memory.read_value<Elf64_Ehdr>(first.range.low);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_phentsize != sizeof(Elf64_Phdr)) {
    return std::nullopt;
  }
  module.header = *header;
  std::vector<Elf64_Phdr> program(header->e_phnum);
  if (!memory.read_all(first.range.low + header->e_phoff, std::as_writable_bytes(std::span(program)))) {
    return std::nullopt;
  }
  const auto lowest = std::ranges::find(program, std::uint32_t{PT_LOAD}, &Elf64_Phdr::p_type);
  if (lowest == program.end()) return std::nullopt;
  module.bias = first.range.low.value - (lowest->p_vaddr & ~page_mask);
  module.extent = {module.base, module.base};
  for (const Elf64_Phdr& segment : program) {
    if (segment.p_type == PT_LOAD) {
      module.extent.high =
          std::max(module.extent.high, Address{segment.p_vaddr + segment.p_memsz + module.bias});
    }
    if (segment.p_type != PT_GNU_EH_FRAME) continue;
    const Address at{segment.p_vaddr + module.bias};
    if (const auto table = read_search_table(at, segment.p_memsz, memory)) {
      module.tables.push_back(*table);
      module.has_search_table = true;
    }
  }
  module.program_headers = std::move(program);
  return module;
}

std::vector<CodeFile> CodeModules::files() const {
  std::vector<CodeFile> files;
  for (std::size_t i = 0; i < modules_.size(); ++i) {
    const Module& module = modules_[i];
    if (std::ranges::none_of(code_, [&](const Code& c) { return c.module == i; })) continue;
    const Address end{(module.extent.high.value + page_mask) & ~page_mask};
    files.push_back({module.path, {module.base, end}, module.bias, module.program_headers});
  }
  return files;
}

bool CodeModules::is_code(Address a) const {
  return code_at(a) != nullptr;
}

const CodeModules::Code* CodeModules::code_at(Address a) const {
  const auto after = std::ranges::upper_bound(code_, a, {}, [](const Code& c) { return c.range.low; });
  if (after == code_.begin() || !std::prev(after)->range.contains(a)) return nullptr;
  return &*std::prev(after);
}

std::optional<CodeModules::Found> CodeModules::find(Address pc, Wanted wanted) {
  const Code* code = code_at(pc);
  if (!code || !code->module) return std::nullopt;
  Module& module = modules_[*code->module];
  if (wanted == Wanted::sections && !module.sections_read) read_sections(module);
  return Found{code->range, module.tables};
}

void CodeModules::read_sections(Module& module) {
  module.sections_read = true;
  if (!module.path.starts_with('/')) return;
  if (!module.has_search_table) {
    if (const auto section = read_section(module.path, module.header, ".eh_frame")) {
      const auto rows = eh_frame_rows(section->bytes, {section->address + module.bias});
      std::vector<std::byte> table = search_table(rows, module.base);
      if (const auto place = free_range_near(module.base, table.size())) {
        add_made(module, *place, std::move(table), 0);
      }
    }
  }
  if (const auto section = read_section(module.path, module.header, ".debug_frame")) {
    // The converted bytes and then their table. Where they will stand must be known before they are made;
    // converting adds less than twice the size.
    const auto place = free_range_near(module.base, section->bytes.size() * 4);
    if (!place) return;
    ConvertedFrames frames = convert_debug_frame(section->bytes, *place, module.bias);
    const std::uint64_t table_offset = frames.bytes.size();
    const auto table = search_table(frames.rows, module.base);
    frames.bytes.insert(frames.bytes.end(), table.begin(), table.end());
    add_made(module, *place, std::move(frames.bytes), table_offset);
  }
}

void CodeModules::add_made(Module& module, Address at, std::vector<std::byte> bytes,
                           std::uint64_t table_offset) {
  if (bytes.size() <= table_offset) return;
  module.tables.push_back({module.base, at + table_offset, (bytes.size() - table_offset) / 8});
  bytes.resize((bytes.size() + 7) / 8 * 8);  // libunwind reads whole aligned words
  made_.push_back({at, std::move(bytes)});
}

// Offsets in a table have 32 bits, so what they lead to must stand within 2 GiB of the module. Nothing is put
// into the process there: the range only has to be one that no file is mapped to.
std::optional<Address> CodeModules::free_range_near(Address base, std::uint64_t size) const {
  constexpr std::uint64_t stride = std::uint64_t{1} << 26;
  const auto is_free = [&](Address low) {
    const AddressRange wanted{low, low + size};
    const auto overlaps = [&](const AddressRange& r) { return r.low < wanted.high && wanted.low < r.high; };
    return std::ranges::none_of(maps_, [&](const Mapping& m) { return overlaps(m.range); }) &&
           std::ranges::none_of(made_, [&](const MadeBytes& m) {
             return overlaps({m.at, m.at + m.bytes.size()});
           });
  };
  if (size > 8 * stride) return std::nullopt;
  for (std::uint64_t i = 1; i < 20; ++i) {
    if (base.value > i * stride && is_free(base - i * stride)) return base - i * stride;
    if (is_free(base + i * stride)) return base + i * stride;
  }
  return std::nullopt;
}

std::vector<AddressRange> CodeModules::constant_ranges() const {
  std::vector<AddressRange> ranges;
  for (const Mapping& m : maps_) {
    if (m.readable && !m.writable && !m.shared && is_file_or_vdso(m)) ranges.push_back(m.range);
  }
  return ranges;
}

bool CodeModules::read_made(Address from, std::span<std::byte> into) const {
  for (const MadeBytes& made : made_) {
    const AddressRange range{made.at, made.at + made.bytes.size()};
    if (!range.contains(from)) continue;
    if (into.size() > static_cast<std::size_t>(range.high - from)) return false;
    std::copy_n(made.bytes.begin() + (from - made.at), into.size(), into.begin());
    return true;
  }
  return false;
}

}  // namespace situ
