"""The statics and thread-locals of a moment, as situ and as gdb see them."""

import gdb

import debugger
import recording
import values
import variables

EVERY = 8  # stops


def compare(findings, rec, step, physical):
    """Those of the whole program, and those of the functions on the stack. What other threads may be writing has only
    its address compared."""
    local = {}
    for frame in physical:
        function = debugger.Function.of(frame.frame) if frame.is_program else None
        for symbols in function.symbols.values() if function else ():
            for symbol in symbols:
                local.setdefault((symbol.name, symbol.line), []).append(symbol)
    outer = findings.where
    findings.where = f"{outer}, statics"
    physical[0].frame.select()
    alone = len({frame["thread"] for frame in rec.frames}) == 1
    for variable in rec.variables.get(None, ()):
        place = recording.current(variable["places"], step["index"])
        value = recording.current(variable["values"], step["index"])
        if variable["thread"] not in (None, step["thread"]) or place is None:
            continue
        found = find(variable) or local.get((variable["name"].split("::")[-1], variable["line"]), [])
        # Each instance of a template has one of its own.
        found = [symbol for symbol in found if is_at(symbol, place)] or ([] if "<" in variable["name"] else found[:1])
        if not found:
            findings.set_aside("static of a function that does not run")
            continue
        compare_one(findings, variables.Stop(rec, step["index"], None, physical[0]), (variable, place, value), (found[0], alone))
    findings.where = outer


def find(variable):
    for look_up in (gdb.lookup_global_symbol, gdb.lookup_static_symbol):
        symbol = look_up(variable["name"])
        if symbol is not None and symbol.line == variable["line"]:
            return [symbol]
    return []


def is_at(symbol, place):
    if symbol.addr_class != gdb.SYMBOL_LOC_STATIC or place["address"] is None:
        return False
    return int(symbol.value().address) == recording.address(place["address"])


def compare_one(findings, stop, ours, theirs):
    (variable, place, value), (symbol, alone) = ours, theirs
    name = variable["name"]
    findings.counts["statics"] += 1
    try:
        theirs = symbol.value(stop.physical.frame) if symbol.needs_frame else symbol.value()
    except gdb.error as error:
        findings.differ(name, place["kind"], error)
        return
    if place["kind"] == "nowhere":
        findings.absent(name, place["why"], theirs)
        return
    if place["kind"] in variables.ADDRESSED:
        moved = stop.rec.moved_storage() if variable["thread"] == 0 else 0
        findings.same(f"{name}: address", recording.address(place["address"]) + moved, int(theirs.address), "addresses")
    if alone and value is not None and value["state"] == "live":
        variables.compare_leaves(findings, stop, (variable, place, value), theirs)
        findings.alive = True
        values.compare(value["value"], theirs, name, findings)
