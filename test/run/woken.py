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
        while True:
            has_ended = process.poll() is not None
            # To ask is to be told: the kernel says it once (fs/proc_namespace.c mounts_poll()).
            if poll.poll(0 if has_ended else 100):
                woken += 1
                mountinfo.seek(0)
                mountinfo.read()
            elif has_ended:
                break
    print(f"status {process.returncode}, woken {woken} times")


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        watch(sys.argv[2:])
    else:
        sys.exit(subprocess.call([*PRIVATE, sys.executable, __file__, "--inside", *sys.argv[1:]]))
