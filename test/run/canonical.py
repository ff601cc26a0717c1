"""The canonical form of a set of mount namespaces, and the comparison of two of them.

A node is named by its place: the namespace, then the targets of all mounts on the way from the
topmost one to itself. That says parent, mount point and stack position at once: a mount that
covers another one has the same target as its parent. What superblocks and peer groups are
called does not matter: names of one side are paired with names of the other, one to one, over
all namespaces of the set.

Nothing is tolerated but what does not show a difference: the order of siblings, `relatime`
(the default), and the superblock option `inode64`.
"""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    place: tuple
    superblock: object  # a label, or major:minor
    root: str
    flags: frozenset = frozenset()
    group: object = None
    master: object = None
    unbindable: bool = False
    fstype: str | None = None  # None in an expectation: any
    super_options: frozenset | None = None  # None in an expectation: any


def show_place(place):
    namespace, *targets = place
    return (f"[{namespace}] " if namespace else "") + " > ".join(targets)


def from_mounts(namespace, mounts, above=()):
    """Nodes of `mounts`; mounts whose parent is not among them are topmost."""
    children = defaultdict(list)
    ids = {m.id for m in mounts}
    for mount in sorted(mounts, key=lambda m: m.id):
        own = mount.parent in ids and mount.parent != mount.id
        children[mount.parent if own else None].append(mount)
    nodes = []
    pending = [(m, (namespace, *above)) for m in children[None]]
    while pending:
        m, prefix = pending.pop()
        place = prefix + (m.target,)
        nodes.append(Node(place, m.device, m.root, m.flags, m.group, m.master, m.unbindable,
                          m.fstype, m.super_options))
        pending += [(child, place) for child in children[m.id]]
    return nodes


@dataclass
class Known:
    """What of the machine has a name in the expectation, and what must not be met again."""
    superblocks: dict = field(default_factory=dict)  # label -> major:minor
    groups: dict = field(default_factory=dict)  # label -> peer group id
    foreign_superblocks: set = field(default_factory=set)  # devices that are there before
    foreign_groups: set = field(default_factory=set)  # peer groups that are there before


class _Pairing:
    """A one-to-one relation between expected labels and actual names."""

    def __init__(self, kind, known, foreign):
        self.kind = kind
        self.actual = dict(known)
        self.label = {actual: label for label, actual in known.items()}
        self.foreign = set(foreign) - set(known.values())
        self.where = {}

    def check(self, label, actual, place):
        """What is wrong with `actual` standing for `label`, or None."""
        if label is None and actual is None:
            return None
        if label is None or actual is None:
            return f"{self.kind}: expected {label or 'none'}, is {actual or 'none'}"
        if actual in self.foreign:
            return f"{self.kind}: expected {label}, is {actual}, which is the host's"
        if label not in self.actual and actual not in self.label:
            self.actual[label], self.label[actual] = actual, label
            self.where[label] = place
        if self.actual.get(label) == actual:
            return None
        met = self.where.get(label, self.where.get(self.label.get(actual)))
        return (f"{self.kind}: expected {label} (elsewhere {self.actual.get(label, 'unseen')}), is "
                f"{actual} (elsewhere {self.label.get(actual, 'unseen')})"
                + (f"; first met at {show_place(met)}" if met else ""))


def _by_place(nodes, side, differences):
    found = {}
    for node in nodes:
        if node.place in found:
            differences.append(f"{show_place(node.place)}: {side} twice")
        found[node.place] = node
    return found


def _words(flags):
    return ",".join(sorted(flags)) or "none"


def _silent_super(options):
    return frozenset(options) - {"inode64", "inode32"}


def compare(expected, actual, known=None):
    """The differences between two canonical forms, a readable line each; none when equal."""
    known = known or Known()
    differences = []
    want = _by_place(expected, "expected", differences)
    have = _by_place(actual, "mounted", differences)
    superblocks = _Pairing("superblock", known.superblocks, known.foreign_superblocks)
    groups = _Pairing("group", known.groups, known.foreign_groups)

    for place in sorted(want.keys() | have.keys()):
        shown = show_place(place)
        if place not in have:
            differences.append(f"{shown}: missing")
            continue
        if place not in want:
            node = have[place]
            differences.append(f"{shown}: not expected ({node.fstype} {node.root})")
            continue
        w, h = want[place], have[place]
        found = []
        if w.fstype is not None and w.fstype != h.fstype:
            found.append(f"type: expected {w.fstype}, is {h.fstype}")
        if w.root != h.root:
            found.append(f"root: expected {w.root}, is {h.root}")
        if w.flags != h.flags:
            found.append(f"flags: expected {_words(w.flags)}, are {_words(h.flags)}")
        if w.unbindable != h.unbindable:
            found.append(f"unbindable: expected {w.unbindable}, is {h.unbindable}")
        if w.super_options is not None and \
                _silent_super(w.super_options) != _silent_super(h.super_options or ()):
            found.append(f"superblock options: expected {_words(w.super_options)}, "
                         f"are {_words(h.super_options)}")
        found.append(superblocks.check(w.superblock, h.superblock, place))
        found.append(groups.check(w.group, h.group, place))
        master = groups.check(w.master, h.master, place)
        found.append(master and "master " + master)
        differences += [f"{shown}: {text}" for text in found if text]
    return differences
