#!/usr/bin/python3
"""Runs the run tests and the random layouts on other kernels, in qemu, and prints a table.

    run_vm.py --build build                       6.1, 6.12 and 6.18, and busybox init on each
    run_vm.py --build build --all                 the whole matrix: 7.x, initramfs generators, ...
    run_vm.py --build build --kernels 6.1 7       others; `7` is the newest 7.x
    run_vm.py --build build --filter REGEX        only these tests of test/run
    run_vm.py --build build --filter ^$ --boots dracut   no tests, only these of boots.py
    run_vm.py --build build --budget 400          what does not fit in as many seconds is skipped

The guest runs the commands of the lit files; FileCheck runs here, on what it prints. With a budget
all kernels run at once, downloads count, and there are fewer seeds, as a machine of CI may be slow.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import boot
import contents
from boots import BOOTS, MEASURED
from kernels import fetch, modules_beside
from packages import Unavailable
from results import Result, print_table

KERNELS = ("6.1", "6.12", "6.18")
EVERY_KERNEL = (*KERNELS, "7")
BOOTED = ("busybox init",)
SEEDS, FEW_SEEDS = 20, 4  # an emulated processor is slow
MODULES = ("overlay", "erofs")
TEST_SECONDS, BOOT_SECONDS = 150, 1500


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--kernels", nargs="+")
    parser.add_argument("--boots", nargs="*", choices=[*BOOTS, *MEASURED])
    parser.add_argument("--filter", default="", type=re.compile)
    parser.add_argument("--seeds", type=int)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--seconds", type=int, default=BOOT_SECONDS, help="for a kernel's tests")
    parser.add_argument("--budget", type=int, metavar="SECONDS", help="for all of it")
    parser.add_argument("--console", metavar="DIR", help="keep what the guests print here")
    parser.add_argument("--filecheck", default="/usr/lib/llvm-19/bin/FileCheck")
    args = parser.parse_args()
    args.build = os.path.abspath(args.build)
    args.kernels = args.kernels or (EVERY_KERNEL if args.all else KERNELS)
    args.boots = (BOOTS if args.all else BOOTED) if args.boots is None else args.boots
    if args.seeds is None:
        args.seeds = FEW_SEEDS if args.budget else SEEDS
    args.jobs = args.jobs or (len(args.kernels) if args.budget else 2)
    args.end = time.monotonic() + (args.budget or float("inf"))
    boot.PATIENCE = args.budget or boot.PATIENCE
    return args


def left(args):
    seconds = min(args.seconds, args.end - time.monotonic())
    if seconds < 0:
        raise Unavailable("time")
    return seconds


def suites(args):
    if not args.seeds:
        return {}
    return {"random layouts": [["root"], [contents.BIN + "/python3", "-u",
                               f"{contents.GUEST}/test/property/run_property.py", "--jobs", "1",
                               "--mountc", contents.BIN + "/mountc",
                               "--mountrun", contents.BIN + "/mountrun",
                               "--seeds", str(args.seeds)]],
            # The model of this kernel, on what it answers.
            "model": [["root"], [contents.BIN + "/differential", "--sequences",
                                 str(args.seeds * 5)]]}


def run_tests(result, image, args, initramfs, tests):
    contents.write_modules(initramfs, modules_beside(image, MODULES))
    console = None
    if args.console:
        os.makedirs(args.console, exist_ok=True)
        console = open(os.path.join(args.console, result.version), "w", encoding="utf-8")
    first = args.kernels.index(result.release) * len(tests) // len(args.kernels)
    result.take(boot.boot(image, initramfs, left(args), first, console), tests, args.filecheck)


def run_boots(result, image, args, scratch):
    for name in args.boots:
        own = os.path.join(scratch, name.replace(" ", "-"))
        os.makedirs(own)
        try:
            left(args)
            wrong = (BOOTS | MEASURED)[name](image, args.build, own)
        except Unavailable as missing:
            result.skipped.append((name, str(missing)))
            continue
        if wrong:
            result.fail(name, name, wrong)
        else:
            result.count(name, 1)


def run_kernel(release, args, initramfs, tests):
    result = Result(release)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            image, result.version = fetch(release)
            own = shutil.copyfile(initramfs, scratch + "/initramfs")
            run_boots(result, image, args, scratch)
            if tests:
                run_tests(result, image, args, own, tests)
        except Unavailable as missing:
            result.skipped.append(("all tests", str(missing)))
    result.seconds = time.monotonic() - began
    print(f"Linux {result.version}: {len(result.failures)} failures, {result.seconds:.0f} s",
          flush=True)
    return result


def main():
    args = arguments()
    sys.stdout.reconfigure(errors="backslashreplace")
    tests = contents.run_tests(args.filter)
    with tempfile.TemporaryDirectory() as scratch:
        initramfs = os.path.join(scratch, "initramfs")
        contents.write(initramfs, args.build, tests, suites(args), TEST_SECONDS)
        with ThreadPoolExecutor(args.jobs) as pool:
            results = list(pool.map(lambda k: run_kernel(k, args, initramfs, tests), args.kernels))
    for r in results:
        for name, wrong in r.failures:
            print(f"FAIL: Linux {r.version}: {name}\n{wrong}")
    for r in results:
        late = [name for name, missing in r.skipped if missing == "time"]
        for name, missing in r.skipped:
            if missing != "time":
                print(f"skipped: Linux {r.version}: {name}: {missing}")
        if late:
            print(f"skipped: Linux {r.version}: no time for {', '.join(late)}")
    print_table(results, ["run tests", "examples", "random layouts", "model", *args.boots])
    totals = [sum(counts) for counts in zip(*(c for r in results for c in r.counts.values()))]
    passed, failed = totals or (0, 0)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
