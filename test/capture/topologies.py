#!/usr/bin/python3
"""Named topologies: made by mount(2), recorded, captured, compiled, run, read back, compared.

    topologies.py            all of topologies.txt and matrix.py; `N passed, N failed` at the end
    topologies.py WORD...    those whose names hold all the words, with their layouts
"""

import os
import sys

import matrix
import round_trip
import sets  # noqa: I001  the path of test/run comes with it
import mountinfo
import syscalls

HERE = os.path.dirname(os.path.realpath(__file__))
_MAKE = {"shared": syscalls.MS_SHARED, "slave": syscalls.MS_SLAVE, "private": syscalls.MS_PRIVATE,
         "unbindable": syscalls.MS_UNBINDABLE}
_FLAGS = {"ro": syscalls.MS_RDONLY, "nosuid": syscalls.MS_NOSUID, "nodev": syscalls.MS_NODEV,
          "noexec": syscalls.MS_NOEXEC, "noatime": syscalls.MS_NOATIME}


def table():
    """(name, lines)"""
    name, lines = None, []
    with open(os.path.join(HERE, "topologies.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            if not line.startswith(" "):
                if name:
                    yield name, lines
                name, lines = line.strip(), []
            else:
                lines.append(line.strip())
    yield name, lines


class Topology(sets.Set):
    """A set made by the lines of a case. AssertionError: it is not what the case says."""

    def __init__(self, lines):
        self.members, self.log = [sets.Member(sets.new_root)], []
        try:
            for line in lines:
                if line.startswith("= "):
                    self.fact(line[2:])
                else:
                    self.call(line)
        except BaseException:
            self.end()
            raise

    def call(self, line):
        number, separator, rest = line.partition(": ")
        member = self.members[int(number)] if separator else self.members[0]
        word, *operands = (rest if separator else line).split()
        wanted = word != "refused"
        if not wanted:
            word, *operands = operands
        if word == "unshare":
            self.copy(self.members[int(operands[0])].pid)
            return
        done = member.do(self.translate(word, operands))
        assert done == wanted, f"`{line}` is {'refused' if wanted else 'accepted'}"

    @staticmethod
    def translate(word, operands):
        if word in ("bind", "rbind", "move"):
            flags = {"bind": syscalls.MS_BIND, "rbind": syscalls.MS_BIND | syscalls.MS_REC,
                     "move": syscalls.MS_MOVE}[word]
            return f"mount {operands[0]} {operands[1]} {flags}"
        if word in ("make", "rmake"):
            flags = _MAKE[operands[0]] | (syscalls.MS_REC if word == "rmake" else 0)
            return f"mount  {operands[1]} {flags}"
        if word == "flags":
            flags = sum(_FLAGS[name] for name in operands[0].split(","))
            return f"mount  {operands[1]} {flags | syscalls.MS_REMOUNT | syscalls.MS_BIND}"
        return " ".join([word, *operands])

    def at(self, place):
        number, separator, path = place.partition(":")
        member = self.members[int(number)] if separator else self.members[0]
        return mountinfo.at(member.mounts(), path if separator else place)

    def fact(self, text):
        word, *operands = text.split()
        if word == "stack":
            there = sum(m.target == operands[0] for m in self.members[0].mounts())
            assert there == int(operands[1]), f"{text}: there are {there}"
            return
        first, *rest = [self.at(place) for place in operands]
        if word == "nothing":
            assert first is None, text
            return
        assert first is not None, f"{text}: nothing is mounted there"
        members = [m for member in self.members for m in member.mounts()]
        holds = {
            "peers": lambda: first.group and all(m and m.group == first.group for m in rest),
            "slave": lambda: first.master and first.master == rest[0].group,
            "private": lambda: not (first.group or first.master or first.unbindable),
            "unbindable": lambda: first.unbindable,
            "shared": lambda: first.group is not None,
            "unshared": lambda: first.group is None,
            "alone": lambda: first.group and sum(m.group == first.group for m in members) == 1,
        }[word]
        assert holds(), text


def defect(lines, show):
    try:
        topology = Topology(lines)
    except AssertionError as wrong:
        return f"it is not what it should be: {wrong}"
    try:
        recording = topology.recording()
    finally:
        topology.end()
    wrong, layout = round_trip.trip(recording)
    if show or wrong:
        print(recording.decode(), layout.decode(), sep="")
    return wrong


def main():
    words = sys.argv[1:]
    chosen = [(name, lines) for name, lines in [*table(), *matrix.cases()]
              if all(word in name for word in words)]
    failed = 0
    for name, lines in chosen:
        wrong = defect(lines, bool(words))
        if wrong:
            failed += 1
            print(f"FAILED {name}: {wrong}")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
