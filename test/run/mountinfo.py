"""Parser of /proc/PID/mountinfo (proc(5)): one Mount a line, nothing judged."""

import os
import re
from dataclasses import dataclass, replace

# Per-mount options that say nothing: the default access-time mode, and the absence of `ro`.
_SILENT = {"rw", "relatime"}
_ATIME = {"noatime", "relatime"}


@dataclass(frozen=True)
class Mount:
    id: int
    parent: int
    device: str  # major:minor of the superblock
    root: str  # what of the superblock the mount shows
    target: str  # mount point, as seen from the reading process's root
    flags: frozenset  # per-mount flags; `strictatime` where neither relatime nor noatime is set
    group: int | None  # shared:N
    master: int | None  # master:N
    unbindable: bool
    fstype: str
    source: str
    super_options: frozenset


def unescape(field):
    """Undoes the \\ooo of seq_path(); bytes to str as file names are."""
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), field))


def parse_line(line):
    before, _, after = line.partition(b" - ")
    fields = before.split(b" ")
    fstype, source, super_options = (after.split(b" ") + [b"", b""])[:3]
    tags = {}
    for tag in fields[6:]:
        key, _, value = tag.partition(b":")
        tags[key] = int(value) if value.isdigit() else value or True
    options = set(os.fsdecode(fields[5]).split(","))
    flags = options - _SILENT
    if not options & _ATIME:
        flags.add("strictatime")
    return Mount(
        id=int(fields[0]), parent=int(fields[1]), device=fields[2].decode(),
        root=unescape(fields[3]), target=unescape(fields[4]), flags=frozenset(flags),
        group=tags.get(b"shared"), master=tags.get(b"master"),
        unbindable=b"unbindable" in tags, fstype=unescape(fstype), source=unescape(source),
        super_options=frozenset(unescape(super_options).split(",")))


def parse(data):
    return [parse_line(line) for line in data.split(b"\n") if line]


def raw(pid="self", proc=None):
    """The file of process `pid`; `proc` is an fd of /proc where the path is out of reach."""
    path = f"{pid}/mountinfo" if proc is not None else f"/proc/{pid}/mountinfo"
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc), "rb") as file:
        return file.read()


def read(pid="self", proc=None):
    return parse(raw(pid, proc))


def at(mounts, path):
    """The topmost mount at `path`, or None."""
    here = [m for m in mounts if m.target == path]
    covered = {m.parent for m in here}
    return next((m for m in here if m.id not in covered), None)


def lifted(mount, now, old):
    """The mount as it is now, but what a new mount went beneath counts as attached where it was."""
    new, below = now[mount.id], now.get(now[mount.id].parent)
    while below and below.id not in old and below.target == new.target:
        below = now.get(below.parent)
    return replace(new, parent=below.id) if below and below.id in old else new
