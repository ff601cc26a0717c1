#!/usr/bin/python3
"""PID 1's work inside the VM: runs the commands of work.json, and prints a line of JSON for each.

The test drivers are imported once and forked: on an emulated processor that is what costs most.
What has not ended MOUNTC_SECONDS after the kernel's start is skipped: the host's time is limited,
and it has other guests. MOUNTC_FIRST is the number of the test to begin with: each guest begins with
another one, so that together they skip least.
"""

import json
import os
import re
import runpy
import shlex
import shutil
import signal
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
TEST = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TEST, "run"), os.path.join(TEST, "property")]
_DRIVER = re.compile(r"^\S*python\S* (?P<script>\S+\.py) (?P<rest>[^|<>;&]*?)(?: 2>&1)?$")

import apply  # noqa: E402,F401 - loaded before the forks
import features  # noqa: E402

END = float(os.environ.get("MOUNTC_SECONDS", "inf"))  # of the clock that starts with the kernel


class OutOfTime(Exception):
    """At END nothing is begun any more, and what runs is killed."""


def driver(match):
    """A Python driver in this process, which was forked for it."""
    script = match["script"]
    sys.argv = [script, *shlex.split(match["rest"])]
    try:
        if os.path.basename(script) == "apply.py":
            return apply.main()
        runpy.run_path(script, run_name="__main__")
        return 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)


def run(line, limit, errors_too):
    """(exit status, what it printed) of a line of shell."""
    path = "/tmp/output"
    end = time.monotonic() + limit
    if time.monotonic() > END:
        raise OutOfTime
    child = os.fork()
    if child == 0:
        status = 70
        try:
            os.setpgid(0, 0)
            output = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output if errors_too or "2>&1" in line else os.open("/dev/null", os.O_WRONLY), 2)
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            match = _DRIVER.match(line)
            if not match:
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it
                os.execv("/bin/sh", ["sh", "-c", f"exec 3>&-; {line}"])
            status = driver(match)
            sys.stdout.flush()
        except BaseException as error:  # the child must never return into the loop
            os.write(1, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status & 0xff)
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid or time.monotonic() > min(end, END):
            break
        time.sleep(0.01)
    if not pid:
        os.killpg(child, 9)
        os.waitpid(child, 0)
        if time.monotonic() > END:
            raise OutOfTime
        status = 124 << 8
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return os.waitstatus_to_exitcode(status), file.read()


def say(**what):
    os.write(1, ("@" + json.dumps(what) + "\n").encode())


def run_test(test, limit):
    outputs = []
    for command, checked in zip(test["commands"], test["checked"]):
        status, output = run(command, limit, not checked)
        outputs.append([status, output])
        if status and not checked:
            break
    return {"outputs": outputs}


def run_suite(command):
    status, output = run(shlex.join(command), END, True)
    return {"status": status, "output": output}


def tell(have, kind, name, requires, work, *rest):
    missing = [word for word in requires if word not in have]
    if missing:
        return say(test=name, missing=missing)
    began = time.monotonic()
    try:
        done = work(*rest)
    except OutOfTime:
        return say(test=name, missing=["time"])
    return say(**{kind: name}, **done, seconds=round(time.monotonic() - began, 2))


def main():
    with open(os.path.join(HERE, "work.json"), encoding="utf-8") as file:
        work = json.load(file)
    have = {"root", *(["mkfs-erofs"] if shutil.which("mkfs.erofs") else [])}
    have |= features.of_kernel(work["mountc"], os.path.join(TEST, "../runtime/features.def"))
    say(kernel=os.uname().release, features=sorted(have))
    for name, (requires, command) in work["suites"].items():
        tell(have, "suite", name, requires, run_suite, command)
    first = int(os.environ.get("MOUNTC_FIRST", 0))
    for test in work["tests"][first:] + work["tests"][:first]:
        tell(have, "test", test["name"], test["requires"], run_test, test, work["limit"])
    say(done=True)


if __name__ == "__main__":
    main()
