"""What kill_each.py and fail_each.py have in common: options, and one process for each layout."""

import argparse
import os
import sys

import stage
from example_scenes import SCENES


def options(description):
    parser = argparse.ArgumentParser(description=description)
    for tool in ("mountc", "mountrun", "sysinject"):
        parser.add_argument(f"--{tool}", required=True, metavar="FILE", type=os.path.abspath)
    parser.add_argument("--verbose", action="store_true", help="print each run")
    parser.add_argument("layouts", nargs="+", metavar="LAYOUT")
    return parser


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


def options_of(place):
    return place.options.split()


def command_of(args, place):
    return [args.mountrun, place.plan, *options_of(place)]


def main(args, test):
    """Calls test(args, stage, tally) for each layout, in processes that enter a namespace."""
    passed = failed = 0
    for layout in args.layouts:
        tally = Tally(os.path.basename(layout), args.verbose)
        sys.stdout.flush()
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            scene = SCENES.get(tally.name) or stage.scene_in(layout)
            place = stage.Stage(layout, args.mountc, args.sysinject, scene)
            try:
                test(args, place, tally)
            finally:
                place.close()
            print(f"{tally.name}: {tally.passed} passed, {tally.failed} failed", flush=True)
            os.write(writable, f"{tally.passed} {tally.failed}".encode())
            os._exit(0)
        os.close(writable)
        counts = os.read(readable, 64).split()
        os.close(readable)
        os.waitpid(child, 0)
        if len(counts) != 2:
            print(f"FAIL {tally.name}: the test itself ended early")
            counts = (0, 1)
        passed += int(counts[0])
        failed += int(counts[1])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
