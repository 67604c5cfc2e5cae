"""Each variable of a frame, as situ and as gdb see it: address, scalars, and what situ's decoder made of them."""

import os
import re

import gdb

import debugger
import faults
import leaves
import recording
import values

# Different in every run: the keys of Rust's hash maps, times, the thread that a locked mutex names.
RANDOM = re.compile(r"\.hash_builder\.k[01]$|_M_mutex\.(__size\[[89]\]|__size\[1[01]\]|__align|__data\.__owner)$"
                    r"|\.t\.tv_n?sec")
ADDRESSED = ("stack", "memory", "static", "thread_local")


def is_optimised():
    """Samples lie in a folder named after their optimisation."""
    return re.search(r"/O[1-3s]/", os.environ["SITU_PROGRAM"]) is not None


class Stop:
    """One frame at one step."""

    def __init__(self, rec, step, frame, physical):
        self.rec = rec
        self.step = step
        self.frame = frame
        self.physical = physical
        self.optimised = is_optimised()


def compare(findings, stop, frame, call):
    """Each of situ's variables must be gdb's, and each of gdb's in scope must be situ's."""
    function = debugger.Function.of(stop.physical.frame)
    if function is None:
        return
    outer = findings.where
    findings.where = f"{outer}, in {call.name}"
    for variable, place, value in stop.rec.locals_of(frame, stop.step):
        if variable["name"] is None:
            continue
        candidates = function.named(variable["name"], variable["line"] or 0, call)
        if candidates:
            compare_one(findings, stop, (variable, place, value), pick(candidates, place, stop.physical.frame), call)
        elif stop.optimised and (place is None or place["why"] == "optimized_out"):
            # gdb leaves out blocks without code.
            findings.set_aside("without a place, and not in gdb")
        else:
            findings.differ(f"variable {variable['name']}", f"declared in line {variable['line']}", "does not know it")
    names = {(variable["name"], variable["line"] or 0) for variable in stop.rec.variables.get(frame["id"], [])}
    names |= {(variable["name"].split("::")[-1], variable["line"]) for variable in stop.rec.variables.get(None, ())}
    for symbol in call.declares():
        if (symbol.name, symbol.line) not in names and in_source(stop.rec, symbol) and not debugger.is_enumerator(symbol):
            findings.differ(f"variable {symbol.name}", "does not know it", f"declared in line {symbol.line}")
    findings.where = outer


def compare_one(findings, stop, ours, symbol, call):
    variable, place, value = ours
    if place is None:
        return
    name = variable["name"]
    if place["kind"] == "pieces" and faults.ends_gdb(symbol.type):
        findings.set_aside("in pieces, where gdb would end")
        return
    try:
        theirs = symbol.value(stop.physical.frame)
        gone = theirs.is_optimized_out
        where = None if gone or theirs.address is None else int(theirs.address)
    except (gdb.error, gdb.MemoryError) as error:
        if place["kind"] == "nowhere":
            findings.set_aside("in neither")
            return
        findings.differ(f"{name}: gdb", place["kind"], error)
        return
    if stop.optimised and faults.takes_an_empty_range(findings, call, ours, symbol):
        return
    if gone and place["kind"] not in ("nowhere", "pieces"):
        faults.only_situ_knows(findings, stop, ours, symbol, call)
        return
    if place["kind"] in ADDRESSED and theirs.type.strip_typedefs().code not in leaves.REFERENCES:
        findings.same(f"{name}: address", recording.address(place["address"]), where, "addresses")
    elif place["kind"] == "nowhere":
        if not faults.shows_too_much(findings, place["why"], symbol, call):
            findings.absent(name, place["why"], theirs)
        return
    if value is None or value["state"] == "uninitialised":
        return
    known = value["state"] in ("live", "ended", "moved")
    # A slot of optimised code may hold what the loader left there, which differs with the probe.
    if known or not stop.optimised:
        compare_leaves(findings, stop, ours, theirs)
    if known and value["value"]:
        findings.alive = value["state"] == "live"
        values.compare(value["value"], theirs, name, findings)


def compare_leaves(findings, stop, ours, theirs):
    variable, place, _ = ours
    if place["kind"] not in ADDRESSED or variable["type"] is None or theirs.address is None:
        return
    size = stop.rec.types[variable["type"]]["size"] or theirs.type.sizeof
    if size > leaves.MOST:
        findings.set_aside("large")
        return
    data = stop.rec.memory.read(recording.address(place["address"]), size, stop.step)
    mine = list(leaves.Ours(stop.rec.types, data).leaves(variable["type"]))
    base = int(theirs.address) if place["kind"] == "thread_local" else recording.address(place["address"])
    yours = list(leaves.theirs(theirs, base))
    if [leaf[:3] for leaf in mine] != [leaf[:3] for leaf in yours] and not faults.only_declared(theirs.type):
        findings.differ(f"{variable['name']}: parts", only_in(mine, yours), only_in(yours, mine))
        return
    for (path, bit, bits, number), leaf in zip(mine, yours):
        findings.counts["leaves"] += 1
        if number is None:
            findings.set_aside("not captured")
        elif number != leaf[3] and RANDOM.search(path):
            findings.set_aside("random")
        elif number != leaf[3]:
            at = recording.address(place["address"]) * 8 + bit
            if stop.optimised or not findings.mark.explains(at, bits, number, leaf[3]):
                findings.differ(f"{variable['name']}{path}", number, leaf[3])
            else:
                findings.set_aside("never written")


def only_in(these, those):
    places = {leaf[:3] for leaf in those}
    return " ".join(f"{path or 'itself'}@{bit}:{bits}" for path, bit, bits, _ in these if (path, bit, bits) not in places)[:300]


def pick(candidates, place, frame):
    """Two variables of one name and line: the one at situ's address, if there is one."""
    for symbol in candidates if len(candidates) > 1 else ():
        value = symbol.value(frame)
        if value.is_optimized_out or value.type.strip_typedefs().code in leaves.REFERENCES:
            continue
        if place is not None and value.address is not None and int(value.address) == recording.address(place["address"]):
            return symbol
    return candidates[0]


def in_source(rec, symbol):
    """Whether the name stands in the line that declares it; where it does not, the compiler made it."""
    for file, text in rec.sources.items():
        if text is not None and symbol.symtab is not None and os.path.realpath(file) == symbol.symtab.fullname():
            lines = text.splitlines()
            return symbol.line <= len(lines) and re.search(rf"\b{re.escape(symbol.name)}\b", lines[symbol.line - 1])
    return True
