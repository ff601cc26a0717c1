"""Boots a kernel with an initramfs in qemu, and gives what its guest.py says."""

import json
import os
import shutil
import subprocess

from packages import Unavailable

# /dev/kvm may be there and not work (nested machines): it is used when it is asked for.
ACCELERATOR = os.environ.get("MOUNTC_VM_ACCEL", "tcg")


def boot(kernel, initramfs, timeout, console=None):
    """The decoded lines; `console` is a file for all that the guest prints."""
    qemu = shutil.which("qemu-system-x86_64")
    if not qemu:
        raise Unavailable("qemu-system-x86_64 is not installed")
    command = [qemu, "-nodefaults", "-no-user-config", "-machine", "q35", "-accel", ACCELERATOR,
               "-cpu", "max" if ACCELERATOR == "tcg" else "host", "-m", "640M", "-smp", "1",
               "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", kernel,
               "-initrd", initramfs, "-append", "console=ttyS0 panic=-1 quiet loglevel=3"]
    said, tail = [], []
    with subprocess.Popen(["timeout", "-k", "5", str(timeout), *command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        for raw in process.stdout:
            line = raw.decode(errors="replace").rstrip("\r\n")
            if console:
                console.write(line + "\n")
            if line.startswith("@{"):
                said.append(json.loads(line[1:]))
            else:
                tail = [*tail[-30:], line]
    if not said or "done" not in said[-1]:
        said.append({"broken": "\n".join(tail)})
    return said
