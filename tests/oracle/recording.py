"""situ's JSON recording as one thread saw it at one step (docs/json.md)."""

import json


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
        self.variables = {}
        for variable in document["variables"]:
            self.variables.setdefault(variable["frame"], []).append(variable)

    def chain(self, thread, step):
        """The physical frames of a thread at a step, innermost first."""
        frames = [f for f in self.frames if f["thread"] == thread and not f["inlined"] and alive(f, step)]
        return sorted(frames, key=lambda frame: address(frame["cfa"]))

    def locals_of(self, frame, step):
        """(variable, its place, its value) for what a physical frame holds at a step."""
        for variable in self.variables.get(frame["id"], []):
            place = current(variable["places"], step)
            value = current(variable["values"], step)
            if place is not None or value is not None:
                yield variable, place, value
