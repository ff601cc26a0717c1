"""What a run changed in the caller's namespace: the new mounts, and nothing else.

A tree under a shared mount may stand on a guard (a private bind of the target directory over
itself), of which the peers of that mount then see one copy each. Both are allowed, and nothing
more: every older mount must be as it was.
"""

from posixpath import join, normpath, relpath

from canonical import Known
from mountinfo import lifted


def known_from(before, superblocks=None, groups=None):
    """Everything that is there before the run is foreign, unless it is given a name."""
    return Known(superblocks or {}, groups or {}, {m.device for m in before},
                 {g for m in before for g in (m.group, m.master) if g is not None})


def _is_guard(mount, parent, children):
    if parent is None or parent.group is None or len(children) != 1:
        return False
    directory = normpath(join(parent.root, relpath(mount.target, parent.target)))
    return (children[0].target == mount.target and mount.device == parent.device
            and mount.root == directory and not mount.unbindable
            and mount.group is None and mount.master is None)


def _receivers(mounts, group):
    """The mounts to which what happens in `group` propagates."""
    groups, grown = {group}, True
    while grown:
        more = {m.group for m in mounts if m.group and m.master in groups} - groups
        groups |= more
        grown = bool(more)
    return {m.id for m in mounts if m.group in groups or m.master in groups}


def new_mounts(before, after, pins=()):
    """(mounts of the layout, differences in what was there before).

    `pins` are the paths at which namespaces may have been pinned (nsfs).
    """
    differences = []
    old = {m.id: m for m in before}
    now = {m.id: m for m in after}
    for mount in before:
        if mount.id not in now:
            differences.append(f"{mount.target}: was unmounted")
        elif lifted(mount, now, old) != mount:
            differences.append(f"{mount.target}: was changed: {mount} -> {now[mount.id]}")
    added = [m for m in after if m.id not in old]
    for mount in [m for m in added if m.fstype == "nsfs" and m.target in pins]:
        added.remove(mount)

    children = {m.id: [c for c in added if c.parent == m.id] for m in added}
    for guard in [m for m in added if m.parent in old]:
        parent = old[guard.parent]
        if not _is_guard(guard, parent, children[guard.id]):
            continue
        added.remove(guard)
        receivers = _receivers(before, parent.group)
        for copy in [m for m in added if m.parent in receivers and not children[m.id]]:
            if (copy.device, copy.root) == (guard.device, guard.root):
                added.remove(copy)
    return added, differences
