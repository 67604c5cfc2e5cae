"""Where gdb 13 and situ may differ because gdb is known to be wrong or to know less, each with a name and a check that
situ's word is right. What has no rule here is a difference."""

import re

import gdb

import debugger
import recording

ARGUMENTS = ("rdi", "rsi", "rdx", "rcx", "r8", "r9")
entries = {}  # (CFA, function) of a frame -> its argument registers at its first instruction


class Mark:
    """The pattern situ writes over unwritten slots: eight bytes that repeat by address, all with their highest and
    lowest bit set, the fourth and the eighth 0xd5. The rest is learned from the first leaf and must hold in all."""

    def __init__(self):
        self.bytes = [None, None, None, 0xD5] * 2

    def explains(self, first_bit, bits, ours, theirs):
        """Whether every byte in which the two differ holds the mark."""
        seen = list(self.bytes)
        at = first_bit // 8 * 8
        for bit in range(at, first_bit + bits, 8):
            mask = (0xFF << max(0, first_bit - bit)) & 0xFF & (0xFF >> max(0, bit + 8 - first_bit - bits))
            got = byte_at(ours, bit - first_bit) & mask
            if got == byte_at(theirs, bit - first_bit) & mask:
                continue
            known = seen[bit // 8 & 7]
            if mask == 0xFF and got & 0x81 == 0x81 and known is None:
                seen[bit // 8 & 7] = got
            elif known is None or got != known & mask:
                return False
        self.bytes = seen
        return True


def byte_at(number, bit):
    return (number >> bit if bit >= 0 else number << -bit) & 0xFF


def remember_entry(step, physical):
    """Optimised functions begin at their first instruction: there the argument registers still hold the arguments."""
    if step["cause"] == "call":
        values = {name: debugger.register(name) for name in ARGUMENTS}
        entries[(physical.cfa, physical.name)] = values if at_first_instruction(physical) else None


def at_first_instruction(physical):
    return debugger.register("rsp") + 8 == physical.cfa and physical.frame.function() is not None and any(
        block.function is not None and block.start == physical.pc for block in debugger.blocks_of(physical.frame))


def locations(symbol, call):
    """(what holds at the frame's pc or None, whether a range without any code begins there), in gdb's words."""
    if call.frame is None:
        return None, False
    call.frame.select()
    try:
        text = gdb.execute(f"info address {symbol.name}", to_string=True)
    except gdb.error:  # out of scope
        return None, False
    parts = re.split(r"Range (0x[0-9a-f]+)-(0x[0-9a-f]+): ", text)
    pc = call.physical.lookup_address
    here, empty = None, False
    for low, high, what in zip(parts[1::3], parts[2::3], parts[3::3]):
        if int(low, 16) <= pc < int(high, 16):
            here = what
        empty = empty or int(low, 16) == int(high, 16) == pc == int(call.physical.frame.function().value().address)
    if len(parts) == 1:
        here = text
    return here, empty


CALLEES_MAY_CHANGE = re.compile(r"a variable in \$(rax|rcx|rdx|rsi|rdi|r8|r9|r10|r11|xmm\d+)\b")


def shows_too_much(findings, why, symbol, call):
    """What gdb shows although it cannot know it. For DW_OP_implicit_pointer, which names what is pointed to and not where
    it is, it goes on to it where that has a place after all: a reference has no value of its own for that. In a caller
    it takes a register that callees may change for unchanged."""
    here, _ = locations(symbol, call)
    if why != "optimized_out" or not here:
        return False
    if "implicit_pointer" in here:
        findings.set_aside("implicit pointer")
    elif call.physical.lookup_address != call.physical.pc and CALLEES_MAY_CHANGE.match(here):
        findings.set_aside("in a register that callees may change")
    else:
        return False
    return True


def entry_value(symbol, call):
    """(register, its value at entry) when the location here is exactly the value a register had at the function's entry."""
    here, _ = locations(symbol, call)
    found = here and re.search(r"DW_OP_(?:GNU_)?entry_value\s.*?\[\$(\w+)\].*?DW_OP_stack_value", here, re.S)
    values = entries.get((call.physical.cfa, call.physical.name))
    return (found.group(1), values[found.group(1)]) if found and values and found.group(1) in values else None


def takes_an_empty_range(findings, call, ours, symbol):
    """Where a location list has a range without code at a function's entry, gdb takes that, and not the one that holds.
    situ must then have what gdb's own list of ranges says of this pc."""
    here, empty = locations(symbol, call)
    if not empty:
        return False
    variable, place, value = ours
    constant = here and re.match(r"the constant (-?\d+)[\s.]*$", here)
    if here is None:
        right = place["kind"] == "nowhere"
    else:
        right = constant and value["value"]["number"] is not None and int(constant.group(1)) == int(value["value"]["number"])
    if right:
        findings.set_aside("empty range at a function's entry")
    else:
        findings.differ(variable["name"], f"{place['kind']} {value and value['value'] and value['value']['text']}", here)
    return True


def only_situ_knows(findings, stop, ours, symbol, call):
    """gdb needs a call site in the caller for an entry value; situ kept the registers."""
    variable, place, value = ours
    if value is not None and value["value"]["kind"] == "unavailable":
        findings.set_aside("in neither")
        return
    entry = entry_value(symbol, call)
    number = value and value["value"] and (value["value"]["number"] or recording.address(value["value"]["target"]))
    size = stop.rec.types[variable["type"]]["size"] if variable["type"] is not None else 8
    if entry is None or number is None or entry[1] & ((1 << 8 * size) - 1) != int(number) & ((1 << 8 * size) - 1):
        findings.differ(variable["name"], f"{place['kind']} {value and value['value'] and value['value']['text']}",
                        f"optimized out, entry value {entry}")
    else:
        findings.set_aside("entry value without a call site")


def ends_gdb(type_):
    """gdb 13 ends with an internal error ("lazy value with an enclosing type") when it takes a value in pieces apart
    that has base classes or is a Rust enum."""
    plain = type_.strip_typedefs()
    if plain.code == gdb.TYPE_CODE_ARRAY:
        return ends_gdb(plain.target())
    if plain.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return False
    return plain.dynamic or any(field.is_base_class or ends_gdb(field.type)
                                for field in plain.fields() if hasattr(field, "bitpos"))


def only_declared(type_):
    """clang leaves a library's types incomplete where the library has them: gdb sees no members."""
    plain = type_.strip_typedefs()
    if plain.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return plain.sizeof == 0 or any(only_declared(field.type) for field in plain.fields() if hasattr(field, "bitpos"))
    return False
