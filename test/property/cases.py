"""Which hard cases a layout holds; the property test counts in how many seeds each came up."""

from model import is_below


def _within(root, above):
    return root == above or is_below(root, above)


def _group_tree(layout, name):
    """The group and all that receive from it."""
    names, grown = {name}, True
    while grown:
        more = {g.name for g in layout.groups.values() if g.master in names} - names
        names |= more
        grown = bool(more)
    return names


def _chain_length(layout, group):
    return 1 + (_chain_length(layout, layout.groups[group.master]) if group.master else 0)


def _groups(layout):
    for group in layout.groups.values():
        members = [m for m in layout.mounts if m.shared == group.name]
        yield group, members


def slave_above_master(layout):
    for slave in layout.mounts:
        group = layout.groups.get(slave.shared)
        master = slave.slave or (group.master if group else None)
        if master and any(m.shared == master and m is not slave and slave in m.chain()
                          for m in layout.mounts):
            return True
    return False


def no_member_wide_enough(layout):
    for group, members in _groups(layout):
        tree = _group_tree(layout, group.name)
        joined = [m for m in layout.mounts if m.shared in tree or m.slave in tree]
        if not group.peers_of and members and not any(
                all(_within(j.root, m.root) for j in joined) for m in members):
            return True
    return False


def group_over_namespaces(layout):
    return any(len({m.namespace for m in members}) > 1 for _, members in _groups(layout))


def member_below_member(layout):
    return any(m.parent and other in m.parent.chain()
               for _, members in _groups(layout) for m in members for other in members)


def child_in_siblings_group(layout):
    """A mount's child is in the group of that mount's sibling."""
    return any(m.shared and m.parent and sibling is not m.parent
               and sibling.parent is m.parent.parent and sibling.namespace == m.namespace
               and sibling.shared == m.shared
               for m in layout.mounts for sibling in layout.mounts)


def hidden_child(layout):
    return any(m.parent and not m.covers() and sibling.parent is m.parent
               and is_below(m.target, sibling.target)
               for m in layout.mounts for sibling in layout.mounts if sibling is not m)


def _any(test):
    return lambda layout: any(test(layout, m) for m in layout.mounts)


CASES = {
    "slave above its master": slave_above_master,
    "no member wide enough": no_member_wide_enough,
    "group over two namespaces": group_over_namespaces,
    "stack": _any(lambda layout, m: m.covers()),
    "unbindable child": _any(lambda layout, m: m.unbindable and m.parent),
    "unbindable child of a shared mount":
        _any(lambda layout, m: m.unbindable and m.parent and m.parent.shared),
    "private child of a shared mount":
        _any(lambda layout, m: not (m.shared or m.slave or m.unbindable) and m.parent
             and m.parent.shared),
    "member below another member": member_below_member,
    "child in its parent's sibling's group": child_in_siblings_group,
    "hidden child": hidden_child,
    "child of a covered mount":
        _any(lambda layout, m: m.parent and not m.covers()
             and any(c.covers() for c in layout.children(m.parent))),
    "root in a group": _any(lambda layout, m: not m.parent and m.namespace and m.shared),
    "topmost mount in a group": _any(lambda layout, m: not m.parent and not m.namespace
                                     and (m.shared or m.slave)),
    "several topmost trees": lambda layout: sum(
        not m.parent and not m.namespace for m in layout.mounts) > 1,
    "under a shared mount": lambda layout: layout.parent_kind == "shared",
    "under a slave mount": lambda layout: layout.parent_kind == "slave",
    "chain of three groups": lambda layout: any(
        _chain_length(layout, g) > 2 for g in layout.groups.values()),
    "shared and slave": _any(lambda layout, m: m.shared in layout.groups
                             and layout.groups[m.shared].master),
    "slave only": _any(lambda layout, m: m.slave in layout.groups),
    "member of a host's group": _any(lambda layout, m: m.shared == "host"),
    "slave of a host's group": _any(lambda layout, m: m.slave == "host"),
    "filesystem at several roots": lambda layout: any(
        len({m.root for m in layout.mounts if m.superblock == name}) > 1
        for name in layout.filesystems),
    "group on a mount's own filesystem":
        _any(lambda layout, m: m.superblock == "A" and (m.shared or m.slave)),
    "clone": _any(lambda layout, m: m.kind == "clone"),
    "clone of an ancestor": _any(lambda layout, m: m.kind == "clone" and m.copied in m.chain()),
    "rclone": _any(lambda layout, m: m.kind == "rclone"),
    "rbind": _any(lambda layout, m: m.kind == "rbind"),
    "inherit": _any(lambda layout, m: m.spelling == "inherit"),
    "follow": _any(lambda layout, m: m.spelling == "follow"),
    "file": _any(lambda layout, m: m.is_file),
    "mount point made": _any(lambda layout, m: m.make),
    "child of a read-only mount":
        _any(lambda layout, m: m.parent and "ro" in m.parent.flags),
    "six deep": _any(lambda layout, m: len(m.chain()) >= 6),
}


def cases_of(layout):
    return {name for name, holds in CASES.items() if holds(layout)}
