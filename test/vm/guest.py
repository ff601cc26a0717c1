#!/usr/bin/python3
"""PID 1's work inside the VM: runs the commands of work.json, and prints a line of JSON for each.

The test drivers are imported once and forked: on an emulated processor that is what costs most.
"""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
TEST = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TEST, "run"), os.path.join(TEST, "property")]
_DRIVER = re.compile(r"^\S*python\S* (?P<script>\S+\.py) (?P<rest>[^|<>;&]*?)(?: 2>&1)?$")

import apply  # noqa: E402,F401 - loaded before the forks
import features  # noqa: E402


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
    child = os.fork()
    if child == 0:
        status = 70
        try:
            output = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output if errors_too or "2>&1" in line else os.open("/dev/null", os.O_WRONLY), 2)
            os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
            match = _DRIVER.match(line)
            if not match:
                os.setpgid(0, 0)
                os.execv("/bin/sh", ["sh", "-c", f"exec 3>&-; {line}"])
            status = driver(match)
            sys.stdout.flush()
        except BaseException as error:  # the child must never return into the loop
            os.write(1, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status & 0xff)
    end = time.monotonic() + limit
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid or time.monotonic() > end:
            break
        time.sleep(0.01)
    if not pid:
        os.kill(child, 9)
        os.waitpid(child, 0)
        status = 124 << 8
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return os.waitstatus_to_exitcode(status), file.read()


def say(**what):
    os.write(1, ("@" + json.dumps(what) + "\n").encode())


def main():
    with open(os.path.join(HERE, "work.json"), encoding="utf-8") as file:
        work = json.load(file)
    have = {"root", *(["mkfs-erofs"] if shutil.which("mkfs.erofs") else [])}
    have |= features.of_kernel(work["mountc"], os.path.join(TEST, "../runtime/features.def"))
    say(kernel=os.uname().release, features=sorted(have))
    for test in work["tests"]:
        missing = [word for word in test["requires"] if word not in have]
        if missing:
            say(test=test["name"], missing=missing)
            continue
        outputs = []
        began = time.monotonic()
        for command, checked in zip(test["commands"], test["checked"]):
            status, output = run(command, work["limit"], not checked)
            outputs.append([status, output])
            if status and not checked:
                break
        say(test=test["name"], outputs=outputs, seconds=round(time.monotonic() - began, 2))
    for name, (requires, command) in work["suites"].items():
        missing = [word for word in requires if word not in have]
        if missing:
            say(test=name, missing=missing)
            continue
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False)
        say(suite=name, status=done.returncode, output=done.stdout,
            seconds=round(time.monotonic() - began, 2))
    say(done=True)


if __name__ == "__main__":
    main()
