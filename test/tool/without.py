#!/usr/bin/python3
"""without.py mdwe|filter COMMAND...: runs it where written memory cannot be made executable: by
prctl(PR_SET_MDWE), or by a filter of system calls, as systemd's MemoryDenyWriteExecute= does it."""

import ctypes
import errno
import os
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_SET_MDWE = 22, 38, 65
REFUSE_EXEC_GAIN, MODE_FILTER, PROT_EXEC, SYS_MPROTECT = 1, 2, 4, 10
NUMBER, THIRD_ARGUMENT = 0, 32  # in struct seccomp_data
LOAD, IS, HAS, ANSWER = 0x20, 0x15, 0x45, 0x06  # of classic BPF
ALLOW, REFUSE = 0x7fff0000, 0x00050000 | errno.EPERM


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def prctl(*args):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(*args, *[ctypes.c_ulong(0)] * (5 - len(args))) != 0:
        sys.exit(f"prctl({args[0]}): {os.strerror(ctypes.get_errno())}")


def set_filter():
    code = [(LOAD, 0, 0, NUMBER), (IS, 0, 3, SYS_MPROTECT), (LOAD, 0, 0, THIRD_ARGUMENT),
            (HAS, 0, 1, PROT_EXEC), (ANSWER, 0, 0, REFUSE), (ANSWER, 0, 0, ALLOW)]
    program = Program(len(code), b"".join(struct.pack("HBBI", *step) for step in code))
    prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1))
    prctl(PR_SET_SECCOMP, ctypes.c_ulong(MODE_FILTER), ctypes.byref(program))


if __name__ == "__main__":
    if sys.argv[1] == "mdwe":
        prctl(PR_SET_MDWE, ctypes.c_ulong(REFUSE_EXEC_GAIN))
    else:
        set_filter()
    os.execvp(sys.argv[2], sys.argv[2:])
