"""What a layout means, as the generator knows it: mounts with parents, groups, filesystems.

It gives the expectation (canonical nodes). How the layout is written is render.py's concern.
"""

from dataclasses import dataclass, field
from posixpath import join

from canonical import Node

# word -> (flag, whether it sets it)
FLAG_WORDS = {}
for _flag, _off in (("ro", "rw"), ("nosuid", "suid"), ("nodev", "dev"), ("noexec", "exec"),
                    ("nosymfollow", "symfollow"), ("nodiratime", "diratime")):
    FLAG_WORDS[_flag], FLAG_WORDS[_off] = (_flag, True), (_flag, False)
ATIME_WORDS = ("noatime", "strictatime", "relatime")


def with_words(flags, words):
    """The flags of a mount whose source has `flags`, after the attribute `words`."""
    flags = set(flags)
    for word in words:
        if word in ATIME_WORDS:
            flags -= set(ATIME_WORDS)
            flags |= {word} - {"relatime"}
        else:
            flag, on = FLAG_WORDS[word]
            (flags.add if on else flags.discard)(flag)
    return frozenset(flags)


@dataclass
class Group:
    name: str
    superblock: str
    master: str | None = None
    peers_of: str | None = None  # mount point of the host's member

    def label(self):
        """What the expectation calls it; a host's group is named after its mount."""
        return host_label(self.peers_of) if self.peers_of else self.name


def host_label(path):
    return "=" + path


@dataclass(eq=False)
class Mount:
    namespace: str  # empty: the caller's
    parent: "Mount | None"
    target: str  # absolute, as written
    kind: str  # bind, rbind, filesystem (declared), new, clone, rclone, implied
    superblock: str
    root: str
    source: str = ""  # path of a bind, name of a filesystem, type with options of a new one
    at: str = ""  # path inside a declared filesystem or the cloned mount
    copied: "Mount | None" = None
    words: list = field(default_factory=list)  # flag words
    flags: frozenset = frozenset()
    shared: str | None = None  # group labels
    slave: str | None = None
    unbindable: bool = False
    spelling: str | None = None  # `inherit` or `follow` in place of a group
    make: str | None = None  # mkdir, touch
    is_file: bool = False
    fstype: str = "tmpfs"

    def chain(self):
        """The mounts from the topmost one down to this."""
        return (self.parent.chain() if self.parent else []) + [self]

    def covers(self):
        """Whether it lies over another mount, on the same target."""
        return self.parent is not None and self.parent.target == self.target

    def within(self, path):
        """The path inside the superblock of `path`, an absolute path below the target."""
        return join(self.root, relative(path, self.target))


def relative(path, above):
    return path[len(above):].lstrip("/") if path != above else ""


def is_below(path, above):
    """Proper path prefix."""
    return path != above and (above == "/" or path.startswith(above + "/"))


@dataclass
class Layout:
    seed: int
    parent_kind: str = "private"  # of the mount under the topmost targets
    at: str = ""  # --at, a prefix of the caller's targets
    namespaces: list = field(default_factory=list)
    groups: dict = field(default_factory=dict)
    filesystems: dict = field(default_factory=dict)  # name -> type with options
    mounts: list = field(default_factory=list)  # every parent before its children
    entries: list = field(default_factory=list)  # (namespace or None, path, mode)
    host_directories: list = field(default_factory=list)  # that mkdir and touch leave behind

    def real_group(self, name):
        """(label, label of the master) of a group's members."""
        if name is None or name not in self.groups:
            return name, None  # a label of the host's
        group = self.groups[name]
        master = self.groups[group.master].label() if group.master else None
        return group.label(), master

    def node(self, mount):
        prefix = self.at if not mount.namespace else ""
        place = (mount.namespace, *(prefix + m.target for m in mount.chain()))
        group, master = self.real_group(mount.shared)
        if mount.slave:
            master = self.real_group(mount.slave)[0]
        return Node(place, mount.superblock, mount.root, mount.flags, group, master,
                    mount.unbindable, mount.fstype)

    def nodes(self):
        return [self.node(m) for m in self.mounts]

    def children(self, mount):
        return [m for m in self.mounts if m.parent is mount]
