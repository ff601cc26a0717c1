#!/usr/bin/python3
"""mountrun on a processor of another kind: it is built for arm64, and a Debian kernel for arm64 runs
plans that were compiled here. `N passed, N failed` is the last line.

    arm64.py --build DIR      DIR has mountc; what cannot be had is `skipped:`
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

import kernels
import small
from boot import AT_ONCE, Guest
from packages import CACHE, Unavailable, run, unpack

_TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
_TOOLS = "aarch64-linux-gnu-"
_RELEASE = "6.19"  # the newest whose package is one
_QEMU = ["qemu-system-aarch64", "-nodefaults", "-no-user-config", "-machine", "virt", "-accel", "tcg",
         "-cpu", "max,pauth-impdef=on", "-display", "none", "-serial", "stdio", "-no-reboot"]
# The root is the initramfs itself, beneath which nothing can go; then the tree lies in a tmpfs.
_INIT = f"""#!/bin/sh
mount -t proc proc /proc
mount -t devtmpfs dev /dev
exec > /dev/console 2>&1
/usr/bin/mountrun /boot.plan
/usr/bin/mountrun /boot.plan --replace
echo "ON ROOT:$?"
/usr/bin/mountrun /boot.plan --remove
mount -t tmpfs none /srv
mkdir /srv/t
for option in "" --replace --remove; do
    /usr/bin/mountrun /boot.plan $option && echo "DONE:$option"
    echo "AFTER:$option"
    {small.SHOW}
done
/usr/bin/mountrun /failing.plan
echo "STATUS:$?"
/usr/bin/mountrun --probe | sed s/^/PROBE:/
echo SEEN:end
poweroff -f
"""
_BELOW = "/srv rw,relatime"
_FEATURES = ["mount_setattr", "set_group", "nested_detached"]


class NotBuilt(Exception):
    """It does not compile any more: no matter of what can be had here."""


def make(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode:
        raise NotBuilt(done.stdout)


def build_mountrun(scratch):
    for tool in ("gcc", "g++"):
        if not shutil.which(_TOOLS + tool):
            raise Unavailable(f"{_TOOLS}{tool} is not installed")
    make("cmake", "-S", _TOP, "-B", scratch, "-G", "Ninja", "-DMOUNTC_COMPILER=OFF",
         "-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
         f"-DCMAKE_C_COMPILER={_TOOLS}gcc", f"-DCMAKE_CXX_COMPILER={_TOOLS}g++")
    make("cmake", "--build", scratch)


def find_file(directory, ending):
    for place, _, files in os.walk(directory):
        for name in files:
            if re.search(ending, os.path.join(place, name)):
                return os.path.join(place, name)
    raise Unavailable(f"no {ending} in {directory}")


def fetch():
    """The paths of a kernel and of a static busybox, for arm64."""
    options = kernels.private_list("arm64", ["trixie-backports", "trixie"], "arm64")
    names = run("apt-cache", *options, "search", "--names-only",
                rf"^linux-binary-{re.escape(_RELEASE)}\..*cloud-arm64$").split("\n")
    package = max((name.split(" ")[0] for name in names if name), key=kernels.version, default=None)
    if not package:
        raise Unavailable(f"no Debian package of Linux {_RELEASE} for arm64")
    return (find_file(unpack(package, options), "/vmlinuz[^/]*$"),
            find_file(unpack("busybox-static", options, place="busybox-static-arm64"), "bin/busybox$"))


def checks(said):
    """(what is checked, whether it holds)"""
    def after(option):
        return small.tree(said.partition(f"AFTER:{option}\n")[2].partition("AFTER:")[0])
    tree = [_BELOW, *small.TREE]
    yield "a plan is run", "DONE:\n" in said and after("") == tree
    yield "it is replaced", "DONE:--replace\n" in said and after("--replace") == tree
    yield "on the root it is not", "[M522]\nON ROOT:4\n" in said
    yield "it is removed", "DONE:--remove\n" in said and after("--remove") == [_BELOW]
    yield "a failing one leaves nothing", "STATUS:4\n" in said and small.REPORT in said
    yield "features are found", all(f"PROBE:{name}: yes" in said for name in _FEATURES)
    yield "the guest came to its end", "SEEN:end" in said


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    build = os.path.abspath(parser.parse_args().build)
    passed = failed = 0
    try:
        if not shutil.which(_QEMU[0]):
            raise Unavailable(f"{_QEMU[0]} is not installed")
        with tempfile.TemporaryDirectory() as scratch:
            for_guest = os.path.join(scratch, "build")
            build_mountrun(for_guest)
            passed += 1
            kernel, busybox = fetch()
            archive = small.initramfs(os.path.join(scratch, "initramfs"), for_guest, {
                "/init": _INIT, "/boot.plan": small.plan(build, small.LAYOUT),
                "/failing.plan": small.plan(build, small.FAILING)}, busybox)
            line = [*_QEMU, "-m", "256M", "-kernel", kernel, "-initrd", archive, "-append",
                    f"console=ttyAMA0 quiet loglevel=3 {AT_ONCE}"]
            with Guest(line=line) as guest:
                said = guest.wait()
        for what, holds in checks(said):
            print(f"{'ok  ' if holds else 'FAIL'} arm64: {what}")
            passed, failed = passed + holds, failed + (not holds)
        if failed:
            print(said)
    except Unavailable as missing:
        print(f"skipped: arm64: {missing}")
    except NotBuilt as why:
        print(f"FAIL arm64: mountrun is built\n{why}")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
