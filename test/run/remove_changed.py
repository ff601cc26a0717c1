#!/usr/bin/python3
"""remove_changed.py MOUNTRUN PLAN: what --remove says when something is not as declared.

Each change is made in a namespace of its own, after the plan has been run there. Prints the change,
the report and the status; nothing may be changed by a refusal, and --force takes all away.
"""

import subprocess
import sys

import mountinfo
import syscalls
from namespaces import in_child

CHANGES = (
    "true",
    "umount /mnt/v",
    "mount -o remount,bind,rw /mnt/v",
    "mount -o remount,bind,nosuid,noexec /mnt/t",
    "mount --make-private /mnt/u",
    "mount --make-private /mnt/u && mount --make-shared /mnt/u",
    "mount --make-private /mnt/t/in",
    "umount /mnt/t/in && mount -t ramfs none /mnt/t/in && mount --make-unbindable /mnt/t/in",
    "mount --bind /mnt/t/sub /mnt/t/in && umount -l /mnt/u",
    "mount -t tmpfs none /mnt/v",
    "mount -t tmpfs none /mnt/t/sub",
    "mount -t ramfs none /mnt/t/in",
    "mount -t ramfs none /mnt/t",
    "umount /mnt/t/in && umount -l /mnt/t && rmdir /mnt/t",
)
SCENE = "mount -t tmpfs none /mnt && cd /mnt && mkdir t u v source"


def attempt(mountrun, plan, change):
    subprocess.run(["sh", "-ec", SCENE], check=True)
    scene = mountinfo.read()
    subprocess.run([mountrun, plan], check=True)
    subprocess.run(["sh", "-ec", change], check=True)
    before = mountinfo.read()
    done = subprocess.run([mountrun, plan, "--remove"], stderr=subprocess.PIPE, text=True,
                          check=False)
    text = f"-- {change}\n{done.stderr}status {done.returncode}\n"
    after = mountinfo.read()
    if done.returncode and after != before:
        text += "changed\n"
    if done.returncode:
        done = subprocess.run([mountrun, plan, "--remove", "--force"], stderr=subprocess.PIPE,
                              text=True, check=False)
        text += f"{done.stderr}forced: status {done.returncode}\n"
        after = mountinfo.read()
    left = [m for m in after if m not in scene]
    return text + "".join(f"left: {m.target}\n" for m in left)


def main():
    syscalls.private_namespace()
    for change in CHANGES:
        said = in_child(lambda: attempt(*sys.argv[1:], change).encode())
        print(said.decode(), end="", flush=True)


if __name__ == "__main__":
    main()
