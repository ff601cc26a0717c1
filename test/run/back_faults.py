#!/usr/bin/python3
"""back_faults.py BUILD [--watch]: --remove and --replace are killed before and after each of
their system calls, each of these fails once, and SIGTERM comes at each; in between somebody looks
all the time.

Of a replacement, each target shows the whole old tree or the whole new one at each of these
moments. Of a removal, it shows the whole tree or none; so it does of a replacement with --allow-gap
of mounts that are stacked, whose lower ones do not count. What ends with status 4 has changed
nothing. From the first change on SIGTERM waits until all is done. Under a private and under a
shared mount. With --watch, only somebody looks.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading

import mountinfo
import syscalls
from namespaces import in_child

TREES = {"/mnt/t": ["/mnt/t", "/mnt/t/in"], "/mnt/u": ["/mnt/u"]}
OLD = "/mnt/u/old"
STRIDE = 10  # of the calls before the first visible change, one in so many meets a signal
BUILD = os.path.abspath(sys.argv[1])
MOUNTRUN, SYSINJECT = BUILD + "/mountrun", BUILD + "/test/tools/sysinject"
INPUTS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "Inputs")
MODES = {"back": ("--remove", "--replace"),
         "back-stack": ("--remove", "--replace --allow-gap")}
PLAN = os.path.join(tempfile.gettempdir(), f"back-{os.getpid()}.plan")


def scene(shared):
    """In a namespace of its own, which ends with the process."""
    syscalls.unshare()
    subprocess.run(["sh", "-ec", "mount -t tmpfs none /mnt && mkdir /mnt/t /mnt/u"], check=True)
    syscalls.mount(None, "/mnt", None, syscalls.MS_SHARED if shared else syscalls.MS_PRIVATE)
    subprocess.run([MOUNTRUN, PLAN], check=True)
    # Numbers of mounts and devices are used again.
    with open(OLD, "w", encoding="utf-8"):
        pass


def devices():
    """(by place what is shown there, what /mnt itself shows)"""
    base = os.stat("/mnt").st_dev
    return {place: os.stat(place).st_dev if os.path.exists(place) else base
            for places in TREES.values() for place in places}, base


def half_trees(may_miss):
    """Targets that show neither a whole tree nor, where that may be, none."""
    shown, base = devices()
    wrong = []
    for target, places in TREES.items():
        there = [shown[place] != base for place in places]
        # What a stack's uppermost mount has covered has no directory for another one.
        bare = places[1:] and not os.path.exists(places[1])
        if not all(there) and not (may_miss and (bare or not any(there))):
            wrong.append(f"{target} shows {there}")
    return wrong


def run(shared, inject, option, is_held=False):
    """(status, defects) of one run under sysinject, in a namespace of its own."""
    def child():
        scene(shared)
        before = mountinfo.read()
        done = subprocess.run([SYSINJECT, *inject, "--", MOUNTRUN, PLAN, *option.split()],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        wrong = half_trees(option != "--replace")
        if inject[-1].startswith("SIG"):
            changed = mountinfo.read() != before or not os.path.exists(OLD)
            wrong += defects_of_signal(option, changed, is_held, done.returncode)
        if done.returncode == 4 and mountinfo.read() != before:
            wrong.append("status 4, and something has changed")
        return f"{done.returncode} {'; '.join(wrong)}".encode()

    status, _, defects = in_child(child).decode().partition(" ")
    return int(status), defects


def defects_of_signal(option, changed, is_held, status):
    wrong = []
    if status != 128 + 15:
        wrong.append("it has not died of the signal")
    if changed != is_held:
        wrong.append("something has changed" if changed else "nothing has changed")
    shown, base = devices()
    is_there = [device != base for device in shown.values()]
    if is_held and option == "--remove" and any(is_there):
        wrong.append("not all is removed")
    if is_held and option != "--remove" and not all(is_there):
        wrong.append("not all is replaced")
    return wrong


def first_held(listed):
    """The number of the call that holds signals back: from then on they wait until all is done."""
    return next(number for number, text in listed if text.startswith("rt_sigprocmask(0,"))


def last_beneath(listed):
    """The number of the call after which the old trees are detached: what fails before leaves all
    as it was."""
    return max((number for number, text in listed
                if re.match(r"move_mount\(.*, 0x244\)", text)), default=0)


def calls(shared, option):
    def child():
        scene(shared)
        listing = "/mnt/calls"
        subprocess.run([SYSINJECT, "-o", listing, "list", "--", MOUNTRUN, PLAN,
                        *option.split()], check=True)
        with open(listing, encoding="utf-8", errors="replace") as file:
            return "\n".join(re.findall(r"^(\d+ \w+\(.*)", file.read(), re.MULTILINE)).encode()

    return sorted((int(number), name) for number, name in
                  (line.split(" ", 1) for line in in_child(child).decode().splitlines()))


def watched(shared):
    """Replaces again and again, while somebody looks."""
    def child():
        scene(shared)
        looks, wrong, over = 0, set(), threading.Event()

        def look():
            nonlocal looks
            base = os.stat("/mnt").st_dev
            while not over.is_set():
                looks += 1
                if os.stat("/mnt/u").st_dev == base or os.stat("/mnt/t/in").st_dev == base:
                    wrong.add("a moment without a mount")

        watcher = threading.Thread(target=look)
        watcher.start()
        replaced = 0
        # On a busy machine the one who looks may have to wait for a processor.
        while replaced < 20 or (looks < 1000 and replaced < 1000):
            replaced += 1
            if subprocess.run([MOUNTRUN, PLAN, "--replace"], check=False).returncode:
                wrong.add("--replace fails")
        over.set()
        watcher.join()
        if looks < 1000:
            wrong.add(f"only {looks} looks")
        return "; ".join(wrong).encode()

    return in_child(child).decode()


def main():
    syscalls.private_namespace()
    passed = failed = 0

    def note(what, defects):
        nonlocal passed, failed
        passed, failed = passed + (not defects), failed + bool(defects)
        if defects:
            print(f"{what}: {defects}", flush=True)

    def interrupt(what, shared, option):
        listed = calls(shared, option)
        held, undone = first_held(listed), last_beneath(listed)
        for number, text in listed:
            name = text.partition("(")[0]
            if not name.startswith("exit") and (number >= held or number % STRIDE == 0):
                status, defects = run(shared, ["fail", f"{number}:{name}", "SIGTERM"], option,
                                      number >= held)
                note(f"{what}, {option}, SIGTERM at call {number} {name} ({status})", defects)
            for inject in (["kill", str(number), "before"], ["kill", str(number), "after"],
                           ["fail", str(number), "ENOMEM"]):
                status, defects = run(shared, inject, option)
                statuses = (0, 2, 3, 4) if number <= undone else (0, 2, 3, 4, 5)
                if inject[0] == "fail" and status not in statuses:
                    defects += f" status {status}"
                note(f"{what}, {option}, {' '.join(inject)} {name} ({status})", defects)

    for layout, options in MODES.items():
        subprocess.run([BUILD + "/mountc", "compile", "--target-kernel=running",
                        f"{INPUTS}/{layout}.mnt", "-o", PLAN], check=True)
        for shared in (False, True):
            what = f"{layout}, shared {shared}"
            if "--replace" in options:
                note(f"{what}, watched", watched(shared))
            for option in () if "--watch" in sys.argv else options:
                interrupt(what, shared, option)
    os.unlink(PLAN)
    print(f"{passed} passed, {failed} failed")


if __name__ == "__main__":
    main()
