"""What the running kernel has of runtime/features.def and of filesystems, as words for lit."""

import ctypes
import os
import re
import subprocess
import sys

# The way for other kernels can be tried on this one: a test harness's switch.
TARGET = [f"--target-kernel={k}" for k in [os.environ.get("MOUNTC_TEST_KERNEL")] if k]
_SYS_FSOPEN = 430
_FILESYSTEMS = ("erofs", "overlay")


def _has(mountc, feature):
    # A dry run of a plan without a step probes what its header asks for.
    text = f"mountc-plan 1\nfeatures {feature}\nslots 0\n"
    plan = subprocess.run([mountc, "asm", "-", "-o", "-"], input=text.encode(), capture_output=True,
                          check=False)
    run = subprocess.run([mountc, "run", "--dry-run", "-"], input=plan.stdout, capture_output=True,
                         check=False)
    return plan.returncode == 0 and run.returncode == 0


def runs_detached(mountc):
    """Are trees assembled detached: can they be, and is nothing else asked for?"""
    return not TARGET and _has(mountc, "nested_detached")


def _knows(filesystem):
    """Has the kernel the type, perhaps by loading its module?"""
    context = ctypes.CDLL(None).syscall(_SYS_FSOPEN, filesystem.encode(), 0)
    if context >= 0:
        os.close(context)
    return context >= 0


def _target():
    """The kernel that is tried, as the table counts: 6.1 is 601. The running one is the newest."""
    numbers = re.search(r"(\d+)\.(\d+)$", TARGET[0]) if TARGET else None
    return int(numbers[1]) * 100 + int(numbers[2]) if numbers else sys.maxsize


def since(table):
    """The word of each feature and the first release that has it: 6.1 is 601."""
    with open(table, encoding="utf-8") as file:
        rows = re.findall(r"^FEATURE\(\d+, (\w+), +(\d+)", file.read(), re.MULTILINE)
    return {"kernel-" + name.replace("_", "-"): int(version) for name, version in rows}


def of_kernel(mountc, table):
    found = {word for word, version in since(table).items()
             if version <= _target() and
             _has(mountc, word.removeprefix("kernel-").replace("-", "_"))}
    return found | {"filesystem-" + name for name in _FILESYSTEMS if _knows(name)}
