#!/usr/bin/python3
"""Runs the run tests and the random layouts on other kernels, in qemu, and prints a table.

    run_vm.py --build build                       6.1, 6.12 and 6.18
    run_vm.py --build build --kernels 6.1 7       others; `7` is the newest 7.x
    run_vm.py --build build --filter REGEX        only these tests of test/run

The guest runs the commands of the lit files; FileCheck runs here, on what it prints.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import contents
from boot import boot
from kernels import fetch, modules_beside
from packages import Unavailable

DEFAULT = ("6.1", "6.12", "6.18")
SEEDS = 20  # an emulated processor is slow
MODULES = ("overlay", "erofs")
TEST_SECONDS, BOOT_SECONDS = 60, 450


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--kernels", nargs="+", default=DEFAULT)
    parser.add_argument("--filter", default="", type=re.compile)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--console", metavar="DIR", help="keep what the guests print here")
    parser.add_argument("--filecheck", default="/usr/lib/llvm-19/bin/FileCheck")
    return parser.parse_args()


def suites(args):
    if not args.seeds:
        return {}
    return {"random layouts": [["root"], [contents.BIN + "/python3", "-u",
                               f"{contents.GUEST}/test/property/run_property.py", "--jobs", "1",
                               "--mountc", contents.BIN + "/mountc",
                               "--mountrun", contents.BIN + "/mountrun",
                               "--seeds", str(args.seeds)]]}


def judge(test, outputs, filecheck):
    """None when the test passed, else what is wrong."""
    for command, (status, output) in zip(test.commands, outputs):
        if command.check is None:
            if status:
                return f"$ {command.guest}\n{output}exit status {status}"
            continue
        check, _, more = command.check.partition("|")
        done = subprocess.run([filecheck, *shlex.split(check)], input=output, text=True,
                              errors="surrogateescape", capture_output=True, check=False)
        # lit's shell lets a pipe fail with any of its commands.
        if done.returncode or status or more:
            return f"$ {command.guest}\n{output}exit status {status}\n{done.stderr}"
    return None if len(outputs) == len(test.commands) else "not all commands were run"


class Result:
    def __init__(self, release):
        self.release, self.version = release, release
        self.passed, self.failures, self.skipped = 0, [], []
        self.suites, self.seconds = {}, 0

    def take(self, said, tests, filecheck):
        by_name = {test.name: test for test in tests}
        for line in said:
            if "kernel" in line:
                self.version = line["kernel"]
            elif "missing" in line:
                self.skipped.append((line["test"], ", ".join(line["missing"])))
            elif "outputs" in line:
                wrong = judge(by_name.pop(line["test"]), line["outputs"], filecheck)
                self.passed += wrong is None
                if wrong:
                    self.failures.append((line["test"], wrong))
            elif "suite" in line:
                self.take_suite(line)
            elif "broken" in line:
                self.failures.append(("boot", line["broken"]))

    def take_suite(self, line):
        counts = re.findall(r"^(\d+) passed, (\d+) failed", line["output"], re.MULTILINE)
        passed, failed = map(int, counts[-1]) if counts else (0, 1)
        self.passed += passed
        self.suites[line["suite"]] = f"{passed} of {passed + failed}"
        if failed or line["status"]:
            self.failures.append((line["suite"], line["output"]))


def run_kernel(release, args, initramfs, tests):
    result = Result(release)
    try:
        image, result.version = fetch(release)
        own = f"{initramfs}-{release}"
        shutil.copyfile(initramfs, own)
        contents.write_modules(own, modules_beside(image, MODULES))
        began = time.monotonic()
        console = None
        if args.console:
            os.makedirs(args.console, exist_ok=True)
            console = open(os.path.join(args.console, release), "w", encoding="utf-8")
        said = boot(image, own, BOOT_SECONDS, console)
        result.seconds = time.monotonic() - began
        result.take(said, tests, args.filecheck)
    except Unavailable as missing:
        result.skipped.append(("all tests", str(missing)))
    return result


def print_table(results):
    print("| kernel | run tests | skipped | random layouts | seconds |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for r in results:
        random = r.suites.get("random layouts", "-")
        of_suites = sum(int(s.split()[0]) for s in r.suites.values() if s != "-")
        bad = sum(name not in r.suites for name, _ in r.failures)
        run = r.passed - of_suites
        print(f"| {r.version} | {run} of {run + bad} | {len(r.skipped)} | {random} "
              f"| {r.seconds:.0f} |")


def main():
    args = arguments()
    sys.stdout.reconfigure(errors="backslashreplace")
    tests = contents.run_tests(args.filter)
    with tempfile.TemporaryDirectory() as scratch:
        initramfs = os.path.join(scratch, "initramfs")
        contents.write(initramfs, os.path.abspath(args.build), tests, suites(args), TEST_SECONDS)
        with ThreadPoolExecutor(args.jobs) as pool:
            results = list(pool.map(lambda k: run_kernel(k, args, initramfs, tests), args.kernels))
    for r in results:
        for name, wrong in r.failures:
            print(f"FAIL: Linux {r.version}: {name}\n{wrong}")
    for r in results:
        for name, missing in r.skipped:
            print(f"skipped: Linux {r.version}: {name}: {missing}")
    print_table(results)
    passed, failed = sum(r.passed for r in results), sum(len(r.failures) for r in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
