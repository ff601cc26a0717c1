"""What kill_each.py and fail_each.py have in common: options, and one process for each layout."""

import argparse
import glob
import os
import re
import sys
import traceback

import stage
from example_scenes import ELSEWHERE, SCENES


HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = {"mountc": "mountc", "mountrun": "mountrun", "sysinject": "test/tools/sysinject",
         "apply_in_process": "test/tools/apply_in_process"}


def arguments(description):
    """Which layouts, and the tools in the attributes that TOOLS names."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default=os.environ.get("MOUNTC_BUILD", "build"), metavar="DIR",
                        help="where the tools are (default: $MOUNTC_BUILD, or build)")
    parser.add_argument("--verbose", action="store_true", help="print each run")
    parser.add_argument("--all", action="store_true",
                        help="the examples, and the layouts that are kept for these tests")
    parser.add_argument("layouts", nargs="*", metavar="LAYOUT")
    args = parser.parse_args()
    for tool, path in TOOLS.items():
        setattr(args, tool, os.path.abspath(os.path.join(args.build, path)))
    if args.all:
        for folder in ("../../examples", "faults"):
            args.layouts += sorted(glob.glob(os.path.join(HERE, folder, "*.mnt")))
        for layout in [each for each in args.layouts if os.path.basename(each) in ELSEWHERE]:
            args.layouts.remove(layout)
            print(f"skipped: {os.path.basename(layout)}: {ELSEWHERE[os.path.basename(layout)]}")
    if not args.layouts:
        parser.error("no layout")
    return args


class Tally:
    """Counts, and prints what went wrong with how to repeat it."""

    def __init__(self, name, verbose):
        self.name = name
        self.verbose = verbose
        self.passed = self.failed = 0

    def note(self, what, defects, run):
        if defects:
            self.failed += 1
            print(f"FAIL {self.name}: {what}: {'; '.join(defects)} (status {run.status})")
            for line in run.report.splitlines()[:8]:
                print(f"     | {line}")
        else:
            self.passed += 1
            if self.verbose:
                print(f"ok   {self.name}: {what}: status {run.status}")


def share_targets(args, place):
    """Makes what lies under the topmost targets shared. False: the layout has none."""
    whole = place.run(["list"], command_of(args, place))
    place.share_targets(whole.published)
    return bool(place.targets)


def works(tally, what, run):
    """Notes a run to which nothing is done, and whether it makes sense to go on."""
    if run.status == 3:
        feature = re.search(r"lacks feature (.*?)( \(|$)", run.report, re.MULTILINE)
        print(f"skipped: {tally.name}: {feature[1] if feature else run.report.strip()}")
        return False
    tally.note(what, [] if run.status == 0 else ["it fails"], run)
    return run.status == 0


def options_of(place):
    return place.options.split()


def command_of(args, place):
    return [args.mountrun, place.plan, *options_of(place)]


def _start(args, test, layout, cpu):
    """Calls test(args, stage, tally) in a process that enters a namespace; (pid, its counts)."""
    sys.stdout.flush()
    readable, writable = os.pipe()
    child = os.fork()
    if child != 0:
        os.close(writable)
        return child, readable
    status = 1
    try:
        # Linux 6.18 numbers namespaces per CPU, and refuses to pin (ELOOP) one with a lower number
        # than the caller's (fs/namespace.c mnt_ns_loop()): on one CPU the numbers only grow.
        os.sched_setaffinity(0, {cpu})
        tally = Tally(os.path.basename(layout), args.verbose)
        scene = SCENES.get(tally.name) or stage.scene_in(layout)
        place = stage.Stage(layout, args.mountc, args.sysinject, scene)
        try:
            test(args, place, tally)
        finally:
            place.close()
        print(f"{tally.name}: {tally.passed} passed, {tally.failed} failed")
        os.write(writable, f"{tally.passed} {tally.failed}".encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def main(args, test):
    """Tests the layouts, one on each CPU at a time. Returns an exit status."""
    waiting, running = list(args.layouts), {}
    idle = sorted(os.sched_getaffinity(0))
    passed = failed = 0
    while waiting or running:
        while waiting and idle:
            layout, cpu = waiting.pop(0), idle.pop(0)
            child, counts = _start(args, test, layout, cpu)
            running[child] = layout, cpu, counts
        child, _ = os.wait()
        layout, cpu, counts = running.pop(child)
        idle.append(cpu)
        numbers = os.read(counts, 64).split()
        os.close(counts)
        if not numbers:
            print(f"FAIL {layout}: the test itself ended early")
            numbers = (0, 1)
        passed += int(numbers[0])
        failed += int(numbers[1])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
