#!/usr/bin/python3
"""Random layouts, applied to the running kernel and read back: what is declared is what is there.

    run_property.py                          300 seeds
    run_property.py --seed 17 --show         one seed: its layout, and the result
    run_property.py --engine reference       the harness's own implementation instead of mountc

Fails when a seed fails, or when, of at least 300 seeds, a hard case came up in fewer than 20.
Needs root (CAP_SYS_ADMIN) and makes everything in private mount namespaces.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections import Counter

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "run")]

import features  # noqa: E402
import world  # noqa: E402
from cases import CASES, cases_of  # noqa: E402
from generate import NAMESPACES, generate  # noqa: E402
from namespaces import stay_on_one_processor  # noqa: E402
from render import render  # noqa: E402
from seeds import Options, run_seed  # noqa: E402

CASE_MIN = 20
SEEDS_MIN = 300


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=SEEDS_MIN)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--show", action="store_true", help="print the layouts")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", metavar="DIR", help="keep the layouts of failing seeds here")
    parser.add_argument("--engine", default="alternate",
                        choices=("mountc", "mountrun", "alternate", "reference"))
    parser.add_argument("--mountc", default=os.environ.get("MOUNTC", ROOT + "/build/mountc"))
    parser.add_argument("--mountrun", default=os.environ.get("MOUNTRUN", ROOT + "/build/mountrun"))
    parser.add_argument("--without", action="append", default=[], help="leave a feature out",
                        choices=("hidden", "over", "dot", "clone", "rclone", "covered"))
    parser.add_argument("--failures-max", type=int, default=20, help="stop after as many")
    return parser.parse_args()


_options = None


def start_worker(options):
    global _options
    _options = options
    stay_on_one_processor(multiprocessing.current_process()._identity[0])
    world.make(NAMESPACES)


def work(seed):
    layout, differences = run_seed(seed, _options)
    return seed, differences, cases_of(layout)


def keep(args, seed, text):
    if args.keep:
        os.makedirs(args.keep, exist_ok=True)
        with open(os.path.join(args.keep, f"seed-{seed}.mnt"), "w", encoding="utf-8") as file:
            file.write(text)


def report_cases(counts, seeds):
    """Prints how often each case came up; gives those that came up too rarely."""
    rare = [name for name in CASES if counts[name] < CASE_MIN] if seeds >= SEEDS_MIN else []
    for name in CASES:
        print(f"{counts[name]:5}  {name}" + ("   too rare" if name in rare else ""))
    return rare


def main():
    args = arguments()
    sys.stdout.reconfigure(errors="backslashreplace")
    if not features.runs_detached(args.mountc) and args.engine != "reference":
        args.without.append("covered")
    options = Options(os.path.abspath(args.mountc), os.path.abspath(args.mountrun), args.engine,
                      args.without)
    seeds = [args.seed] if args.seed is not None else range(args.first, args.first + args.seeds)
    counts, failed, done, start = Counter(), [], 0, time.monotonic()
    with multiprocessing.get_context("fork").Pool(
            min(args.jobs, len(seeds)), start_worker, (options,)) as pool:
        for seed, differences, cases in pool.imap_unordered(work, seeds, 4):
            done += 1
            counts.update(cases)
            text = render(generate(seed, args.without), args.without)
            if args.show:
                print(text)
            if differences:
                failed.append(seed)
                keep(args, seed, text)
                print(f"seed {seed}:\n  " + differences.replace("\n", "\n  "), flush=True)
                if len(failed) >= args.failures_max:
                    print("too many failures: stopped")
                    break
    rare = report_cases(counts, done) if args.seed is None else []
    print(f"{done} seeds in {time.monotonic() - start:.1f} s"
          + (f"; failing: {' '.join(map(str, sorted(failed)))}" if failed else "")
          + (f"; too rare: {', '.join(rare)}" if rare else ""))
    # A seed that was not reached has not passed, and a case that is too rare is a failure.
    failures = len(seeds) - done + len(failed) + len(rare)
    print(f"{done - len(failed)} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
