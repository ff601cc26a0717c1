"""Work in a child, for what a process cannot undo: to enter a namespace, or to leave for one."""

import os
import traceback

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
        except BaseException:
            traceback.print_exc()
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
        return mountinfo.raw("self", proc)

    return mountinfo.parse(in_child(inside))


def stay_on_one_processor(number=0):
    """So that a new namespace has a greater number than the one it is pinned in.

    Linux 6.18 numbers namespaces in batches, one per processor (kernel/nstree.c), and refuses
    with EINVAL to bind the file of a mount namespace whose number is not greater than that of
    the caller's own (fs/namespace.c mnt_ns_loop()). Measured: a namespace made on another
    processor than the caller's could never be pinned, in one of both directions.
    """
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {processors[number % len(processors)]})
