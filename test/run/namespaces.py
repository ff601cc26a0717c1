"""Reads the mounts of a namespace that is pinned at a path, wherever its root is."""

import os

import mountinfo
import syscalls


def in_child(function):
    """Calls `function` in a child and gives back the bytes it returns."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(readable)
            with os.fdopen(writable, "wb") as file:
                file.write(function())
            status = 0
        except OSError as error:
            os.write(2, f"{error}\n".encode())
        finally:
            os._exit(status)
    os.close(writable)
    with os.fdopen(readable, "rb") as file:
        data = file.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        raise RuntimeError(f"the child ended with {status}")
    return data


def read_pinned(path):
    def inside():
        # /proc may not exist in there: its fd goes along.
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        namespace = os.open(path, os.O_RDONLY)
        syscalls.setns(namespace)
        fd = os.open("self/mountinfo", os.O_RDONLY, dir_fd=proc)
        with os.fdopen(fd, "rb") as file:
            return file.read()

    return mountinfo.parse(in_child(inside))
