"""What situ does at a stop, done with gdb: at each of the same addresses, all frames and all their locals.

Run inside gdb. $SITU_SITES names a file of addresses, one a line; the rate is taken over the first $SITU_STOPS stops.
$SITU_STYLE: "inside" looks from within the stop and remembers the symbols of each place, the fastest way found;
"text" makes each value a string as well; "plain" is the script people write: continue, then look. Prints stops per
second, and the frames and variables of the stop with most of them.
"""

import os
import time

import gdb

limit = int(os.environ["SITU_STOPS"])
style = os.environ["SITU_STYLE"]
stops = 0
start = None
taken = 0.0
most = (0, 0)


def look():
    """Fetch every local of every frame; the symbols of a block are looked up once."""
    frame = gdb.newest_frame()
    frames = variables = 0
    while frame is not None:
        frames += 1
        for symbol in symbols_at(frame):
            value = symbol.value(frame)
            if style == "text":
                str(value)
            else:
                value.fetch_lazy()
            variables += 1
        frame = frame.older()
    return frames, variables


known = {}


def symbols_at(frame):
    pc = frame.pc()
    if style == "plain":
        return find_symbols(frame)
    if pc not in known:
        known[pc] = list(find_symbols(frame))
    return known[pc]


def find_symbols(frame):
    """Of the program's own functions, as situ; the C library may have debug info installed."""
    function = frame.function()
    if function is None or function.symtab.objfile.filename != program:
        return
    block = frame.block()
    while block is not None and block.superblock is not None and not block.is_static:
        for symbol in block:
            if symbol.is_variable or symbol.is_argument:
                yield symbol
        if block.function is not None:
            return
        block = block.superblock


def count():
    global stops, start, taken, most
    if start is None:
        start = time.monotonic()
    most = max(most, look())
    stops += 1
    taken = time.monotonic() - start
    return stops >= limit


class Site(gdb.Breakpoint):
    """Looks from inside the stop, which spares gdb announcing it."""

    def stop(self):
        return count()


for setting in ("pagination off", "confirm off", "startup-with-shell off", "backtrace past-main on"):
    gdb.execute(f"set {setting}")
gdb.execute("tbreak main", to_string=True)  # the addresses of libraries too are mapped then
gdb.execute("run", to_string=True)
program = gdb.current_progspace().filename
with open(os.environ["SITU_SITES"], encoding="ascii") as sites:
    for site in sites:
        kind = gdb.Breakpoint if style == "plain" else Site
        kind(f"*{site.strip()}", internal=True).silent = True
done = False
while not done:
    gdb.execute("continue", to_string=True)
    done = style != "plain" or count()
print(f"rate {stops / taken:.0f} {most[0]} {most[1]}")
if gdb.selected_inferior().pid:
    gdb.execute("kill", to_string=True)
gdb.execute("quit 0")
