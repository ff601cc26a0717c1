"""The machine that the random layouts run on: three prepared superblocks and a tree to rbind.

Made once per worker below /mnt, in a private namespace; `refresh` renews what a seed may have
changed, in the seed's own copy of it.
"""

import os

import mountinfo
import syscalls
from model import host_label
from scene import device_of

HOSTS = {"S1": "/mnt/s1", "S2": "/mnt/s2", "S3": "/mnt/s3"}
# S1 is private, S2 is shared, S3 is a slave.
MASTER_OF_S3 = "/mnt/s3master"
# Other ways to S1: another mount of it, a symbolic link, and a mount of a part: (path, its root)
SHARED_S1 = "/mnt/s1again"
WAYS_TO_S1 = [(SHARED_S1, ""), ("/mnt/s1link", ""), ("/mnt/s1part", "a")]
HOST_FLAGS = {"S1": frozenset(), "S2": frozenset(), "S3": frozenset({"nosuid", "noatime"})}
NAMES = ("a", "b", "c")
FILE = "f"
DEPTH = 4  # of the directories of a host's superblock

TREE = "/mnt/tree"
# What `rbind /mnt/tree` brings along: (path, superblock, root, flags)
TREE_MOUNTS = [("", "R", "/", frozenset()), ("a", "S1", "/b", frozenset({"nodev"})),
               ("b", "R2", "/", frozenset({"nosuid"})), ("b/deep", "S1", "/c/a", frozenset())]

PARENT = "/mnt/p"  # below which the topmost targets lie
PEER = "/mnt/q"
TOPMOST = ("t1", "t2", "t3")
PINS = "/mnt/pins"


def _fill(path, depth):
    os.close(os.open(os.path.join(path, FILE), os.O_CREAT | os.O_WRONLY, 0o644))
    if depth:
        for name in NAMES:
            os.mkdir(os.path.join(path, name))
            _fill(os.path.join(path, name), depth - 1)


def _tmpfs(path, flags=0):
    os.makedirs(path, exist_ok=True)
    syscalls.mount("none", path, "tmpfs", flags)


def make(namespaces):
    """Enters a private namespace and makes everything below /mnt."""
    syscalls.private_namespace()
    _tmpfs("/mnt")
    _tmpfs(HOSTS["S1"])
    _tmpfs(HOSTS["S2"])
    _tmpfs(MASTER_OF_S3)
    os.mkdir(HOSTS["S3"])
    syscalls.mount(MASTER_OF_S3, HOSTS["S3"], None, syscalls.MS_BIND)
    syscalls.mount(None, HOSTS["S3"], None, syscalls.MS_REMOUNT | syscalls.MS_BIND
                   | syscalls.MS_NOSUID | syscalls.MS_NOATIME)
    for path in HOSTS.values():
        _fill(path, DEPTH)
    (again, _), (link, _), (part, root) = WAYS_TO_S1
    os.symlink(HOSTS["S1"], link)
    for path, source in ((again, ""), (part, root)):
        os.mkdir(path)
        syscalls.mount(os.path.join(HOSTS["S1"], source), path, None, syscalls.MS_BIND)
    _tmpfs(TREE)
    for name in ("a", "b"):
        os.mkdir(f"{TREE}/{name}")
    syscalls.mount("/mnt/s1/b", f"{TREE}/a", None, syscalls.MS_BIND)
    syscalls.mount(None, f"{TREE}/a", None,
                   syscalls.MS_REMOUNT | syscalls.MS_BIND | syscalls.MS_NODEV)
    _tmpfs(f"{TREE}/b", syscalls.MS_NOSUID)
    os.mkdir(f"{TREE}/b/deep")
    syscalls.mount("/mnt/s1/c/a", f"{TREE}/b/deep", None, syscalls.MS_BIND)
    _tmpfs(PARENT)
    os.mkdir(PEER)
    for name in TOPMOST:
        os.mkdir(f"{PARENT}/{name}")
    _tmpfs(PINS)
    for name in namespaces:
        os.close(os.open(f"{PINS}/{name}", os.O_CREAT | os.O_WRONLY))


def refresh(parent_kind):
    """In a seed's namespace: new peer groups of its own, and the kind of parent it asks for."""
    syscalls.private_namespace()
    for path in (HOSTS["S2"], MASTER_OF_S3, SHARED_S1):
        syscalls.mount(None, path, None, syscalls.MS_SHARED)
    _enslave(MASTER_OF_S3, HOSTS["S3"])
    if parent_kind != "private":
        syscalls.mount(None, PARENT, None, syscalls.MS_SHARED)
        syscalls.mount(PARENT, PEER, None, syscalls.MS_BIND)
        if parent_kind == "slave":
            syscalls.mount(None, PARENT, None, syscalls.MS_SLAVE)


def _enslave(master, path):
    """Makes the existing mount at `path` a slave of the one at `master`."""
    tree, target = (syscalls.open_tree(syscalls.AT_FDCWD, p) for p in (master, path))
    syscalls.move_mount(tree, target, "", syscalls.MOVE_MOUNT_SET_GROUP)
    syscalls.mount(None, path, None, syscalls.MS_SLAVE)
    os.close(tree)
    os.close(target)


def known_superblocks():
    known = {label: device_of(path) for label, path in HOSTS.items()}
    known |= {"R": device_of(TREE), "R2": device_of(f"{TREE}/b")}
    return known


def known_groups(mounts):
    return {host_label(path): mountinfo.at(mounts, path).group
            for path in (HOSTS["S2"], MASTER_OF_S3, SHARED_S1)}
