"""Runs the program under gdb without situ's probe and compares every allocation and release with the recording's.

Run inside gdb, with $SITU_RECORDING and $SITU_ORACLE as in stops.py. Equal addresses, sizes and order, thread by thread,
mean that the probe neither missed an operation nor moved a block.
"""

import os
import re
import sys

import gdb

sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["SITU_ORACLE"])

import debugger  # noqa: E402
import recording  # noqa: E402

# Function -> the registers whose product is the size; a release has none.
FUNCTIONS = {
    "malloc": ["rdi"], "calloc": ["rdi", "rsi"], "realloc": ["rsi"], "reallocarray": ["rsi", "rdx"], "memalign": ["rsi"],
    "aligned_alloc": ["rsi"], "posix_memalign": ["rdx"], "valloc": ["rdi"], "pvalloc": ["rdi"], "free": [],
}


def in_libc(address):
    return "/libc.so" in (gdb.solib_name(address) or "")


def entry_of(name):
    """The first instruction of libc's function; gdb's own breakpoint may lie behind it."""
    found = gdb.Breakpoint(name, internal=True)
    places = [place.address for place in found.locations if in_libc(place.address)]
    found.delete()
    offset = re.match(r"\S+ \+ (\d+) in", gdb.execute(f"info symbol {places[0]:#x}", to_string=True))
    return places[0] - (int(offset.group(1)) if offset else 0)


def size_at_entry(name):
    size = 1
    for register in FUNCTIONS[name]:
        size *= debugger.register(register)
    return size


def result_of(name, arguments):
    if name != "posix_memalign":
        return debugger.register("rax")
    return int.from_bytes(gdb.selected_inferior().read_memory(arguments[0], 8).tobytes(), "little")


def is_internal(entry, back):
    """Whether the call that returns to `back` goes straight to libc's own function, where nothing can stand between: at a
    thread's end glibc releases its cache that way."""
    call = gdb.selected_inferior().read_memory(back - 5, 5).tobytes()
    return call[0] == 0xE8 and back + int.from_bytes(call[1:], "little", signed=True) == entry


def native_operations():
    """Thread number -> [(operation, size, address)], as libc was called; what these calls call themselves is left out."""
    gdb.execute("set stop-on-solib-events 1")
    gdb.execute("run", to_string=True)
    while "libc.so" not in gdb.execute("info sharedlibrary", to_string=True):
        gdb.execute("continue", to_string=True)
    gdb.execute("set stop-on-solib-events 0")
    entries = {entry_of(name): name for name in FUNCTIONS}
    planted = set(entries)
    for place in entries:
        gdb.Breakpoint(f"*{place:#x}", internal=True).silent = True
    operations, running = {}, {}
    while True:
        gdb.execute("continue", to_string=True)
        if not gdb.selected_inferior().pid:
            return operations
        thread = gdb.selected_thread().num
        pc, sp = debugger.register("rip"), debugger.register("rsp")
        call = running.get(thread)
        if call is not None and pc == call["return"] and sp == call["sp"]:
            operations.setdefault(thread, []).append((call["name"], call["size"], result_of(call["name"], call["arguments"])))
            running[thread] = None
        elif call is None and pc in entries:
            name = entries[pc]
            arguments = [debugger.register(register) for register in ("rdi", "rsi", "rdx")]
            back = int.from_bytes(gdb.selected_inferior().read_memory(sp, 8).tobytes(), "little")
            if is_internal(pc, back):
                continue
            if name == "free":
                if arguments[0]:
                    operations.setdefault(thread, []).append(("free", 0, arguments[0]))
                continue
            running[thread] = {"name": name, "size": size_at_entry(name), "arguments": arguments, "return": back, "sp": sp + 8}
            if back not in planted:
                planted.add(back)
                gdb.Breakpoint(f"*{back:#x}", internal=True).silent = True


def recorded_operations(rec):
    operations = {}
    for event in sorted(rec.events, key=lambda event: event["seq"]):
        address = recording.address(event["address"])
        if address:
            freed = event["op"] in ("free", "delete")
            operations.setdefault(event["thread"], []).append(
                ("free" if freed else event["op"], 0 if freed else event["requested"], address))
    return operations


def main():
    ours = recorded_operations(recording.Recording(os.environ["SITU_RECORDING"]))
    theirs = native_operations()
    differing = 0
    # Both number threads in the order they were created.
    for thread, (mine, native) in enumerate(zip(by_thread(ours), by_thread(theirs)), 1):
        for index in range(max(len(mine), len(native))):
            one = mine[index] if index < len(mine) else None
            other = native[index] if index < len(native) else None
            if one is None or other is None or one[1:] != other[1:] or (one[0] == "free") != (other[0] == "free"):
                differing += 1
                print(f"thread {thread}, operation {index}: situ {text(one)}, gdb {text(other)}")
    if len(ours) != len(theirs):
        differing += 1
        print(f"threads with heap operations: situ {len(ours)}, gdb {len(theirs)}")
    print(f"{differing} differences in {sum(map(len, theirs.values()))} heap operations")
    return 1 if differing else 0


def by_thread(operations):
    return [operations[thread] for thread in sorted(operations)]


def text(operation):
    return "nothing" if operation is None else f"{operation[0]} {operation[1]} at {operation[2]:#x}"


debugger.set_up("SITU_RECORDING", "SITU_ORACLE")
debugger.end_with(main)
