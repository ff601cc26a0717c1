"""The mount system calls of the harness, through ctypes (os.setns is of Python 3.12)."""

import ctypes
import os

CLONE_NEWNS = 0x20000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOSYMFOLLOW, MS_NOATIME, MS_NODIRATIME, MS_BIND = 256, 1024, 2048, 4096
MS_MOVE, MS_REC = 8192, 16384
MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED = 1 << 17, 1 << 18, 1 << 19, 1 << 20
MS_RELATIME, MS_STRICTATIME = 1 << 21, 1 << 24
MNT_DETACH = 2

AT_FDCWD, AT_EMPTY_PATH, AT_RECURSIVE = -100, 0x1000, 0x8000
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC = 1, os.O_CLOEXEC
MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH, MOVE_MOUNT_SET_GROUP = 4, 0x40, 0x100
# Numbers above 423 are the same on every architecture but alpha.
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(os.uname().machine, 41)
SYS_OPEN_TREE, SYS_MOVE_MOUNT, SYS_MOUNT_SETATTR = 428, 429, 442

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clr", "propagation", "userns_fd")]


def _check(result, call):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


def _bytes(text):
    return None if text is None else os.fsencode(text)


def unshare(flags=CLONE_NEWNS):
    _check(_libc.unshare(flags), f"unshare({flags:#x})")


def setns(fd, kind=CLONE_NEWNS):
    _check(_libc.setns(fd, kind), "setns")


def mount(source, target, fstype=None, flags=0, data=None):
    result = _libc.mount(_bytes(source), _bytes(target), _bytes(fstype),
                         ctypes.c_ulong(flags), _bytes(data))
    _check(result, f"mount({source}, {target}, {fstype}, {flags:#x})")


def umount(target, flags=MNT_DETACH):
    _check(_libc.umount2(_bytes(target), flags), f"umount2({target})")


def pivot_root(new, old):
    _check(_libc.syscall(_SYS_PIVOT_ROOT, _bytes(new), _bytes(old)), f"pivot_root({new}, {old})")


def private_namespace():
    """Leaves for a new mount namespace from which nothing propagates back."""
    unshare(CLONE_NEWNS)
    mount(None, "/", None, MS_REC | MS_PRIVATE)


def open_tree(directory, path, flags=0):
    return _check(_libc.syscall(SYS_OPEN_TREE, directory, _bytes(path),
                                ctypes.c_uint(flags | OPEN_TREE_CLOEXEC)), f"open_tree({path})")


def move_mount(from_fd, to_fd, to_path="", flags=0):
    flags |= MOVE_MOUNT_F_EMPTY_PATH | (0 if to_path else MOVE_MOUNT_T_EMPTY_PATH)
    _check(_libc.syscall(SYS_MOVE_MOUNT, from_fd, b"", to_fd, _bytes(to_path),
                         ctypes.c_uint(flags)), f"move_mount({to_path!r}, {flags:#x})")


def mount_setattr(fd, flags=AT_EMPTY_PATH, **fields):
    attr = MountAttr(**fields)
    _check(_libc.syscall(SYS_MOUNT_SETATTR, fd, b"", ctypes.c_uint(flags), ctypes.byref(attr),
                         ctypes.c_size_t(ctypes.sizeof(attr))), f"mount_setattr({fields})")
