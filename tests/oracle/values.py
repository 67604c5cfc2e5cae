"""Compares a VALUE of situ's JSON with a gdb.Value, down to the scalars that both name."""

import struct

import gdb

import containers

INTEGERS = {gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_ENUM}
POINTERS = {gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF}
RECORDS = {gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION}


def number(value):
    got = value["number"]
    return int(got) if isinstance(got, str) and got.lstrip("-").isdigit() else got


def read(value, size):
    return gdb.selected_inferior().read_memory(int(value.address), size).tobytes()


def integer(value, type_):
    """Exact also where gdb's Python cannot convert: 128 bits."""
    if type_.sizeof <= 8:
        return int(value)
    # In hex gdb writes what no address holds, too.
    got = int(value.cast(type_).format_string(format="x"), 16)
    signed = type_.name is not None and not type_.name.startswith(("u", "unsigned"))
    return got - (1 << 8 * type_.sizeof) if signed and got >> (8 * type_.sizeof - 1) else got


def floating(value, type_):
    """Exact also where gdb prints fewer digits."""
    if value.address is None:
        return float(value)
    return struct.unpack("<f" if type_.sizeof == 4 else "<d", read(value, type_.sizeof))[0]


def compare(ours, theirs, path, found):
    """Appends (path, ours, theirs) to found.differing, and counts what was equal."""
    type_ = theirs.type.strip_typedefs()
    kind = ours["kind"]
    if kind == "unavailable":
        # Without a reason it is what the mark says was never written; the leaves are compared for that.
        if ours["why"] is not None:
            found.absent(path, ours["why"], theirs)
        return
    if found.is_random(path):
        return
    if type_.code not in RECORDS and type_.code != gdb.TYPE_CODE_ARRAY and theirs.is_optimized_out:
        found.differ(path, ours["text"], "optimized out")
    elif kind in ("integer", "bool", "char", "choice") and type_.code in INTEGERS:
        found.note(path, number(ours), integer(theirs, type_))
    elif kind == "float" and type_.code == gdb.TYPE_CODE_FLT:
        if type_.sizeof in (4, 8):
            found.note(path, float(ours["number"]), floating(theirs, type_))
    elif kind == "pointer" and type_.code in POINTERS:
        target = theirs.referenced_value().address if type_.code != gdb.TYPE_CODE_PTR else theirs
        found.note(path, int(ours["target"], 16) if ours["target"] else 0, int(target))
    elif kind == "record" and type_.code in RECORDS:
        fields = {field.name: field for field in type_.fields() if field.name}
        for field in ours["fields"] or []:
            if field["name"] in fields and hasattr(fields[field["name"]], "bitpos"):
                compare(field["value"], theirs[fields[field["name"]]], f"{path}.{field['name']}", found)
    elif kind in ("pointer", "text", "sequence") and type_.code in RECORDS:
        # A library's type, whose meaning gdb does not know: what situ made of it must be among its scalars.
        scalars = set(leaves(theirs))
        if not scalars:  # clang leaves library types incomplete where the library has them
            return
        if ours["target"] is not None:
            found.among(f"{path}.target", int(ours["target"], 16), scalars)
        # What a dead container held is gone, also where optimised code leaves it a place.
        told = found.alive and not found.any_freed(scalars) and containers.compare(ours, theirs, path, found)
        if not told and ours["length"] is not None:
            end = 1 if "CStr" in str(type_) else 0  # these count the NUL
            found.among(f"{path}.length", ours["length"] + end, scalars | distances(theirs))
    elif kind == "sequence" and type_.code == gdb.TYPE_CODE_ARRAY:
        low, high = type_.range()
        found.note(f"{path}.length", ours["length"], high - low + 1)
        elements = ours["elements"] or []
        for index, element in zip(ours["indexes"] or range(len(elements)), elements):
            compare(element, theirs[low + index], f"{path}[{index}]", found)


def leaves(value):
    type_ = value.type.strip_typedefs()
    if type_.code in POINTERS or type_.code in INTEGERS:
        yield integer(value, type_)
    elif type_.code in RECORDS:
        if type_.sizeof == 0 and value.address is not None:
            # clang only declares it (std::string's _Alloc_hider): gdb sees no member, the word is there all the same.
            yield int.from_bytes(gdb.selected_inferior().read_memory(int(value.address), 8).tobytes(), "little")
        for field in type_.fields():
            if hasattr(field, "bitpos"):
                yield from leaves(value[field])


def distances(value):
    """How many elements lie between any two of the pointers that a value holds: what a vector's length is made of."""
    pointers = list(pointers_in(value))
    return {int(high - low) for low in pointers for high in pointers if low.type == high.type and int(high) >= int(low)}


def pointers_in(value):
    type_ = value.type.strip_typedefs()
    if type_.code == gdb.TYPE_CODE_PTR and type_.target().strip_typedefs().sizeof > 0:
        yield value.cast(type_)
    elif type_.code in RECORDS:
        for field in type_.fields():
            if hasattr(field, "bitpos"):
                yield from pointers_in(value[field])


def points_nowhere(value):
    """Whether what a library's type holds is behind a pointer to no memory."""
    for pointer in pointers_in(value):
        try:
            gdb.selected_inferior().read_memory(int(pointer), 1)
        except gdb.MemoryError:
            return True
    return False
