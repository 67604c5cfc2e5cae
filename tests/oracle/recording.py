"""situ's JSON recording as one thread saw it at one step (docs/json.md)."""

import json
import re


def alive(thing, step):
    return thing["born"] <= step and (thing["died"] is None or step < thing["died"])


def current(versions, step):
    """The version that holds at the step, or None."""
    for version in versions:
        if alive(version, step):
            return version
    return None


def address(text):
    return None if text is None else int(text, 16)


class Memory:
    """The bytes that the recording holds of every step."""

    LINE = 64

    def __init__(self, lines):
        self.versions = {}
        for line in lines:
            self.versions.setdefault(address(line["address"]), []).append(line)
        self.known = {}

    def read(self, start, size, step):
        """A byte or None for each address."""
        read = []
        for at in range(start - start % self.LINE, start + size, self.LINE):
            read += self.line(at, step)
        skipped = start % self.LINE
        return read[skipped : skipped + size]

    def line(self, at, step):
        version = current(self.versions.get(at, []), step)
        if version is None:
            return [None] * self.LINE
        key = (at, version["born"])
        if key not in self.known:
            mask = None if version["known"] is None else int(version["known"], 16)
            self.known[key] = [byte if mask is None or mask >> i & 1 else None
                               for i, byte in enumerate(bytes.fromhex(version["bytes"]))]
        return self.known[key]


class Recording:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document["format"] != "situ-recording":
            raise ValueError(f"{path} is no recording")
        self.program = document["program"]
        self.steps = document["steps"]
        self.frames = document["frames"]
        self.blocks = {block["id"]: block for block in document["blocks"]}
        self.events = document["events"]
        self.output = document["output"]
        self.sources = {source["file"]: source["text"] for source in document["sources"]}
        self.functions = {function["id"]: function for function in document["functions"]}
        self.types = {type_["id"]: type_ for type_ in document["types"]}
        self.memory = Memory(document["memory"])
        self.variables = {}
        for variable in document["variables"]:
            self.variables.setdefault(variable["frame"], []).append(variable)

    def in_freed_block(self, at, step):
        """Whether the last one to have this address was freed before the step or at it."""
        holders = [block for block in self.blocks.values() if block["born"] <= step
                   and address(block["address"]) <= at < address(block["address"]) + max(block["requested"], 1)]
        return bool(holders) and not any(alive(block, step) for block in holders)

    def moved_storage(self):
        """How many bytes lower than without situ the main thread's thread-local storage stands, as it says itself."""
        told = [re.search(r"thread-local storage.*? stands (\d+) bytes lower", text) for text in self.program["warnings"]]
        return next((int(found.group(1)) for found in told if found), 0)

    def chain(self, thread, step):
        """The physical frames of a thread at a step, innermost first."""
        frames = [f for f in self.frames if f["thread"] == thread and not f["inlined"] and alive(f, step)]
        return sorted(frames, key=lambda frame: address(frame["cfa"]))

    def inlined_in(self, frame, step):
        """The user functions inlined at a physical frame's pc, innermost first."""
        inlined = [f for f in self.frames if f["inlined"] and f["thread"] == frame["thread"] and f["cfa"] == frame["cfa"]]
        return sorted((f for f in inlined if alive(f, step)), key=lambda f: -f["depth"])

    def locals_of(self, frame, step):
        """(variable, its place, its value) for what a frame holds at a step."""
        for variable in self.variables.get(frame["id"], []):
            place = current(variable["places"], step)
            value = current(variable["values"], step)
            if place is not None or value is not None:
                yield variable, place, value
