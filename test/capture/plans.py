#!/usr/bin/python3
"""Random layouts against the plans that are made of them: nothing differs, in neither direction,
for kernels old and new; and what is changed is seen.

    plans.py [--seeds 60] [--first 0]        `N passed, N failed` is the last line
"""

import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", name) for name in ("property", "run")]

from generate import generate  # noqa: E402
from render import render  # noqa: E402

MOUNTC = os.environ.get("MOUNTC", "mountc")


def mountc(*arguments):
    done = subprocess.run([MOUNTC, *arguments], capture_output=True, text=True, errors="replace")
    return done.returncode, done.stdout + done.stderr


def trial(seed, directory):
    """What is wrong, or nothing."""
    layout, plan = os.path.join(directory, "a.mnt"), os.path.join(directory, "a.plan")
    text = render(generate(seed, []), [])
    with open(layout, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
    for kernel in ("6.1", "any"):
        status, said = mountc("compile", layout, f"--target-kernel={kernel}", "--strip", "-o", plan)
        if status == 1 and kernel == "6.1":
            continue  # what older kernels cannot do
        if status != 0:
            return f"compile: {status} {said}"
        for pair in ((layout, plan), (plan, layout)):
            status, said = mountc("diff", *pair)
            if status != 0:
                return f"{kernel}: {' '.join(pair)}: {status}\n{said}\n{text}"
    changed = os.path.join(directory, "b.mnt")
    with open(changed, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text + "\nmount /mnt/not-there tmpfs;\n")
    status, said = mountc("diff", changed, plan)
    if status != 1 or "missing (" not in said:
        return f"one more mount: {status} {said}"
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        for seed in range(args.first, args.first + args.seeds):
            wrong = trial(seed, directory)
            if wrong:
                failed += 1
                print(f"seed {seed}: {wrong}")
    print(f"{args.seeds - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
