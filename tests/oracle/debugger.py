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
    def __init__(self, frame, inlined, newer):
        frame.select()
        text = gdb.execute("info frame", to_string=True)
        self.frame = frame
        self.inlined = inlined  # gdb's frames of what is inlined at its pc, innermost first
        self.pc = frame.pc()
        # A caller stands behind its call; what a signal interrupted stands where it is.
        self.lookup_address = self.pc - (1 if newer is not None and newer.type() != gdb.SIGTRAMP_FRAME else 0)
        self.name = frame.name()
        self.has_debug_info = frame.function() is not None
        self.linkage_name = frame.function() and frame.function().linkage_name
        self.is_program = gdb.solib_name(self.pc) is None
        # gdb gives the outermost frame, whose return address is undefined, no CFA.
        self.cfa = int(FRAME_AT.search(text).group(1), 16) or None
        saved = SAVED_PC.search(text)
        self.return_address = int(saved.group(1), 16) if saved and saved.group(1).startswith("0x") else None
        self._calls = None

    def calls(self):
        """The functions active at its pc, innermost first; the last one is the physical function."""
        if self._calls is None:
            self._calls = calls_at(self) if self.has_debug_info else []
        return self._calls


def chain():
    """The physical frames of the selected thread, innermost first."""
    frames, inlined, newer = [], [], None
    frame = gdb.newest_frame()
    while frame is not None and frame.is_valid():
        if frame.type() == gdb.INLINE_FRAME:
            inlined.append(frame)
        else:
            frames.append(PhysicalFrame(frame, inlined, newer))
            inlined, newer = [], frame
        frame = frame.older()
    return frames


LIBRARY = re.compile(r"^(std|core|alloc|__gnu_cxx|__cxxabiv1|hashbrown|__gthread\w*)(::|$)|^operator (new|delete)|^__")


class Call:
    """A physical function, or one inlined in it, at a pc."""

    def __init__(self, physical, path, blocks):
        self.physical = physical
        self.path = path  # see path_of
        self.symbol = blocks[-1].function
        self.blocks = blocks
        self.name = self.symbol.name
        self.linkage_name = self.symbol.linkage_name
        self.is_library = LIBRARY.search(self.name) is not None
        self.frame = None  # gdb's; where gdb hides what is inlined at a breakpoint, None

    def declares(self):
        return [symbol for block in self.blocks for symbol in variables_of(block)]

    def line_called_from(self):
        """Of one inlined: gdb gives its symbol the line of the call."""
        return self.symbol.line


def calls_at(physical):
    pc = physical.lookup_address
    blocks = list(local_blocks(gdb.block_for_pc(pc), pc))
    calls, part = [], []
    for index, block in enumerate(blocks):
        part.append(block)
        if block.function is not None:
            calls.append(Call(physical, path_of(blocks[index:]), part))
            part = []
    for call, frame in zip(reversed(calls), [physical.frame, *reversed(physical.inlined)]):
        call.frame = frame
    return calls


def path_of(blocks):
    """Which instance of an inlined function: it and those around it."""
    return tuple((block.function.name, block.start, block.end) for block in blocks if block.function is not None)


class Function:
    """The variables of a physical function and of each function inlined in it, in all their blocks."""

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
        self.symbols = {}  # path -> those of that instance
        seen = set()
        for pc in range(outermost.start, outermost.end):
            blocks = list(local_blocks(gdb.block_for_pc(pc), pc))
            for index, block in enumerate(blocks):
                path = path_of(blocks[index:])
                declared = variables_of(block)
                # Two nested blocks may cover the same addresses.
                key = (path, block.start, block.end, *((variable.name, variable.line) for variable in declared))
                if key not in seen:
                    seen.add(key)
                    self.symbols.setdefault(path, []).extend(declared)

    def named(self, name, line, call):
        """The variables of that name and line in a call: those in scope, else those of its other blocks."""
        here = [symbol for symbol in call.declares() if symbol.name == name and symbol.line == line]
        return here or [symbol for symbol in self.symbols.get(call.path, ()) if symbol.name == name and symbol.line == line]


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
    return [symbol for symbol in block if symbol.is_variable and not is_label(symbol) or symbol.is_argument
            or symbol.addr_class in (gdb.SYMBOL_LOC_CONST, gdb.SYMBOL_LOC_CONST_BYTES)]


def is_label(symbol):
    """One that has lost its code looks like a variable."""
    return symbol.type is not None and symbol.type.name == "__CORE_ADDR"


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
