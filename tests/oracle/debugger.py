"""What gdb says about the thread it stands in: physical frames with their CFA, and the variables of a frame."""

import os
import re
import traceback

import gdb

FRAME_AT = re.compile(r"^Stack (?:level \d+, )?frame at (0x[0-9a-f]+)", re.M)
SAVED_PC = re.compile(r"saved rip = (0x[0-9a-f]+|<[^>]*>)")


def register(name, frame=None):
    return int((frame or gdb.newest_frame()).read_register(name)) & 0xFFFFFFFFFFFFFFFF


class PhysicalFrame:
    def __init__(self, frame):
        frame.select()
        text = gdb.execute("info frame", to_string=True)
        self.frame = frame
        self.pc = frame.pc()
        self.name = frame.name()
        self.has_debug_info = frame.function() is not None
        self.linkage_name = frame.function() and frame.function().linkage_name
        self.is_program = gdb.solib_name(self.pc) is None
        # gdb gives the outermost frame, whose return address is undefined, no CFA.
        self.cfa = int(FRAME_AT.search(text).group(1), 16) or None
        saved = SAVED_PC.search(text)
        self.return_address = int(saved.group(1), 16) if saved and saved.group(1).startswith("0x") else None


def chain():
    """The physical frames of the selected thread, innermost first."""
    frames = []
    frame = gdb.newest_frame()
    while frame is not None and frame.is_valid():
        if frame.type() != gdb.INLINE_FRAME:
            frames.append(PhysicalFrame(frame))
        frame = frame.older()
    return frames


class Function:
    """The variables of a physical function in all its blocks, those of inlined functions left out."""

    _known = {}

    @classmethod
    def of(cls, frame):
        """None where the frame's code has no debug info."""
        outermost = None
        for block in blocks_of(frame):
            if block.function is not None:
                outermost = block
        if outermost is None:
            return None
        key = (outermost.start, outermost.end)
        if key not in cls._known:
            cls._known[key] = cls(outermost)
        return cls._known[key]

    def __init__(self, outermost):
        self.range = range(outermost.start, outermost.end)
        self.symbols = []
        self.inlined = set()  # (name, line) of the variables of functions inlined anywhere in it
        seen = set()
        for pc in range(outermost.start, outermost.end):
            path = list(local_blocks(gdb.block_for_pc(pc), pc))
            # From the outermost block inwards: what lies inside an inlined function is that function's.
            for block in reversed(path):
                if block.function is not None and block is not path[-1]:
                    inside = path[: path.index(block) + 1]
                    self.inlined |= {(symbol.name, symbol.line) for part in inside for symbol in variables_of(part)}
                    break
                variables = variables_of(block)
                # Two nested blocks may cover the same addresses.
                key = (block.start, block.end, *((variable.name, variable.line) for variable in variables))
                if key not in seen:
                    seen.add(key)
                    self.symbols += variables

    def named(self, name, line, frame):
        """The variables of that name and line; in optimised code also those of the functions inlined here."""
        own = [symbol for symbol in self.symbols if symbol.name == name and symbol.line == line]
        pc = lookup_address(frame)
        blocks = local_blocks(gdb.block_for_pc(pc), pc)
        here = [symbol for block in blocks for symbol in variables_of(block)]
        return own or [symbol for symbol in here if symbol.name == name and symbol.line == line]


STATEMENT = re.compile(r"^\d+ +(\d+) +(0x[0-9a-f]+) +Y", re.M)


def statements(file):
    """Address -> line of every statement that the program's line table has for a source file."""
    try:
        gdb.decode_line(f"{os.path.basename(file)}:1")  # has gdb read the unit
    except gdb.error:
        pass  # no code there
    text = gdb.execute(f"maint info line-table {os.path.basename(file)}", to_string=True)
    rows = {}
    for part in text.split("\nsymtab: ")[1:]:
        if os.path.realpath(part.split(" ((")[0]) == file:
            rows.update({int(place, 16): int(line) for line, place in STATEMENT.findall(part) if int(line)})
    return rows


def in_scope(frame):
    """The variables whose block holds the frame's pc, those of inlined functions left out."""
    path = list(blocks_of(frame))
    for block in reversed(path):
        if block.function is not None and block is not path[-1]:
            return
        yield from variables_of(block)


def blocks_of(frame):
    try:
        return list(local_blocks(frame.block(), frame.pc()))
    except RuntimeError:  # no debug info
        return []


def local_blocks(block, pc):
    """A block and those around it, up to the physical function's. A lambda's lies in that of the function around it."""
    while block is not None and not block.is_global and not block.is_static and block.start <= pc <= block.end:
        yield block
        block = block.superblock


def variables_of(block):
    """What the block declares; a variable that is a constant throughout has the class of one in gdb."""
    return [symbol for symbol in block if symbol.is_variable or symbol.is_argument
            or symbol.addr_class in (gdb.SYMBOL_LOC_CONST, gdb.SYMBOL_LOC_CONST_BYTES)]


def lookup_address(frame):
    """A caller stands behind its call."""
    return frame.pc() - (0 if frame.level() == 0 else 1)


def is_enumerator(symbol):
    return symbol.addr_class == gdb.SYMBOL_LOC_CONST and symbol.type.code == gdb.TYPE_CODE_ENUM


def set_up(*own_variables):
    """The program must find the world it has without gdb: the same addresses, and none of gdb's variables."""
    for setting in ("pagination off", "confirm off", "width 0", "breakpoint pending off", "disable-randomization on",
                    "startup-with-shell off", "backtrace past-main on", "backtrace past-entry on"):
        gdb.execute(f"set {setting}")
    for variable in ("LINES", "COLUMNS", *own_variables):
        gdb.execute(f"unset environment {variable}")


def end_with(main):
    """Ends gdb with main's status; gdb itself would print an exception and end with 0."""
    try:
        status = main()
    except BaseException:
        traceback.print_exc()
        status = 1
    gdb.execute(f"quit {status}")
