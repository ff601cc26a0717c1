#!/usr/bin/python3
"""Measures what it costs that mountrun unpacks itself: whole processes that do nothing else, of the
packed and of the plain one, in turns."""

import argparse
import os
import statistics

from run import Times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.environ.get("MOUNTC_BUILD", "build"), metavar="DIR",
                        help="where both are (default: $MOUNTC_BUILD, or build)")
    parser.add_argument("--runs", type=int, default=1000, help="of each")
    args = parser.parse_args()
    commands = {name: [os.path.abspath(os.path.join(args.build, path)), "--version"]
                for name, path in (("plain", "runtime/mountrun-plain"), ("packed", "mountrun"))}
    times = {name: [] for name in commands}
    results = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for _ in range(args.runs):
        for name, command in commands.items():
            times[name].append(Times.of(command).wall)
    for name, walls in times.items():
        size = os.path.getsize(commands[name][0])
        print(f"{name:6} {size} bytes: {min(walls):.0f} us, median {statistics.median(walls):.0f}",
              file=results)


if __name__ == "__main__":
    main()
