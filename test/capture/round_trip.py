#!/usr/bin/python3
"""Random sets of namespaces, captured, compiled, run, read back, and compared.

    round_trip.py [--seeds 500] [--first 0] [--keep]     `N passed, N failed` is the last line

The comparison is that of test/run/canonical.py, which knows nothing of mountc. A failing seed
prints its calls and the layout.
"""

import argparse
import os
import subprocess
import sys

import recorded
import sets

MOUNTC = os.environ.get("MOUNTC", "mountc")


def run(arguments, text):
    done = subprocess.run([MOUNTC, *arguments], input=text, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def trip(recording):
    """(what is wrong or None, the layout)"""
    status, layout, errors = run(["capture", "--mountinfo", "-", "--stand-in", "tmpfs"], recording)
    if status != 0:
        return f"capture: {status}\n{errors.decode()}", b""
    status, found, errors = run(["try", "-", "--mountinfo"], layout)
    if status != 0:
        return f"try: {status}\n{errors.decode()}", layout
    wrong = "\n".join(recorded.differences(recording, found))
    return wrong and wrong + "\n" + found.decode(), layout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="go on after a failure")
    args = parser.parse_args()
    passed = failed = 0
    for seed in range(args.first, args.first + args.seeds):
        made = sets.readable(seed)
        try:
            recording = made.recording()
        finally:
            made.end()
        wrong, layout = trip(recording)
        if wrong is None or wrong == "":
            passed += 1
            continue
        failed += 1
        print(f"seed {seed}:\n" + "\n".join(made.log) + "\n" + recording.decode() +
              layout.decode() + wrong)
        if not args.keep:
            break
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
