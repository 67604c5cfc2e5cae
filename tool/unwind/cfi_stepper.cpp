// Each frame is stepped with a cursor of its own, begun at the frame's lookup address: return address - 1 for
// a caller. Rules are kept by that address, in our rows and, without them, in libunwind's cache. With one
// long cursor libunwind's would be the return address, for which the rules are those of the call before it;
// the same address reached as the pc of a top frame (the first instruction of the function after a call that
// never returns) has others, and one would be used for the other. Begun at the lookup address, equal
// addresses have equal rules. It also makes the place a register was saved at exactly this frame's.
//
// With rows libunwind's own cache is off: locking it takes two system calls.
#include "unwind/cfi_stepper.h"

#include <libunwind.h>

#include <unordered_map>

#include "unwind/fde_cache.h"
#include "unwind/frame_row.h"

// Exported by libunwind-x86_64, declared in none of its headers. Searches a sorted table of FDEs through the
// accessors.
extern "C" int _Ux86_64_dwarf_search_unwind_table(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t* info,
                                                  unw_proc_info_t* result, int need_unwind_info,
                                                  void* argument);

namespace situ {

class CfiStepper::Impl {
 public:
  Impl(CodeModules& modules, PageCache& pages, RowCache cache)
      : modules_(modules), pages_(pages), cache_(cache) {
    unw_accessors_t accessors{};
    accessors.find_proc_info = find_proc_info;
    accessors.put_unwind_info = [](unw_addr_space_t, unw_proc_info_t*, void*) {};
    accessors.get_dyn_info_list_addr = [](unw_addr_space_t, unw_word_t*, void*) { return -UNW_ENOINFO; };
    accessors.access_mem = access_memory;
    accessors.access_reg = access_register;
    accessors.access_fpreg = [](unw_addr_space_t, unw_regnum_t, unw_fpreg_t*, int, void*) {
      return -UNW_EBADREG;
    };
    accessors.resume = [](unw_addr_space_t, unw_cursor_t*, void*) { return -UNW_EINVAL; };
    accessors.get_proc_name = [](unw_addr_space_t, unw_word_t, char*, size_t, unw_word_t*, void*) {
      return -UNW_ENOINFO;
    };
    space_ = unw_create_addr_space(&accessors, 0);
    if (!space_) throw std::bad_alloc();
    unw_set_caching_policy(space_, cache_ == RowCache::on ? UNW_CACHE_NONE : UNW_CACHE_GLOBAL);
  }
  ~Impl() { unw_destroy_addr_space(space_); }
  Impl(const Impl&) = delete;

  void flush() {
    unw_flush_cache(space_, 0, 0);
    rows_.clear();
    fdes_.clear();
  }

  CallerStep step(const Registers& registers, Address lookup, const MemoryReader& memory) {
    if (cache_ == RowCache::off) return interpret(registers, lookup, memory);
    const auto [row, fresh] = rows_.try_emplace(lookup);
    if (fresh) {
      row->second = learn_row(memory, [&](const Registers& imagined, const MemoryReader& stack) {
        return interpret(imagined, lookup, stack);
      });
    }
    if (auto known = step_by_row(row->second, registers, memory)) return *std::move(known);
    return interpret(registers, lookup, memory);
  }

 private:
  CallerStep interpret(const Registers& registers, Address lookup, const MemoryReader& memory) {
    registers_ = &registers;
    lookup_ = lookup;
    memory_ = &memory;
    no_info_ = false;
    CallerStep result;
    unw_cursor_t cursor;
    if (unw_init_remote(&cursor, space_, this) != 0) return result;
    const int stepped = unw_step(&cursor);
    if (no_info_) {
      result.outcome = CallerStep::Outcome::no_info;
      return result;
    }
    unw_word_t sp = 0;
    if (stepped < 0 || unw_get_reg(&cursor, UNW_REG_SP, &sp) != 0) return result;
    result.cfa = {sp};
    if (stepped == 0) {
      result.outcome = CallerStep::Outcome::end;
      return result;
    }
    read_caller(cursor, registers.sp(), result);
    return result;
  }

  static void read_caller(unw_cursor_t& cursor, Address sp, CallerStep& result) {
    unw_word_t pc = 0;
    if (unw_get_reg(&cursor, UNW_REG_IP, &pc) != 0) return;
    result.outcome = CallerStep::Outcome::stepped;
    result.caller.set(Reg::rip, pc);
    result.caller.set(Reg::rsp, result.cfa.value);
    for (const Reg reg : callee_saved) {
      const auto number = static_cast<unw_regnum_t>(reg);  // libunwind numbers them as DWARF does
      unw_word_t value = 0;
      if (unw_get_reg(&cursor, number, &value) != 0) continue;
      result.caller.set(reg, value);
      unw_save_loc_t location{};
      if (unw_get_save_loc(&cursor, number, &location) != 0 || location.type != UNW_SLT_MEMORY) continue;
      const Address at{location.u.addr};
      if (sp <= at && at < result.cfa) result.saved.push_back({reg, at});
    }
  }

  static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t* result,
                            int need_unwind_info, void* argument) {
    Impl& self = *static_cast<Impl*>(argument);
    const bool cached = self.cache_ == RowCache::on && need_unwind_info;
    if (cached && self.fdes_.find(ip, *result)) return 0;
    using Wanted = CodeModules::Wanted;
    for (const Wanted wanted : {Wanted::program_headers, Wanted::sections}) {
      const auto found = self.modules_.find({ip}, wanted);
      if (!found) break;
      for (const UnwindTable& table : found->tables) {
        unw_dyn_info_t info{};
        info.start_ip = found->code.low.value;
        info.end_ip = found->code.high.value;
        info.format = UNW_INFO_FORMAT_REMOTE_TABLE;
        info.u.rti.segbase = table.segment_base.value;
        info.u.rti.table_data = table.entries.value;
        info.u.rti.table_len = table.count * 8 / sizeof(unw_word_t);
        const int status =
            _Ux86_64_dwarf_search_unwind_table(space, ip, &info, result, need_unwind_info, argument);
        if (status != 0) continue;
        if (cached) self.fdes_.keep(*result);
        return 0;
      }
    }
    self.no_info_ = true;
    return -UNW_EBADFRAME;  // not ENOINFO: libunwind would go on to guess without saying so
  }

  static int access_memory(unw_addr_space_t, unw_word_t address, unw_word_t* value, int write,
                           void* argument) {
    const Impl& self = *static_cast<Impl*>(argument);
    if (write) return -UNW_EINVAL;
    const auto into = std::as_writable_bytes(std::span(value, 1));
    if (self.modules_.read_made({address}, into)) return 0;
    return self.pages_.read(*self.memory_, {address}, into) == into.size() ? 0 : -UNW_EINVAL;
  }

  static int access_register(unw_addr_space_t, unw_regnum_t number, unw_word_t* value, int write,
                             void* argument) {
    const Impl& self = *static_cast<Impl*>(argument);
    if (write || number < 0 || static_cast<std::size_t>(number) >= register_count) return -UNW_EBADREG;
    const Reg reg = static_cast<Reg>(number);
    if (reg == Reg::rip) {
      *value = self.lookup_.value;
      return 0;
    }
    const auto known = self.registers_->get(reg);
    if (!known) return -UNW_EBADREG;
    *value = *known;
    return 0;
  }

  CodeModules& modules_;
  PageCache& pages_;
  const RowCache cache_;
  std::unordered_map<Address, FrameRow> rows_;  // by lookup address
  FdeCache fdes_;
  unw_addr_space_t space_ = nullptr;
  // Of the step being made.
  const Registers* registers_ = nullptr;
  const MemoryReader* memory_ = nullptr;
  Address lookup_;
  bool no_info_ = false;
};

CfiStepper::CfiStepper(CodeModules& modules, PageCache& pages, RowCache rows)
    : impl_(std::make_unique<Impl>(modules, pages, rows)) {}
CfiStepper::~CfiStepper() = default;

void CfiStepper::flush() {
  impl_->flush();
}

CallerStep CfiStepper::step(const Registers& registers, Address lookup, const MemoryReader& memory) {
  return impl_->step(registers, lookup, memory);
}

}  // namespace situ
