#!/usr/bin/python3
"""Runs a command in a private mount namespace and prints how often a program that watches mountinfo
there is woken by it."""

import select
import subprocess
import sys

PRIVATE = ["unshare", "--mount", "--propagation", "private"]


def watch(command):
    with open("/proc/self/mountinfo", "rb") as mountinfo:
        mountinfo.read()
        poll = select.poll()
        poll.register(mountinfo, select.POLLPRI)
        process, woken = subprocess.Popen(command), 0
        while process.poll() is None or poll.poll(0):
            if poll.poll(100):
                woken += 1
                mountinfo.seek(0)
                mountinfo.read()
    print(f"status {process.returncode}, woken {woken} times")


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        watch(sys.argv[2:])
    else:
        sys.exit(subprocess.call([*PRIVATE, sys.executable, __file__, "--inside", *sys.argv[1:]]))
