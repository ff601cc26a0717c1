#!/usr/bin/python3
"""Measures mountrun against the hand-written floor: whole processes, in turns."""

import argparse
import os
import statistics
import sys
import time
from typing import NamedTuple

import place
import shapes

import mountinfo  # of test/run
import published

GOALS = {"flat": 1.3, "peers": 1.35, "joined": 1.35}  # of the ratio of minima


def mounts_made(command, base):
    """The tree that `command` makes, without the kernel's numbers."""
    before = mountinfo.read()
    Times.of(command)
    trees = published.new_trees(before, mountinfo.read())
    found = published.Published(trees, published.names_of(before), frozenset(), [], frozenset())
    return repr(published.canonical(found, trees.keys())).replace(base, "")


class Times(NamedTuple):
    """Microseconds of a process: from before it begins until it has ended, and the processor's."""

    wall: float
    processor: float

    @classmethod
    def of(cls, command):
        begin = time.perf_counter_ns()
        process = os.posix_spawn(command[0], command, {})
        _, status, used = os.wait4(process, 0)
        end = time.perf_counter_ns()
        if status != 0:
            raise RuntimeError(f"{' '.join(command)}: status {status}")
        return cls((end - begin) / 1000, (used.ru_utime + used.ru_stime) * 1e6)


def measure(where, commands, runs):
    """The times of each run of each program, by program."""
    times = {name: [] for name in commands}
    for turn in range(runs):
        names = list(commands) if turn % 2 == 0 else list(reversed(commands))
        for name in names:
            text = where.apart(lambda: " ".join(map(str, Times.of(commands[name]))))
            times[name].append(Times(*map(float, text.split())))
    return times


def compare(where, args, shape):
    if shape == "busy":
        where.make_busy(args.count)
    else:
        where.leave_busy()
    commands = {"floor": [args.floor, shape, str(args.count), where.base],
                "mountrun": [args.mountrun, where.compile(shape, args.count, args.target_kernel)]}
    made = {name: where.apart(lambda: mounts_made(commands[name], where.base))
            for name in commands}
    if made["floor"] != made["mountrun"]:
        print(f"{shape}: the floor and mountrun do not make the same mounts")
        return False
    times = measure(where, commands, args.runs)
    wall = {name: [run.wall for run in times[name]] for name in commands}
    least = {name: min(wall[name]) for name in commands}
    ratio = least["mountrun"] / least["floor"]
    processor = {name: min(run.processor for run in times[name]) for name in commands}
    goal = GOALS.get(shape)
    verdict = "" if goal is None else f"  goal {goal:.2f} {'met' if ratio <= goal else 'MISSED'}"
    cells = [f"{least[name]:9.0f} {statistics.median(wall[name]):9.0f} "
             f"{least[name] / args.count:8.2f}" for name in commands]
    of_processor = processor["mountrun"] / processor["floor"]
    print(f"{shape:8}{args.count:6} {' '.join(cells)} {ratio:7.2f} {of_processor:9.2f}{verdict}",
          flush=True)
    return goal is None or ratio <= goal


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for tool in ("mountc", "mountrun", "floor"):
        parser.add_argument(f"--{tool}", metavar="FILE", type=os.path.abspath)
    parser.add_argument("--build", default=os.environ.get("MOUNTC_BUILD", "build"), metavar="DIR",
                        help="where the tools are (default: $MOUNTC_BUILD, or build)")
    parser.add_argument("--runs", type=int, default=15, help="of each program (at least 15)")
    parser.add_argument("--count", type=int, default=1000, help="mounts")
    parser.add_argument("--target-kernel", default="running", metavar="KERNEL",
                        help="of the plans (default: running, which is what the floor is for)")
    parser.add_argument("shapes", nargs="*", default=list(shapes.SHAPES), metavar="SHAPE")
    args = parser.parse_args()
    for tool, path in (("mountc", "mountc"), ("mountrun", "mountrun"), ("floor", "bench/floor")):
        if getattr(args, tool) is None:
            setattr(args, tool, os.path.abspath(os.path.join(args.build, path)))
    where = place.Place(args.mountc, args.count)
    try:
        print(f"{args.runs} runs of each, microseconds; /mount: of the minimum")
        print("                   floor                         mountrun")
        columns = "       min    median   /mount"
        print(f"shape   mounts{columns}{columns}   ratio processor")
        met = [compare(where, args, shape) for shape in args.shapes]
    finally:
        where.close()
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
