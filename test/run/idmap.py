"""Runs a command while user namespaces live in which ids 0 to 99 are others.

    idmap.py DIRECTORY COMMAND...

Their files are DIRECTORY/user-500 and DIRECTORY/user-700, symbolic links.
"""

import ctypes
import os
import subprocess
import sys


def namespace(first, directory):
    """Makes DIRECTORY/user-FIRST; the write end of a pipe that keeps the namespace alive."""
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go[1])
        ctypes.CDLL(None).unshare(0x10000000)  # CLONE_NEWUSER
        os.write(ready[1], b"x")
        os.read(go[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/{child}/{name}", "w", encoding="ascii") as file:
            file.write(f"0 {first} 100")
    link = f"{directory}/user-{first}"
    if os.path.lexists(link):
        os.unlink(link)
    os.symlink(f"/proc/{child}/ns/user", link)
    return go[1]


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    kept = [namespace(first, sys.argv[1]) for first in (500, 700)]
    status = subprocess.run(sys.argv[2:], check=False).returncode
    for end in kept:
        os.write(end, b"x")
    sys.exit(status)
