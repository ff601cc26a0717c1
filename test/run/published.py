"""What a run has made visible, for the tests that kill a run or fail its calls.

Knows nothing of layouts: it tells which mounts are new, and whether two runs have published the
same trees up to the numbers that the kernel gives.
"""

import os
import re
from typing import NamedTuple

from mountinfo import lifted


class Published(NamedTuple):
    trees: dict  # lists of mounts by target; those of a pinned namespace as `in PIN`
    names: dict  # of the devices and groups that were there before the run
    guards: frozenset  # targets whose tree begins with a guard
    changed: list  # older mounts that are gone or not as they were
    made: frozenset  # paths that the run has made in the filesystems of the scene


def _below(mounts, top):
    """`top` and all mounts below it, parents first, siblings by mount point."""
    found = [top]
    children = [m for m in mounts if m.parent == top.id and m.id != top.id]
    for child in sorted(children, key=lambda m: (m.target, m.root, m.device)):
        found += _below(mounts, child)
    return found


def whole_tree(mounts):
    """All mounts of a namespace."""
    ids = {m.id for m in mounts}
    tops = [m for m in mounts if m.parent not in ids or m.parent == m.id]
    return [m for top in tops for m in _below(mounts, top)]


def new_trees(before, after):
    """The trees of mounts that are only in `after`, by the target of their topmost mount."""
    old = {m.id for m in before}
    new = [m for m in after if m.id not in old]
    return {m.target: _below(new, m) for m in new if m.parent in old}


def changed_mounts(before, after):
    old, now = {m.id for m in before}, {m.id: m for m in after}
    return [m for m in before if m.id not in now or lifted(m, now, old) != m]


def guards_in(before, trees):
    """Targets where the first new mount binds the target directory onto itself."""
    parents = {m.id: m for m in before}
    guards = set()
    for target, (guard, *_) in trees.items():
        parent = parents.get(guard.parent)
        if parent is None:
            continue
        rest = os.path.relpath(guard.target, parent.target)
        covered = os.path.normpath(os.path.join(parent.root, rest))
        if guard.device == parent.device and guard.root == covered and guard.master is None:
            guards.add(target)
    return frozenset(guards)


def without_guards(published):
    """Only what stands on the guards."""
    trees = {target: tree[1:] if target in published.guards else tree
             for target, tree in published.trees.items()}
    return published._replace(trees=trees, guards=frozenset())


def names_of(before):
    """Names that do not depend on numbers, for the devices and groups of `before`."""
    names = {}
    for mount in sorted(before, key=lambda m: (m.target, m.id)):
        names.setdefault(("device", mount.device), f"the device of {mount.target}")
        for group in (mount.group, mount.master):
            if group is not None:
                names.setdefault(("group", group), f"a group of {mount.target}")
    return names


def canonical(published, targets):
    """The trees at `targets` as a list without the kernel's numbers.

    A group ends with its last member. So a slave whose master is not among `targets` is shown
    as the kernel leaves it then: as a slave of the next master that is still there.
    """
    everything = [m for tree in published.trees.values() for m in tree]
    shown = [m for target in sorted(targets) for m in published.trees[target]]
    masters = {m.group: m.master for m in everything if m.group is not None}
    alive = {m.group for m in shown} | {g for kind, g in published.names if kind == "group"}
    names = dict(published.names)

    def name(kind, number):
        if number is None:
            return None
        return names.setdefault((kind, number), f"{kind} {len(names)}")

    def master_of(mount):
        master = mount.master
        while master in masters and master not in alive:
            master = masters[master]
        return name("group", master)

    places = {m.id: at for at, m in enumerate(shown)}
    return [(places.get(m.parent), m.target, name("device", m.device),
             re.sub(r":\[\d+\]$", "", m.root), sorted(m.flags), name("group", m.group),
             master_of(m), m.unbindable, m.fstype, m.source, sorted(m.super_options))
            for m in shown]


def defects_after_kill(published, whole):
    """Why `published` is not a part of `whole` that a kill may leave; empty when it is one."""
    may_change = {m.target for m in whole.changed}
    defects = [f"changed: {m.target}" for m in published.changed if m.target not in may_change]
    defects += [f"made: {path}" for path in published.made - whole.made]
    guards = {t for t in published.guards & whole.guards
              if len(published.trees[t]) == 1 < len(whole.trees[t])}
    targets = published.trees.keys() - guards
    defects += [f"a tree at {t}" for t in targets - whole.trees.keys()]
    if not defects and canonical(published, targets) != canonical(whole, targets):
        defects.append(f"part of a tree at {', '.join(sorted(targets))}")
    return defects


def defects_of_success(published, whole):
    """Why `published` is not all that `whole` is; a guard more or less is no difference."""
    shown, expected = without_guards(published), without_guards(whole)
    if (shown.trees.keys() == expected.trees.keys() and
            canonical(shown, shown.trees) == canonical(expected, expected.trees)):
        return []
    return ["not the whole tree"]


def defects_of_nothing(published):
    """Why `published` is not nothing at all."""
    return ([f"changed: {m.target}" for m in published.changed] +
            [f"mounts at {t}" for t in sorted(published.trees)] +
            [f"made: {path}" for path in sorted(published.made)])
