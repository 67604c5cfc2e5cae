"""What situ does at a stop, done with gdb: at every line of the user's functions, all frames and all their locals.

Run inside gdb; prints stops per second over the first $SITU_STOPS stops.
"""

import os
import time

import gdb


def plant():
    count = 0
    for function in ("main", "middle", "inner"):
        symtab = gdb.lookup_global_symbol(function).symtab
        low = gdb.lookup_global_symbol(function).value().address
        block = gdb.block_for_pc(int(low))
        for entry in symtab.linetable():
            if block.start <= entry.pc < block.end:
                gdb.Breakpoint(f"*{entry.pc:#x}", internal=True).silent = True
                count += 1
    return count


def look():
    frame = gdb.newest_frame()
    seen = 0
    while frame is not None:
        try:
            block = frame.block()
        except RuntimeError:
            block = None
        while block is not None and block.superblock is not None and not block.is_static:
            for symbol in block:
                if symbol.is_variable or symbol.is_argument:
                    value = symbol.value(frame)
                    value.fetch_lazy()
                    seen += 1
            if block.function is not None:
                break
            block = block.superblock
        frame = frame.older()
    return seen


limit = int(os.environ["SITU_STOPS"])
for setting in ("pagination off", "confirm off", "startup-with-shell off", "backtrace past-main on"):
    gdb.execute(f"set {setting}")
gdb.execute("starti", to_string=True)
plant()
stops = 0
start = None
while stops < limit:
    gdb.execute("continue", to_string=True)
    if not gdb.selected_inferior().pid:
        break
    if start is None:
        start = time.monotonic()
    look()
    stops += 1
print(f"{stops / (time.monotonic() - start):.0f}")
gdb.execute("kill", to_string=True)
gdb.execute("quit 0")
