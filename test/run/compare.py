#!/usr/bin/python3
"""Compares the mounts of running processes, or of files, with an expectation.

    compare.py EXPECTED --pid 123                        what is at or below EXPECTED's targets
    compare.py EXPECTED --pid web=123 --pid app=124      several namespaces, wholly
    compare.py EXPECTED --mountinfo FILE --at /mnt

EXPECTED is a .json file or any file with EXPECT lines (expect.py). Exits with 0 when equal.
"""

import argparse
import sys

import expect
import mountinfo
from canonical import Known, compare, from_mounts


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("expected")
    parser.add_argument("--pid", action="append", default=[], metavar="[NAMESPACE=]PID")
    parser.add_argument("--mountinfo", action="append", default=[], metavar="[NAMESPACE=]FILE")
    parser.add_argument("--at", metavar="DIR", help="only what is at or below DIR")
    parser.add_argument("--guard", action="store_true",
                        help="allow one guard mount at each topmost target")
    parser.add_argument("--superblock", action="append", default=[], metavar="LABEL=MAJ:MIN")
    parser.add_argument("--group", action="append", default=[], metavar="LABEL=ID")
    return parser.parse_args()


def named(text):
    name, separator, value = text.rpartition("=")
    return (name, value) if separator else ("", text)


def below(mounts, tops):
    """The mounts at or below the paths `tops`."""
    return [m for m in mounts if any(expect.is_below(m.target, top) for top in tops)]


def without_guards(mounts):
    """Drops every topmost mount that carries exactly one mount on the same target."""
    ids = {m.id for m in mounts}
    guards = set()
    for top in [m for m in mounts if m.parent not in ids]:
        children = [m for m in mounts if m.parent == top.id]
        if len(children) == 1 and children[0].target == top.target:
            guards.add(top.id)
    return [m for m in mounts if m.id not in guards]


def main():
    args = arguments()
    expected = expect.load(args.expected)
    actual = []
    for namespace, pid in map(named, args.pid):
        actual.append((namespace, mountinfo.read(pid)))
    for namespace, path in map(named, args.mountinfo):
        with open(path, "rb") as file:
            actual.append((namespace, mountinfo.parse(file.read())))
    nodes = []
    for namespace, mounts in actual:
        if not namespace:
            tops = [args.at] if args.at else {n.place[1] for n in expected if not n.place[0]}
            mounts = below(mounts, tops)
            if args.guard:
                mounts = without_guards(mounts)
        nodes += from_mounts(namespace, mounts)
    known = Known(dict(map(named, args.superblock)),
                  {label: int(value) for label, value in map(named, args.group)})
    differences = compare(expected, nodes, known)
    sys.stdout.reconfigure(errors="backslashreplace")
    print("\n".join(differences) or "equal")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
