"""A guest: a kernel in qemu, and what it prints on its serial console."""

import json
import os
import select
import shutil
import signal
import subprocess
import time

from packages import Unavailable

# /dev/kvm may be there and not work (nested machines): it is used when it is asked for.
ACCELERATOR = os.environ.get("MOUNTC_VM_ACCEL", "tcg")


def _command(kernel, initramfs, append, memory, disk):
    qemu = shutil.which("qemu-system-x86_64")
    if not qemu:
        raise Unavailable("qemu-system-x86_64 is not installed")
    line = [qemu, "-nodefaults", "-no-user-config", "-machine", "q35", "-accel", ACCELERATOR,
            "-cpu", "max" if ACCELERATOR == "tcg" else "host", "-m", memory, "-smp", "1",
            "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", kernel]
    if initramfs:
        line += ["-initrd", initramfs]
    if disk:  # nvme and ext4 are built into Debian's kernels for clouds
        line += ["-drive", f"if=none,id=disk,file={disk},format=raw", "-device",
                 "nvme,serial=disk,drive=disk"]
    # An emulated timer may be late where the host is busy: its test ends in a panic then.
    return [*line, "-append", f"console=ttyS0 quiet loglevel=3 no_timer_check {append}"]


# With -no-reboot: a panic ends qemu at once.
AT_ONCE = "panic=-1 "


# How long a boot may take, in seconds: some minutes of an idle processor, which others use, too.
PATIENCE = 900


class Guest:
    def __init__(self, kernel=None, initramfs=None, append="", memory="256M", disk=None,
                 seconds=None, line=None):
        seconds = seconds or PATIENCE
        self._end = time.monotonic() + seconds
        line = line or _command(kernel, initramfs, append, memory, disk)
        # timeout(1): a guest does not outlive a harness that is killed.
        line = ["timeout", "-k", "5", str(seconds), *line]
        self._process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.STDOUT, start_new_session=True)
        self._said = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    @property
    def said(self):
        return self._said.decode(errors="replace").replace("\r", "")

    def _read(self):
        """False at the end of the output, or of the time."""
        ready, _, _ = select.select([self._process.stdout], [], [],
                                    max(0, self._end - time.monotonic()))
        part = os.read(self._process.stdout.fileno(), 1 << 16) if ready else b""
        self._said += part
        return bool(part)

    def wait_for(self, text):
        """False when the guest ends, or the time, before it has printed `text`."""
        while text.encode() not in self._said:
            if not self._read():
                return False
        return True

    def run_for(self, seconds):
        """Takes what it prints for as long."""
        until = min(self._end, time.monotonic() + seconds)
        while select.select([self._process.stdout], [], [], max(0, until - time.monotonic()))[0]:
            part = os.read(self._process.stdout.fileno(), 1 << 16)
            if not part:
                break
            self._said += part

    def type(self, text):
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def wait(self):
        """All that was printed, when the guest has ended."""
        while self._read():
            pass
        return self.said


# What a guest may need to start, and to end, beyond the time that it has for its work.
_MARGIN = 90


def boot(kernel, initramfs, seconds, first=0, console=None):
    """The decoded lines of guest.py; `first` is the test that it begins with, and `console` a file for
    all that the guest prints."""
    # Words that the kernel does not know are in the environment of its init.
    append = f"{AT_ONCE}MOUNTC_SECONDS={seconds:.0f} MOUNTC_FIRST={first}"
    with Guest(kernel, initramfs, append, memory="640M", seconds=round(seconds) + _MARGIN) as guest:
        lines = guest.wait().split("\n")
    if console:
        console.write("\n".join(lines))
    # The last line may be cut off.
    said = [json.loads(line[1:]) for line in lines[:-1] if line.startswith("@{")]
    if not said or "done" not in said[-1]:
        tail = [line for line in lines if not line.startswith("@{")][-30:]
        said.append({"broken": "\n".join(tail)})
    return said
