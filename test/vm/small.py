"""A guest of busybox and mountrun alone: as an initramfs, or as the filesystem of a disk."""

import os
import re
import shutil
import subprocess
import tempfile

from image import Image, applets
from packages import Unavailable

# What the guest's last program prints of its mounts; see tree().
SHOW = "sed -n 's,^,SEEN:,; / \\/srv/p' /proc/self/mountinfo > /dev/console"
LAYOUT = """group g;
filesystem fs tmpfs;
mount /srv/t tmpfs nodev;
mount /srv/t/a fs shared g mkdir;
mount /srv/t/b fs slave g ro mkdir;
"""
TREE = ["/srv/t rw,nodev,relatime", "/srv/t/a rw,relatime shared:1", "/srv/t/b ro,relatime master:1"]
FAILING = LAYOUT + "mount /srv/t/c bind /missing mkdir;\n"
REPORT = "boot.mnt:6:1: error: open_tree"
_MOUNT = re.compile(r"SEEN:\d+ \d+ \S+ \S+ (?P<target>\S+) (?P<flags>\S+)(?P<tags>.*?) - ")


def tree(said):
    """The mounts that SHOW has printed, by target; groups are numbered as they come."""
    numbers, lines = {}, []
    for mount in sorted(_MOUNT.finditer(said), key=lambda m: m["target"]):
        tags = re.sub(r"\d+", lambda n: str(numbers.setdefault(n[0], len(numbers) + 1)),
                      mount["tags"])
        lines.append(f"{mount['target']} {mount['flags']}{tags}")
    return lines


def plan(build, layout, name="boot.mnt", *options):
    """The bytes of the plan of `layout`."""
    with tempfile.TemporaryDirectory() as scratch:
        with open(f"{scratch}/{name}", "w", encoding="utf-8") as file:
            file.write(layout)
        return subprocess.run([os.path.join(build, "mountc"), "compile", name, "-o", "-", *options],
                              cwd=scratch, check=True, capture_output=True).stdout


def root(build, files, busybox=None):
    """An Image with busybox, its applets, mountrun and `files`: path -> text, bytes or `->PATH`.
    `build` has a mountrun for the guest; `busybox` is one for it, where this machine's is not."""
    image = Image()
    own = os.path.realpath(shutil.which("busybox", path="/bin:/usr/bin"))
    image.program(busybox or own, "/bin/busybox")
    for applet in ("sh", *applets(own)):
        image.link("/bin/" + applet, "busybox")
    image.program(os.path.join(build, "mountrun"), "/usr/bin/mountrun")
    for directory in ("/proc", "/sys", "/dev", "/run", "/tmp", "/srv/t", "/sbin"):
        image.directory(directory)
    for path, text in files.items():
        if text[:2] == "->":
            image.link(path, text[2:])
        else:
            image.text(path, text, 0o100755 if text[:2] in ("#!", b"#!") else 0o100644)
    return image


def initramfs(path, build, files, busybox=None):
    with open(path, "wb") as out:
        root(build, files, busybox).write_to(out)
    return path


def ext4(path, directory, megabytes):
    """A filesystem of what `directory` has, made without a mount."""
    mke2fs = shutil.which("mke2fs", path="/sbin:/usr/sbin:/bin:/usr/bin")
    if not mke2fs:
        raise Unavailable("mke2fs is not installed")
    with open(path, "wb") as out:
        out.truncate(megabytes << 20)
    subprocess.run([mke2fs, "-q", "-t", "ext4", "-m", "0", "-E", "root_owner=0:0", "-d", directory,
                    path], check=True)
    return path


def disk(path, build, files, megabytes=48):
    with tempfile.TemporaryDirectory() as scratch:
        root(build, files).unpack_to(scratch)
        return ext4(path, scratch, megabytes)
