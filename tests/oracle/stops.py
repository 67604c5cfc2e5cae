"""Runs the traced program again under gdb, stops where situ had steps, and compares what both say.

Run inside gdb: it reads the recording that $SITU_RECORDING names and ends gdb with status 0 (equal) or 1. Every frame's
CFA, pc, return address and function, every variable's address, each of its scalars and its decoded value are compared at
every call, line and return; nothing is sampled. In unoptimised programs gdb stops at every statement of the files that have steps: one without a step must be of
the line that the thread's last step had, or lie in a prologue.
"""

import os
import re
import shlex
import sys

import gdb

sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["SITU_ORACLE"])

import containers  # noqa: E402
import debugger  # noqa: E402
import faults  # noqa: E402
import recording  # noqa: E402
import statics  # noqa: E402
import values  # noqa: E402
import variables  # noqa: E402

STEPS = ("call", "line", "return")


class Findings:
    def __init__(self):
        self.differing = []
        self.counts = {"stops": 0, "frames": 0, "inlined": 0, "addresses": 0, "leaves": 0, "values": 0, "contents": 0,
                       "statics": 0}
        # Leaves that were never written, and what only gdb does not know, by the name of its fault.
        self.set_apart = {}
        self.mark = faults.Mark()
        self.in_freed_block = None
        self.alive = True  # whether what is being compared lives
        self.where = ""

    def differ(self, what, ours, theirs):
        self.differing.append(f"{self.where}: {what}: situ {show(ours)}, gdb {show(theirs)}")

    def same(self, what, ours, theirs, count=None):
        if ours != theirs:
            self.differ(what, ours, theirs)
        if count:
            self.counts[count] += 1

    def note(self, path, ours, theirs):
        self.same(path, ours, theirs, "values")

    def among(self, path, ours, theirs):
        self.counts["values"] += 1
        if ours not in theirs:
            self.differ(path, ours, " ".join(sorted(map(show, theirs))))

    def absent(self, path, why, theirs):
        """What situ cannot show, gdb must not be able to, either."""
        if theirs.is_optimized_out:
            self.set_aside("in neither")
        elif why == "unreadable" and values.points_nowhere(theirs):
            self.set_aside("its pointer leads nowhere")
        elif why in ("optimized_out", "unreadable") and "<synthetic pointer>" in theirs.format_string(raw=True):
            # DW_OP_implicit_pointer: a pointer to a variable that has no address, so it has no value either.
            self.set_aside("points to what has no address")
        else:
            self.differ(path, why, theirs.format_string(max_elements=4, raw=True))

    def any_freed(self, scalars):
        """Whether one of them points into a block that is freed by now."""
        freed = any(map(self.in_freed_block, scalars))
        if freed:
            self.set_aside("its block is freed")
        return freed

    @staticmethod
    def is_random(path):
        return variables.RANDOM.search(path) is not None

    def set_aside(self, why):
        self.set_apart[why] = self.set_apart.get(why, 0) + 1


def show(value):
    return hex(value) if isinstance(value, int) and abs(value) > 0xFFFF else str(value)


def plain(name):
    """A function's name without what the two write differently: template arguments, parameters, hashes, spaces."""
    if name is None:
        return None
    name = re.sub(r"::h[0-9a-f]{16}$", "", name)
    name = re.sub(r"\{\{?closure(#|_env#)?(\d*)\}?\}", "{closure}", name)
    name = re.sub(r"->|operator[<>]+", "", name)
    name = re.sub(r"\[abi:\w+\]|(?<=\)) ?const$", "", name)
    before = None
    while before != name:
        before, name = name, re.sub(r"<[^<>]*>|\([^()]*\)", "", name)
    return re.sub(r"::+", "::", name.replace(" ", "").replace("@plt", ""))


def is_lambda(ours, theirs):
    return "{lambda" in ours or "<lambda" in theirs


def compare_frames(findings, ours, theirs, functions):
    findings.same("number of frames", len(ours), len(theirs))
    for depth, (frame, physical) in enumerate(zip(ours, theirs)):
        what = f"frame {depth} ({physical.name})"
        if physical.cfa is not None:
            findings.same(f"{what}: CFA", recording.address(frame["cfa"]), physical.cfa, "frames")
        if physical.return_address is not None:
            findings.same(f"{what}: return address", recording.address(frame["return_address"]), physical.return_address)
        if physical.is_program and physical.has_debug_info:
            compare_names(findings, what, functions[frame["function"]], physical, frame["user"])


def compare_calls(findings, stop):
    """A physical frame and what is inlined in it: which functions, called from which lines, with which variables."""
    ours = [*stop.rec.inlined_in(stop.frame, stop.step), stop.frame]
    calls = stop.physical.calls()
    theirs = [call for call in calls if not call.is_library or call is calls[-1]]
    names = [plain(stop.rec.functions[frame["function"]]["name"]) for frame in ours]
    if len(ours) != len(theirs):
        findings.differ(f"calls in {stop.physical.name}", " < ".join(names), " < ".join(call.name for call in theirs))
        return
    stop.physical.frame.select()  # gdb looks names up in its language
    for frame, call in zip(ours, theirs):
        if frame["inlined"]:
            what = f"inlined {call.name}"
            compare_names(findings, what, stop.rec.functions[frame["function"]], call, True)
            findings.same(f"{what}: called from", frame["call_site"] and frame["call_site"]["line"], called_from(call, calls),
                          "inlined")
        variables.compare(findings, stop, frame, call)


def called_from(call, calls):
    """The line of the call in the nearest user function: what a library calls is called from where the library was."""
    outwards = calls[calls.index(call) :]
    for inner, outer in zip(outwards, outwards[1:]):
        if not outer.is_library:
            return inner.line_called_from()
    return None


def of_any_kind(name):
    """Constructors and destructors of whole objects and of bases share their code where there is no virtual base."""
    return re.sub(r"(?<=[CD])[12](?=[EI])|(?<=CI)[12]|\.llvm\.\d+$", "", name)


def compare_names(findings, what, function, physical, is_user):
    """What a shared library's functions are called depends on whether its separate debug file is there, so only the
    program's own are compared: by linkage name, the user's also by the name people read."""
    mangled = physical.linkage_name is not None and physical.linkage_name.startswith("_")
    if function["linkage_name"] is not None and mangled:
        findings.same(f"{what}: linkage name", of_any_kind(function["linkage_name"]), of_any_kind(physical.linkage_name))
    if is_user and not is_lambda(function["name"], physical.name):  # gdb does not say which
        ours, theirs = plain(function["name"]), plain(physical.name)
        # situ says "<T as Trait>::method", gdb "module::{impl#2}::method".
        if function["name"].startswith("<"):
            ours, theirs = ours.rsplit("::")[-1], theirs.rsplit("::")[-1]
        findings.same(f"{what}: function", ours, theirs)


class Walk:
    """Pairs gdb's stops with situ's steps, thread by thread."""

    def __init__(self, rec):
        self.rec = rec
        self.queues = {}
        for step in rec.steps:
            if step["cause"] in STEPS:
                self.queues.setdefault(step["thread"], []).append(step)
        self.threads = {}  # gdb's number of a thread -> situ's id
        self.last = {}  # situ's id of a thread -> the last step paired
        self.lines = {}
        self.returns = set()

    def places(self):
        """Where gdb has to stop: the statements of every file that has steps, and the steps' own addresses."""
        files = {step["file"] for step in self.rec.steps if step["cause"] in STEPS and step["file"]}
        # In optimised code an address has rows of several lines, and which of them is a step is situ's choice.
        for file in files if not variables.is_optimised() else ():
            self.lines.update(debugger.statements(os.path.realpath(file)))
        steps = [step for step in self.rec.steps if step["cause"] in STEPS]
        others = {recording.address(s["pc"]) for s in steps if s["cause"] == "return"} - set(self.lines)
        self.lines.update({recording.address(s["pc"]): s["line"] for s in steps})
        # Library code calls other functions from there, too.
        self.returns = others - {recording.address(s["pc"]) for s in steps if s["cause"] != "return"}
        return sorted(self.lines)

    def thread_of(self, number, pc, sp):
        if number not in self.threads:
            for thread, queue in self.queues.items():
                if thread not in self.threads.values() and queue and here(queue[0], pc, sp):
                    self.threads[number] = thread
        return self.threads.get(number)

    def steps_at(self, number, pc, sp):
        """The steps that this stop is: two where a return address begins a line, none where situ merged it into the step
        before. Raises where it should have been one."""
        thread = self.thread_of(number, pc, sp)
        queue = self.queues.get(thread)
        steps = []
        while queue and here(queue[0], pc, sp) and (not steps or (steps[-1]["cause"], queue[0]["cause"]) == ("return", "line")):
            steps.append(queue.pop(0))
        if steps:
            self.last[thread] = steps[-1]
            return steps
        last = self.last.get(thread)
        if pc in self.returns or (last is not None and last["line"] == self.lines[pc]):
            return []
        if (queue and queue[0]["cause"] == "call") or thread is None:
            function = debugger.Function.of(gdb.newest_frame())
            if any(pc <= recording.address(call["pc"]) in function.range for call in self.next_calls(thread)):
                return []
        expected = f"{queue[0]['pc']} sp {queue[0]['sp']} (step {queue[0]['index']})" if queue else "no further step"
        raise LookupError(f"gdb stands at {pc:#x} sp {sp:#x} in thread {number}, situ has {expected}")

    def next_calls(self, thread):
        """A thread that has had no step yet may be any that begins with a call."""
        queues = [self.queues[thread]] if thread is not None else self.queues.values()
        return [queue[0] for queue in queues if queue and queue[0]["cause"] == "call"]

    def left(self):
        return sum(len(queue) for queue in self.queues.values())


def here(step, pc, sp):
    return recording.address(step["pc"]) == pc and recording.address(step["sp"]) == sp


def compare_stop(findings, rec, step):
    findings.where = f"step {step['index']} ({step['cause']} {step['file'] and os.path.basename(step['file'])}:{step['line']})"
    findings.counts["stops"] += 1
    findings.in_freed_block = lambda at: rec.in_freed_block(at, step["index"])
    ours = rec.chain(step["thread"], step["index"])
    theirs = debugger.chain()
    compare_frames(findings, ours, theirs, rec.functions)
    faults.remember_entry(step, theirs[0])
    for frame, physical in zip(ours, theirs):
        if frame["user"]:
            compare_calls(findings, variables.Stop(rec, step["index"], frame, physical))
    if findings.counts["stops"] % statics.EVERY == 1:
        statics.compare(findings, rec, step, theirs)
    gdb.newest_frame().select()


def run(rec):
    findings = Findings()
    walk = Walk(rec)
    gdb.execute("handle all nostop noprint pass", to_string=True)
    gdb.execute("handle SIGTRAP stop nopass", to_string=True)
    gdb.execute(f"set args {shlex.join(rec.program['arguments'][1:])}")
    gdb.execute("starti", to_string=True)
    # Before the loader has run, the addresses of shared objects are not mapped.
    gdb.execute(f"tbreak *{entry():#x}", to_string=True)
    gdb.execute("continue", to_string=True)
    for place in walk.places():
        gdb.Breakpoint(f"*{place:#x}", internal=True).silent = True
    while True:
        gdb.execute("continue", to_string=True)
        if not gdb.selected_inferior().pid:
            break
        try:
            steps = walk.steps_at(gdb.selected_thread().num, debugger.register("rip"), debugger.register("rsp"))
        except LookupError as error:
            findings.differing.append(str(error))
            gdb.execute("kill", to_string=True)
            break
        for step in steps:
            compare_stop(findings, rec, step)
        if not walk.left() and rec.program["stopped_early"]:
            gdb.execute("kill", to_string=True)
            break
    if walk.left() and not findings.differing:
        findings.differing.append(f"situ has {walk.left()} steps where gdb never stopped")
    return findings


def entry():
    return int(re.search(r"Entry point: (0x[0-9a-f]+)", gdb.execute("info files", to_string=True)).group(1), 16)


def main():
    findings = run(recording.Recording(os.environ["SITU_RECORDING"]))
    for line in findings.differing[:200]:
        print(line)
    print(f"{len(findings.differing)} differences; compared: {findings.counts}; set apart: {findings.set_apart}")
    # Optimised programs may keep nothing in memory, or no variable at all.
    needed = ("stops", "frames") if variables.is_optimised() else ("stops", "frames", "addresses", "leaves", "values")
    compared = all(findings.counts[what] for what in needed)
    if not compared:
        print("not everything was compared")
    return 0 if compared and not findings.differing else 1


debugger.set_up("SITU_RECORDING", "SITU_ORACLE", "SITU_PROGRAM", "SITU_RUST_PRINTERS")
containers.load_printers()
debugger.end_with(main)
