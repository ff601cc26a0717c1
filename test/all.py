#!/usr/bin/python3
"""Runs the suites of tests and adds up what they say; the last line is `N passed, N failed`.

    all.py --build build                every suite
    all.py --build build unit golden    these only

A suite is a command. What it ran is read from what its own runner prints; a suite that ends with
an error, or of which nothing can be read, counts as one failure more. A test that the kernel
lacks something for is printed (`skipped: NAME: FEATURE`) and never counted as passed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
LIT = "/usr/lib/llvm-19/build/utils/lit/lit.py"


def suites(build):
    python = sys.executable
    here = lambda *path: os.path.join(HERE, *path)
    lit = lambda name, *options: [python, LIT, "-v", os.path.join(build, "test"), "--output",
                                  os.path.join(build, f"{name}.json"), *options]
    older = ["env", "MOUNTC_TEST_KERNEL=6.1"]  # what kernels before 6.15 take, on this one
    newer = ["env", "MOUNTC_TEST_KERNEL=6.18"]  # no other way to fall back to
    return {
        "unit": [os.path.join(build, "unit_tests"), "--gtest_brief=1"],
        "golden": lit("golden"),
        "canonicaliser": [python, here("property", "self_check.py")],
        "random layouts": [python, here("property", "run_property.py")],
        "random layouts, older way": [*older, python, here("property", "run_property.py")],
        "run tests, older way": [*older, *lit("older", "--filter=run/")],
        "model and kernel": [os.path.join(build, "test", "kernel", "differential")],
        "propagation blow-up": [os.path.join(build, "test", "kernel", "blow_up")],
        "captured namespaces": [python, here("capture", "round_trip.py")],
        "mutants of plans": [python, here("kernel", "mutation_check.py"), "--every", "8"],
        "running namespaces": [python, here("capture", "live.py")],
        "plans and their layouts": [python, here("capture", "plans.py")],
        "named topologies": [python, here("capture", "topologies.py")],
        "kill at each system call": [python, here("run", "kill_each.py"), "--all"],
        "signal at each system call": [python, here("run", "signal_each.py"), "--all"],
        "remove and replace, killed and failed": [python, here("run", "back_faults.py"), build],
        "fail each system call": [*newer, python, here("run", "fail_each.py"), "--all"],
        # Emulated processors: so that they do not take more of the machine's time than this.
        "other kernels": [python, here("vm", "run_vm.py"), "--build", build, "--budget", "400"],
        "arm64": [python, here("vm", "arm64.py"), "--build", build],
        "init systems": [python, here("integration", "inits.py"), "--build", build],
        "large layouts": [python, here("large", "large.py"), "--build", build],
        "fuzzing": [python, here("fuzz", "run.py"), "--build", build],
        "counts": [python, os.path.join(HERE, "..", "bench", "counts.py")],
    }


def read_counts(output):
    """(passed, failed) as the runner's own summary says, or None."""
    plain = re.findall(r"^(\d+) passed, (\d+) failed", output, re.MULTILINE)
    if plain:
        return tuple(map(int, plain[-1]))
    lit = {name: int(count) for name, count in
           re.findall(r"^\s+(Passed|Failed|Unresolved|Timed Out)\s*:\s+(\d+)", output,
                       re.MULTILINE)}
    if lit:
        return lit.pop("Passed", 0), sum(lit.values())
    ran = re.search(r"^\[==========\] (\d+) tests? from .* ran", output, re.MULTILINE)
    if ran:
        failed = re.search(r"^ ?(\d+) FAILED TESTS?", output, re.MULTILINE)
        failures = int(failed[1]) if failed else 0
        return int(ran[1]) - failures, failures
    return None


def skipped_by_lit(results):
    if not os.path.exists(results):
        return []
    with open(results, encoding="utf-8") as file:
        tests = json.load(file)["tests"]
    return [f"skipped: {test['name'].split()[-1]}: {test['output'].split(': ')[-1].strip()}"
            for test in tests if test["code"] == "UNSUPPORTED"]


def run(name, command):
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")
    passed, failed = read_counts(done.stdout) or (0, 1)
    if done.returncode != 0 and failed == 0:
        failed = 1
    if failed:
        print(done.stdout)
    skipped = re.findall(r"^skipped: .*$", done.stdout, re.MULTILINE)
    if "--output" in command:
        skipped += skipped_by_lit(command[command.index("--output") + 1])
    print(f"{name}: {passed} passed, {failed} failed ({time.monotonic() - started:.0f} s)",
          flush=True)
    return passed, failed, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("suites", nargs="*")
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    os.environ["MOUNTC"] = os.path.join(build, "mountc")
    os.environ["MOUNTRUN"] = os.path.join(build, "mountrun")
    os.environ["MOUNTC_BUILD"] = build
    known = suites(build)
    results = [run(name, known[name]) for name in args.suites or known]
    for _, _, skipped in results:
        for line in skipped:
            print(line)
    passed, failed = sum(r[0] for r in results), sum(r[1] for r in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
