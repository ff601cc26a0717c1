#!/usr/bin/python3
"""Checks what does not vary from run to run: system calls, descriptors, sizes, and generously
the time and memory of a large compilation. Prints `N passed, N failed` last."""

import argparse
import os
import re
import resource
import subprocess
import sys
from typing import NamedTuple

import place
import shapes

import stage  # of test/run

SIZE_MAX = 16 * 1024  # bytes of mountrun, with the ways of old and new kernels and the way back
LARGE = 100_000  # mounts
LARGE_SECONDS = 4  # of a processor, four times the goal: a loaded machine is no failure
LARGE_MEGABYTES = 200
CLONE = 0x1  # OPEN_TREE_CLONE
SET_GROUP = 0x100  # MOVE_MOUNT_SET_GROUP


class Limit(NamedTuple):
    calls: float  # per mount
    fds: int  # most alive at once, whatever the number of mounts


HELD = 32  # descriptors that wait for one close_range

# open_tree_attr, move_mount, and for some 20 of them a close_range; for a member whose root
# differs SET_GROUP, for a link of a chain and a group's first member mount_setattr.
LIMITS = {
    "flat": Limit(2.1, HELD + 4),
    "busy": Limit(3.1, HELD + 4),  # and statx: is the source a mount itself, or a link?
    "peers": Limit(2.25, HELD + 4),
    "joined": Limit(3.15, HELD + 4),
    "chains": Limit(3.1, HELD + 6),
    "nested": Limit(2.1, HELD + 12),
}


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, value, most):
        good = value <= most
        self.passed += good
        self.failed += not good
        print(f"{'ok  ' if good else 'FAIL'} {what}: {value:g}, at most {most:g}", flush=True)


def calls_of(where, sysinject, command):
    out = os.path.join(where.base, "calls")
    done = where.apart(lambda: str(subprocess.call([sysinject, "-o", out, "list", "--",
                                                    *command])))
    if done != "0":
        sys.exit(f"{' '.join(command)}: status {done}")
    return stage.read_calls(out)


def descriptors(calls):
    """(most alive at once, mounts that were let go of without having been attached)."""
    alive, most, lost = {}, 0, 0  # alive: fd -> whether it is a mount that is not attached
    opened = {"open_tree", "open_tree_attr", "openat", "openat2", "fsopen", "fsmount", "fcntl"}
    for call in calls:
        if not call.result.isdigit():
            continue
        args = call.args.split(", ")
        if call.name in opened:
            clones = call.name in ("open_tree", "open_tree_attr") and int(args[2], 16) & CLONE
            alive[int(call.result)] = bool(clones) or call.name == "fsmount"
            most = max(most, len(alive))
        elif call.name == "move_mount" and not int(args[4], 16) & SET_GROUP:
            alive[int(args[0])] = False
        elif call.name == "close":
            lost += alive.pop(int(args[0]), False)
        elif call.name == "close_range":
            first, last = int(args[0]), int(args[1])
            lost += sum(alive.pop(fd, False) for fd in range(first, last + 1))
    return most, lost + sum(alive.values())


def clones_of_host(calls):
    """How often the kernel had to look at all mounts in a mount of the host to clone it."""
    return sum(call.name in ("open_tree", "open_tree_attr") and call.args.startswith("CWD,")
               and int(call.args.split(", ")[2], 16) & CLONE for call in calls)


def check_shape(where, args, tally, shape):
    small, large = 200, 1000
    if shape == "busy":
        where.make_busy(large)
    else:
        where.leave_busy()
    runs = {count: calls_of(where, args.sysinject, [args.mountrun, where.compile(shape, count)])
            for count in (small, large)}
    per_mount = (len(runs[large]) - len(runs[small])) / (large - small)
    most, lost = descriptors(runs[large])
    limit = LIMITS[shape]
    tally.check(f"{shape}: system calls a mount", round(per_mount, 2), limit.calls)
    tally.check(f"{shape}: most descriptors alive", most, limit.fds)
    # The clone of a busy directory is what all its binds are cloned from.
    tally.check(f"{shape}: mounts closed without having been attached", lost, shape == "busy")
    if shape == "busy":
        tally.check(f"{shape}: clones taken from the busy mount", clones_of_host(runs[large]), 2)


def check_executable(args, tally):
    # It has no sections: there is nothing left to strip.
    tally.check("mountrun: bytes", os.path.getsize(args.mountrun), SIZE_MAX)
    plain = os.path.join(args.build, "runtime/mountrun-plain")
    for path in (args.mountrun, plain) if os.path.exists(plain) else (args.mountrun,):
        check_segments(args, path, tally)
    check_library(args, tally)


def check_segments(args, path, tally):
    name = os.path.basename(path)
    segments = subprocess.run(["readelf", "-lW", path], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
    headers = re.findall(r"^  ([A-Z_]+) +0x.* ([R ][W ][E ]) 0x\w+$", segments, re.MULTILINE)
    if not headers:
        sys.exit("readelf prints segments in a form that is not known")
    tally.check(f"{name}: segments that are writable and executable",
                sum("WE" in flags for _, flags in headers), 0)
    tally.check(f"{name}: dynamic segments and interpreters",
                sum(kind in ("DYNAMIC", "INTERP") for kind, _ in headers), 0)
    linked = os.path.join(args.build, "runtime", f"{name}.elf")
    names = subprocess.run(["nm", "--undefined-only", linked], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    tally.check(f"{name}: undefined symbols", len(names.splitlines()), 0)


def check_library(args, tally):
    """Nothing that libmountrun.a leaves open may come from a libc."""
    names = subprocess.run(["nm", "-g", args.library], check=True, text=True,
                           stdout=subprocess.PIPE).stdout
    defined = set(re.findall(r"^\w+ [A-TV-Zuvw] (\S+)$", names, re.MULTILINE))
    wanted = set(re.findall(r"^ +U (\S+)$", names, re.MULTILINE))
    # A compiler may call these for copies and comparisons; mountrun brings its own.
    wanted -= defined | {"memcpy", "memmove", "memset", "memcmp", "_GLOBAL_OFFSET_TABLE_"}
    tally.check(f"libmountrun: symbols of a libc {' '.join(sorted(wanted))}".rstrip(),
                len(wanted), 0)


def check_validation(args, tally, path, what, *definitions):
    """Proving a plan costs at most as much as all else that the compiler does for it."""
    done = subprocess.run([args.validation_cost, path, *definitions], check=True, text=True,
                          stdout=subprocess.PIPE)
    validation, rest = map(float, done.stdout.split())
    tally.check(f"{what}: validation, as part of the rest", round(validation / rest, 2), 1)


def check_compiler(where, args, tally):
    path = os.path.join(where.base, "large.mnt")
    with open(path, "w", encoding="utf-8") as file:
        file.write('mount /tree bind /target;\n')
        file.writelines(f"mount /tree/{n:06} bind /source/{n:06} ro nosuid nodev;\n"
                        for n in range(LARGE))
    command = [args.mountc, "compile", path, "-o", os.path.join(where.base, "large.plan")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    tally.check(f"seconds to compile {LARGE} mounts", round(seconds, 2), LARGE_SECONDS)
    kilobytes = after.ru_maxrss
    tally.check(f"megabytes to compile {LARGE} mounts", round(kilobytes / 1000), LARGE_MEGABYTES)
    check_validation(args, tally, path, f"{LARGE} mounts")
    for shape in shapes.SHAPES:
        with open(path, "w", encoding="utf-8") as file:
            file.write(shapes.HEAD + shapes.SHAPES[shape](LARGE // 10))
        check_validation(args, tally, path, shape, "base=/base")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.environ.get("MOUNTC_BUILD", "build"), metavar="DIR",
                        help="where the tools are (default: $MOUNTC_BUILD, or build)")
    tools = {"mountc": "mountc", "mountrun": "mountrun", "library": "runtime/libmountrun.a",
             "sysinject": "test/tools/sysinject",
             "validation_cost": "test/kernel/validation_cost"}
    for tool in tools:
        parser.add_argument(f"--{tool.replace('_', '-')}", metavar="FILE", type=os.path.abspath)
    parser.add_argument("--no-compile", action="store_true",
                        help="leave the large compilation out (no release build)")
    args = parser.parse_args()
    for tool, path in tools.items():
        if getattr(args, tool) is None:
            setattr(args, tool, os.path.abspath(os.path.join(args.build, path)))
    tally = Tally()
    where = place.Place(args.mountc, 1000)
    try:
        for shape in shapes.SHAPES:
            check_shape(where, args, tally, shape)
        check_executable(args, tally)
        if not args.no_compile:
            check_compiler(where, args, tally)
    finally:
        where.close()
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
