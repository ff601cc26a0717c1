"""What a run test finds on its machine: SCENE lines, carried out in a private namespace.

/mnt becomes a fresh tmpfs (superblock `mnt`); everything a test needs is made below it.

    # SCENE tmpfs LABEL PATH [OPTIONS]   a new tmpfs; LABEL names its superblock in EXPECT lines
    # SCENE filesystem TYPE LABEL PATH   the same of another type
    # SCENE dir PATH | file PATH [TEXT] | link PATH TEXT
    # SCENE bind SOURCE PATH | rbind SOURCE PATH
    # SCENE busy PATH COUNT              COUNT directories below PATH, each mounted on itself
    # SCENE flags PATH ro,nosuid,...     sets the flags of the mount at PATH
    # SCENE shared|slave|private|unbindable PATH [as LABEL]    LABEL names its peer group
    # SCENE label LABEL PATH             names the superblock of what is mounted there already
    # SCENE rootfs PATH                  directories and a static busybox: a root to run in

Superblocks `host`, `proc` and `sysfs` are those of /, /proc and /sys (a new mount of proc has one
of its own). Directories on the way are made.
"""

import os
import re
import shutil

import mountinfo
import syscalls

TOP = "/mnt"
OWN = TOP + "/.test"  # the driver's own files, on a mount that is always private
_LINE = re.compile(r"^\s*#\s*SCENE\s+(.*?)\s*$", re.MULTILINE)
_PROPAGATION = {"shared": syscalls.MS_SHARED, "slave": syscalls.MS_SLAVE,
                "private": syscalls.MS_PRIVATE, "unbindable": syscalls.MS_UNBINDABLE}
_FLAGS = {"ro": syscalls.MS_RDONLY, "nosuid": syscalls.MS_NOSUID, "nodev": syscalls.MS_NODEV,
          "noexec": syscalls.MS_NOEXEC, "noatime": syscalls.MS_NOATIME,
          "nodiratime": syscalls.MS_NODIRATIME, "strictatime": syscalls.MS_STRICTATIME,
          "nosymfollow": syscalls.MS_NOSYMFOLLOW, "rw": 0, "relatime": syscalls.MS_RELATIME}


def device_of(path):
    device = os.stat(path).st_dev
    return f"{os.major(device)}:{os.minor(device)}"


class Scene:
    def __init__(self):
        self.superblocks = {}  # label -> major:minor
        self.groups = {}  # label -> peer group id
        self._group_paths = {}
        self.tmpfs("mnt", TOP)
        self.tmpfs("test", OWN)
        for label, path in (("host", "/"), ("proc", "/proc"), ("sysfs", "/sys")):
            if os.path.ismount(path):
                self.label(label, path)

    def run(self, text):
        for line in _LINE.findall(text):
            word, *rest = [mountinfo.unescape(os.fsencode(w)) for w in line.split()]
            if word in _PROPAGATION:
                self.propagation(word, *rest)
            elif word in ("tmpfs", "dir", "file", "link", "bind", "rbind", "flags", "label",
                          "rootfs", "filesystem", "busy"):
                getattr(self, word)(*rest)
            else:
                raise ValueError(f"SCENE {line}")

    def finish(self):
        """Looks the named groups up, when everything has happened that changes them."""
        mounts = mountinfo.read()
        for label, path in self._group_paths.items():
            self.groups[label] = mountinfo.at(mounts, path).group
        return mounts

    def filesystem(self, fstype, label, path):
        os.makedirs(path, exist_ok=True)
        syscalls.mount(label, path, fstype, 0, None)
        self.label(label, path)

    def tmpfs(self, label, path, options=None):
        os.makedirs(path, exist_ok=True)
        words = options.split(",") if options else []
        flags = sum(_FLAGS.get(word, 0) for word in words)
        data = ",".join(word for word in words if word not in _FLAGS)
        syscalls.mount(label, path, "tmpfs", flags, data or None)
        self.superblocks[label] = device_of(path)

    def dir(self, path):
        os.makedirs(path, exist_ok=True)

    def file(self, path, text=""):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def link(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(text, path)

    def bind(self, source, path, flags=syscalls.MS_BIND):
        if os.path.isdir(source):
            self.dir(path)
        elif not os.path.exists(path):
            self.file(path)
        syscalls.mount(source, path, None, flags)

    def busy(self, path, count):
        for number in range(int(count)):
            self.bind(self._made(f"{path}/{number}"), f"{path}/{number}")

    def _made(self, path):
        self.dir(path)
        return path

    def rbind(self, source, path):
        self.bind(source, path, syscalls.MS_BIND | syscalls.MS_REC)

    def flags(self, path, words):
        flags = sum(_FLAGS[word] for word in words.split(","))
        syscalls.mount(None, path, None, syscalls.MS_REMOUNT | syscalls.MS_BIND | flags)

    def label(self, label, path):
        self.superblocks[label] = device_of(path)

    def propagation(self, word, path, as_word=None, label=None):
        syscalls.mount(None, path, None, _PROPAGATION[word])
        if as_word == "as":
            self._group_paths[label] = path

    def rootfs(self, path):
        for name in ("bin", "dev", "etc", "proc", "run", "sys", "tmp", "var/log"):
            os.makedirs(os.path.join(path, name), exist_ok=True)
        shutil.copy(shutil.which("busybox"), os.path.join(path, "bin/busybox"))
        for name in ("sh", "cat", "ls", "sleep"):
            os.symlink("busybox", os.path.join(path, "bin", name))
