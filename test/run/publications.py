#!/usr/bin/python3
"""Reads what `sysinject list` says of a run and counts where mounts are attached.

    sysinject list -- mountrun PLAN 2>&1 | publications.py

Prints the number of calls of mount(2), of move_mount(2) onto a mount that is still detached, of
those that set a group, and of those onto an attached mount: the publications. Which descriptor is
a detached mount, or was looked up in one, is followed from the calls' own results.
"""

import re
import sys

CALL = re.compile(r"^\d+ (?P<name>\w+)\((?P<args>.*)\) = (?P<result>-?\d+)")
SET_GROUP, CLONE = 0x100, 0x1


def main():
    detached = set()
    counts = {"mount": 0, "nested": 0, "joined": 0, "published": 0}
    for line in sys.stdin:
        call = CALL.match(line)
        if not call or int(call["result"]) < 0:
            continue
        name, result = call["name"], int(call["result"])
        args = [part.strip() for part in call["args"].split(",")]
        if name == "mount":
            counts["mount"] += 1
        elif name == "fsmount":
            detached.add(result)
        elif name in ("open_tree", "open_tree_attr"):
            made = int(args[2], 16) & CLONE or inside(args[0], detached)
            (detached.add if made else detached.discard)(result)
        elif name in ("openat2", "openat"):
            (detached.add if inside(args[0], detached) else detached.discard)(result)
        elif name == "close":
            detached.discard(int(args[0]))
        elif name == "close_range":
            detached -= set(range(int(args[0]), int(args[1]) + 1))
        elif name == "move_mount":
            counts[kind_of(args, detached)] += 1
    print(", ".join(f"{count} {what}" for what, count in counts.items()))


def inside(descriptor, detached):
    return descriptor.isdigit() and int(descriptor) in detached


def kind_of(args, detached):
    if int(args[4], 16) & SET_GROUP:
        return "joined"
    return "nested" if inside(args[2], detached) else "published"


if __name__ == "__main__":
    main()
