"""What the guests have said, judged by FileCheck, and the table of it."""

import os
import re
import shlex
import subprocess
import sys

_TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(_TOP, "test", "run"))
import features  # noqa: E402


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
    """Of one kernel. `counts`: the name of a column -> [passed, failed]."""

    def __init__(self, release):
        self.release = self.version = release
        self.counts, self.failures, self.skipped, self.seconds = {}, [], [], 0

    def count(self, column, passed, failed=0):
        old = self.counts.get(column, [0, 0])
        self.counts[column] = [old[0] + passed, old[1] + failed]

    def fail(self, column, name, wrong):
        self.count(column, 0, 1)
        self.failures.append((name, wrong))

    def take(self, said, tests, filecheck):
        by_name = {test.name: test for test in tests}
        for line in said:
            if "kernel" in line:
                self.version = line["kernel"]
                self.take_features(line["features"])
            elif "missing" in line:
                self.skipped.append((line["test"], ", ".join(line["missing"])))
            elif "outputs" in line:
                column = "examples" if line["test"].startswith("example-") else "run tests"
                wrong = judge(by_name.pop(line["test"]), line["outputs"], filecheck)
                if wrong:
                    self.fail(column, line["test"], wrong)
                else:
                    self.count(column, 1)
            elif "suite" in line:
                self.take_suite(line)
            elif "broken" in line:
                self.fail("run tests", "boot", line["broken"])

    def take_features(self, found):
        """A probe that finds too little would have tests skipped, and nothing fail."""
        major, minor = map(int, re.match(r"(\d+)\.(\d+)", self.version).groups())
        table = features.since(os.path.join(_TOP, "runtime", "features.def"))
        missed = [word for word, since in table.items()
                  if since <= major * 100 + minor and word not in found]
        if missed:
            self.fail("run tests", "features", f"not found: {', '.join(missed)}")

    def take_suite(self, line):
        counts = re.findall(r"^(\d+) passed, (\d+) failed", line["output"], re.MULTILINE)
        passed, failed = map(int, counts[-1]) if counts else (0, 1)
        failed = max(failed, int(line["status"] != 0))
        self.count(line["suite"], passed, failed)
        if failed:
            self.failures.append((line["suite"], line["output"]))


def print_table(results, columns):
    print("| kernel | " + " | ".join(columns) + " | skipped | seconds |")
    print("| --- |" + " ---: |" * (len(columns) + 2))
    for r in results:
        cells = [f"{passed} of {passed + failed}" if passed + failed else "-"
                 for passed, failed in (r.counts.get(c, (0, 0)) for c in columns)]
        print(f"| {r.version} | {' | '.join(cells)} | {len(r.skipped)} | {r.seconds:.0f} |")
