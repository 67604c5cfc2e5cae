"""A variable taken apart into its scalars, once by situ's types over the bytes that situ captured, once by gdb.

A leaf is (path, first bit, bits, number): a base class, a member, an element, a bit-field, the discriminant of an enum
and the members of its active variant, down to what has no parts. Pointers are leaves; what they point to is not looked
at. Numbers are the leaf's bits, unsigned; None where they are not known.
"""

import gdb

MOST = 4096  # leaves of one variable

RECORDS = (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION)
REFERENCES = (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF)
WITHOUT_VALUES = (gdb.TYPE_CODE_VOID, gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_METHOD)


class Ours:
    """By situ's account: `types` as in its JSON, `data` a byte or None for each byte of the variable."""

    def __init__(self, types, data):
        self.types = types
        self.data = data

    def number(self, bit, bits):
        part = self.data[bit // 8 : (bit + bits + 7) // 8]
        if None in part or 8 * len(part) < bit % 8 + bits:
            return None
        return int.from_bytes(bytes(part), "little") >> bit % 8 & ((1 << bits) - 1)

    def plain(self, type_id):
        type_ = self.types[type_id]
        while type_["kind"] == "alias" and type_["target"] is not None:
            type_ = self.types[type_["target"]]
        return type_

    def leaves(self, type_id, path="", bit=0):
        type_ = self.plain(type_id)
        kind = type_["kind"]
        if kind in ("record", "union"):
            yield from self.members(type_, path, bit)
        elif kind == "choice":
            yield from self.variant(type_, path, bit)
        elif kind == "array":
            size = self.plain(type_["element"])["size"] if type_["element"] is not None else None
            for index in range((type_["count"] or 0) if size else 0):
                yield from self.leaves(type_["element"], f"{path}[{index}]", bit + 8 * size * index)
        elif kind not in ("function", "unspecified", "alias") and type_["size"]:
            yield path, bit, 8 * type_["size"], self.number(bit, 8 * type_["size"])

    def members(self, type_, path, bit):
        for field in type_["fields"] or []:
            place = bit + 8 * field["offset"]
            name = f"{path}.{'' if field['base_class'] else field['name'] or ''}"
            if field["bit_size"] is not None:
                place += field["bit_position"]
                yield name, place, field["bit_size"], self.number(place, field["bit_size"])
            else:
                yield from self.leaves(field["type"], name, place)

    def variant(self, type_, path, bit):
        tag = type_["discriminant"]
        yield from self.members(type_, path, bit)
        if tag is None:
            active = [variant for variant in type_["variants"] if self.inhabited(variant["type"])][:1]
        else:
            bits = 8 * self.plain(tag["type"])["size"]
            number = self.number(bit + 8 * tag["offset"], bits)
            yield f"{path}.", bit + 8 * tag["offset"], bits, number
            if number is None:
                return
            mask = (1 << bits) - 1
            named = [v for v in type_["variants"] if v["discriminant"] is not None]
            active = [v for v in named if int(v["discriminant"]) & mask == number]
            active = active or [v for v in type_["variants"] if v["discriminant"] is None]
        for variant in active[:1]:
            yield from self.leaves(variant["type"], f"{path}.{variant['name']}", bit + 8 * variant["offset"])

    def inhabited(self, type_id):
        type_ = self.plain(type_id)
        if type_["kind"] == "choice":
            return bool(type_["variants"])
        return all(self.inhabited(field["type"]) for field in type_["fields"] or [])


def theirs(value, base, path="", bit=0):
    """By gdb's account: what its types say and what it reads of the variable at `base`."""
    type_ = value.type.strip_typedefs()
    if type_.code in RECORDS:
        for field in type_.fields():
            # Static members have no place, those of a virtual base one that only the object tells.
            if not hasattr(field, "bitpos") or is_virtual_base(type_, field):
                continue
            name = f"{path}.{'' if field.is_base_class else field.name or ''}"
            if field.bitsize:
                yield name, bit + field.bitpos, field.bitsize, int(value[field]) & ((1 << field.bitsize) - 1)
            else:
                yield from theirs(value[field], base, name, bit + field.bitpos)
    elif type_.code == gdb.TYPE_CODE_ARRAY:
        low, high = type_.range()
        size = type_.target().strip_typedefs().sizeof
        for index in range(low, high + 1 if size else low):
            yield from theirs(value[index], base, f"{path}[{index}]", bit + 8 * size * (index - low))
    elif type_.code in REFERENCES:
        # What gdb takes for a reference's address is that of what it refers to.
        yield path, bit, 64, int(value.referenced_value().address)
    elif type_.code not in WITHOUT_VALUES and type_.sizeof and type_.name not in ("decltype(nullptr)", "std::nullptr_t"):
        memory = gdb.selected_inferior().read_memory(base + bit // 8, type_.sizeof)
        yield path, bit, 8 * type_.sizeof, int.from_bytes(memory.tobytes(), "little")


def is_virtual_base(type_, field):
    return field.is_base_class and type_.dynamic and field.bitpos < 0
