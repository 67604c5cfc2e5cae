"""What library types hold, as situ's decoder and as the libraries' own gdb printers have it: texts and elements."""

import os
import re
import sys

import gdb

import values

RANDOM_ORDER = re.compile(r"^std::collections::hash::|^hashbrown::")
# The printer takes the counts before them for elements.
COUNTED_SLICE = re.compile(r"^alloc::(rc::Rc|sync::Arc)<\[")
MOST = 200  # elements of one container that are looked at


def load_printers():
    for folder in ("/usr/share/gcc/python", os.environ.get("SITU_RUST_PRINTERS", "")):
        if os.path.isdir(folder):
            sys.path.insert(0, folder)
    try:
        from libstdcxx.v6.printers import register_libstdcxx_printers

        register_libstdcxx_printers(None)
    except ImportError:
        pass
    try:
        import gdb_lookup

        gdb_lookup.register_printers(gdb)
    except ImportError:
        pass


def compare(ours, theirs, path, found):
    """For a text or a sequence of situ's that gdb has a printer for. Returns whether that could tell."""
    try:
        printer = gdb.default_visualizer(theirs)
        if printer is None or COUNTED_SLICE.search(theirs.type.strip_typedefs().name or ""):
            return False
        hint = printer.display_hint() if hasattr(printer, "display_hint") else None
        if ours["kind"] == "text" and hint == "string":
            compare_text(ours, printer.to_string(), path, found)
        elif ours["kind"] == "sequence" and hasattr(printer, "children"):
            compare_elements(ours, theirs.type, (children(printer), hint == "map"), path, found)
        else:
            return False
    except (gdb.error, gdb.MemoryError, OverflowError) as error:
        # clang leaves library types incomplete, and gdb cannot count in steps of no size.
        if ours["length"] and not re.search("There is no member named|incomplete type", str(error)):
            found.differ(path, ours["text"], error)
        return False
    return True


def children(printer):
    """Their values; of a map key, value, key, value."""
    got = []
    for _, child in printer.children():
        if len(got) == 2 * MOST:
            break
        got.append(child)
    return got


def compare_text(ours, theirs, path, found):
    if hasattr(theirs, "length"):  # a lazy string
        found.same(f"{path}: length", ours["length"], theirs.length, "contents")
        unit = theirs.type.target().sizeof
        theirs = None if unit != 1 else gdb.selected_inferior().read_memory(
            theirs.address, min(theirs.length, MOST)).tobytes().decode("latin-1")
    elif isinstance(theirs, gdb.Value):
        theirs = theirs.string(length=ours["length"])
    # situ writes other characters in ways of its own, which its unit tests know.
    if theirs is None or ours["cut"] or len(theirs) >= MOST or not all(" " <= c <= "~" and c not in '"\\' for c in theirs):
        return
    found.same(f"{path}: text", ours["text"].strip('"'), theirs, "contents")


def compare_elements(ours, type_, theirs, path, found):
    theirs, is_map = theirs
    elements = ours["elements"] or []
    if is_map:
        pairs = [field["value"] for element in elements for field in element["fields"] or []]
    else:
        pairs = elements
    if len(theirs) < 2 * MOST:
        found.same(f"{path}: length", ours["length"], len(theirs) // (2 if is_map else 1), "contents")
    if RANDOM_ORDER.search(type_.strip_typedefs().name or ""):  # another order in every run
        return
    for index, (mine, yours) in enumerate(zip(pairs if ours["indexes"] is None else [], theirs)):
        if isinstance(yours, gdb.Value):
            values.compare(mine, yours, f"{path}[{index}]", found)
        elif isinstance(yours, (bool, int)):
            found.same(f"{path}[{index}]", values.number(mine), int(yours), "contents")
