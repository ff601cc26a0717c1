# test/run/kernel.py - the few system calls that Python's library lacks.

import ctypes
import os

NEWNS = 0x20000
REC, PRIVATE, SHARED = 0x4000, 0x40000, 0x100000
DETACH = 2
OPEN_TREE, MOUNT_SETATTR = 428, 442
OPEN_TREE_CLONE, EMPTY_PATH = 1, 0x1000
AT_FDCWD = -100

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def _checked(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare():
    _checked(_libc.unshare(NEWNS), "unshare")


def enter(namespace):
    _checked(_libc.setns(namespace, NEWNS), "setns")


def mount(source, target, kind, flags, options=""):
    _checked(_libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags),
                         options.encode()), f"mount {target}")


def umount(target, flags=0):
    _checked(_libc.umount2(target.encode(), flags), f"umount {target}")


def private_view(path):
    """A directory fd that shows the filesystem at `path` without what is mounted in it."""
    fd = _checked(_libc.syscall(OPEN_TREE, AT_FDCWD, path.encode(),
                                ctypes.c_uint(OPEN_TREE_CLONE | os.O_CLOEXEC)), "open_tree")
    attr = MountAttr(propagation=PRIVATE)
    _checked(_libc.syscall(MOUNT_SETATTR, fd, b"", ctypes.c_uint(EMPTY_PATH),
                           ctypes.byref(attr), ctypes.sizeof(attr)), "mount_setattr")
    return fd
