"""A second, plain implementation: makes a random layout with one system call after another.

It works from the generator's model, not from the text, and knows one way only: everything is
made detached and private, made complete, nested, joined to its group from an anchor that is
never a member, and attached last. It shows that the expectations are what the kernel does, and
needs Linux 6.15 (mounts nested in detached trees).
"""

import ctypes
import os
import signal
from posixpath import basename, dirname, join

import syscalls
import world
from model import relative
from syscalls import (AT_EMPTY_PATH, AT_FDCWD, AT_RECURSIVE, MOVE_MOUNT_SET_GROUP, MS_PRIVATE,
                      MS_SHARED, MS_SLAVE, MS_UNBINDABLE, OPEN_TREE_CLONE)

_ATTRIBUTES = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8, "noatime": 0x10,
               "strictatime": 0x20, "nodiratime": 0x80, "nosymfollow": 0x200000}
_ATIME_MASK = 0x70
_EVERY = sum(set(_ATTRIBUTES.values())) | _ATIME_MASK
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}


def clone(directory, path="", recursive=False):
    flags = OPEN_TREE_CLONE | (AT_RECURSIVE if recursive else 0)
    return syscalls.open_tree(directory, path, flags | (0 if path else AT_EMPTY_PATH))


def private_clone(directory, path="", recursive=False):
    fd = clone(directory, path, recursive)
    syscalls.mount_setattr(fd, AT_EMPTY_PATH | (AT_RECURSIVE if recursive else 0),
                           propagation=MS_PRIVATE)
    return fd


class Reference:
    def __init__(self, layout):
        self.layout = layout
        self.fds = {}  # mount -> the fd of its detached root
        self.whole = {}  # superblock -> a private clone of all of it
        self.anchors = {}  # (group label, whether for slaves) -> fd
        self.children = []

    def apply(self):
        for name, kind in self.layout.filesystems.items():
            self.whole[name] = self.new_filesystem(kind)
        for space, path, mode in self.layout.entries:
            if space is None:
                name, _, inside = path.partition(":/")
                self.make_directory(self.whole[name], inside, mode)
        written = [m for m in self.layout.mounts if m.kind != "implied" or m.copied]
        for mount in written:
            self.fds[mount] = self.detached(mount)
        places = {m: self.mount_point(m) for m in written if m.parent}
        for mount in written:
            self.attributes(mount)
        for mount, place in places.items():
            syscalls.move_mount(self.fds[mount], place)
        for mount in written:
            if mount.parent or not mount.namespace:
                self.join(mount)
        for mount in [m for m in written if not m.parent]:
            (self.enter if mount.namespace else self.publish)(mount)

    def new_filesystem(self, kind):
        """Mounted somewhere for a moment, where nothing sees it, and picked up again."""
        name, _, options = kind.rstrip(")").partition("(")
        syscalls.mount("none", world.PINS, name, 0, options or None)
        fd = private_clone(AT_FDCWD, world.PINS)
        syscalls.umount(world.PINS)
        return fd

    def make_directory(self, fd, path, mode):
        os.mkdir(path, 0o755, dir_fd=fd)
        os.chmod(path, int(mode or "755", 8), dir_fd=fd)

    def detached(self, mount):
        if mount.copied:
            return private_clone(self.fds[mount.copied], mount.at)
        if mount.kind == "filesystem":
            return private_clone(self.whole[mount.source], mount.at)
        if mount.kind == "new":
            fd = self.new_filesystem(mount.source)
            if mount.superblock == "A":
                self.whole["A"] = private_clone(fd)
                for space, path, mode in self.layout.entries:
                    if space == mount.namespace and path.startswith(mount.target):
                        self.make_directory(fd, basename(path), mode)
            return fd
        return private_clone(AT_FDCWD, mount.source, mount.kind == "rbind")

    def mount_point(self, mount):
        """An fd of the mount point, taken before anything can hide it."""
        parent = self.fds[mount.parent]
        if mount.covers():
            return parent
        path = relative(mount.target, mount.parent.target)
        if mount.make and not os.access(path, os.F_OK, dir_fd=parent):
            if mount.make == "mkdir(parents)":
                os.mkdir(dirname(path), dir_fd=parent)
            if mount.is_file:
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, dir_fd=parent))
            else:
                os.mkdir(path, dir_fd=parent)
        return os.open(path, os.O_PATH, dir_fd=parent)

    def attributes(self, mount):
        flags = sum(_ATTRIBUTES[f] for f in mount.flags)
        if mount.kind == "rbind":
            set_, clear = 0, 0
            for word in mount.words:
                if word in ("noatime", "strictatime", "relatime"):
                    clear |= _ATIME_MASK
                    set_ |= _ATTRIBUTES.get(word, 0)
                elif word in _ATTRIBUTES:
                    set_ |= _ATTRIBUTES[word]
                else:
                    clear |= _ATTRIBUTES[{"rw": "ro"}.get(word, "no" + word)]
            syscalls.mount_setattr(self.fds[mount], AT_EMPTY_PATH | AT_RECURSIVE,
                                   set=set_, clr=clear)
            return
        syscalls.mount_setattr(self.fds[mount], set=flags, clr=_EVERY,
                               propagation=MS_UNBINDABLE if mount.unbindable else 0)

    # -- groups -------------------------------------------------------------------------------

    def source_of(self, label):
        """A fresh private mount of the whole superblock that the group is on."""
        superblock = self.layout.groups[label].superblock
        if superblock in world.HOSTS:
            return private_clone(AT_FDCWD, world.HOSTS[superblock])
        return private_clone(self.whole[superblock])

    def anchor(self, label):
        """A mount of the group that is in no tree."""
        if label in self.anchors:
            return self.anchors[label]
        if label.startswith("="):
            fd = clone(AT_FDCWD, label[1:])
        else:
            fd = self.source_of(label)
            master = self.layout.real_group(label)[1]
            if master:
                syscalls.move_mount(self.anchor(master), fd, "", MOVE_MOUNT_SET_GROUP)
                syscalls.mount_setattr(fd, propagation=MS_SLAVE)
            syscalls.mount_setattr(fd, propagation=MS_SHARED)
        self.anchors[label] = fd
        return fd

    def slave_anchor(self, label):
        key = (label, "slave")
        if key not in self.anchors:
            self.anchors[key] = clone(self.anchor(label))
            syscalls.mount_setattr(self.anchors[key], propagation=MS_SLAVE)
        return self.anchors[key]

    def join(self, mount):
        if mount.shared:
            anchor = self.anchor(self.layout.real_group(mount.shared)[0])
        elif mount.slave:
            anchor = self.slave_anchor(self.layout.real_group(mount.slave)[0])
        else:
            return
        syscalls.move_mount(anchor, self.fds[mount], "", MOVE_MOUNT_SET_GROUP)

    # -- publication --------------------------------------------------------------------------

    def publish(self, mount):
        target = self.layout.at + mount.target
        if self.layout.parent_kind == "shared":
            syscalls.mount(target, target, None, syscalls.MS_BIND)
            syscalls.mount(None, target, None, MS_PRIVATE)
        place = syscalls.open_tree(AT_FDCWD, target)
        syscalls.move_mount(self.fds[mount], place)
        os.close(place)

    def enter(self, mount):
        """A process makes the namespace, and lives until it is pinned."""
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                syscalls.private_namespace()
                place = syscalls.open_tree(AT_FDCWD, world.PEER)
                syscalls.move_mount(self.fds[mount], place)
                os.fchdir(self.fds[mount])
                if ctypes.CDLL(None).syscall(_PIVOT_ROOT[os.uname().machine], b".", b".") == 0:
                    syscalls.umount(".")
                    os.write(writable, b"done")
                signal.pause()
            finally:
                os._exit(1)
        os.close(writable)
        done = os.read(readable, 4)
        os.close(readable)
        try:
            if done != b"done":
                raise OSError(f"namespace {mount.namespace}: pivot_root failed")
            self.join(mount)  # a shared root could not have been pivoted to
            pin = join(world.PINS, mount.namespace)
            syscalls.mount(f"/proc/{child}/ns/mnt", pin, None, syscalls.MS_BIND)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
