#!/usr/bin/python3
"""Checks layouts of 100,000 statements of each kind: none takes long, and none ends the compiler.

    large.py --build build

A check takes about a second. The limit is generous, and yet none of those that take the square of
their size keeps to it: a second for 1000 statements would be hours for all.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile

from kinds import KINDS

SECONDS = 60  # of processor time, and under sanitizers, too


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))


def check(mountc, directory, text):
    path = os.path.join(directory, "large.mnt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run([mountc, "check", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, preexec_fn=limit)
    return done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--times", action="store_true", help="print what each took")
    args = parser.parse_args()
    mountc = os.path.join(os.path.abspath(args.build), "mountc")
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "one.part"), "w", encoding="utf-8") as file:
            file.write("mount /m tmpfs;\n")
        for name, (text, expected) in KINDS.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            status, output = check(mountc, directory, text)
            if args.times:
                took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
                print(f"{took:6.2f} s  {name}", flush=True)
            if status != expected:
                failed += 1
                print(f"{name}: status {status}, not {expected}:\n{output[-2000:]}")
    print(f"{len(KINDS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
