"""Finds a place for a random mount: a parent, a target, and a mount point that there is or that is
made."""

from posixpath import join

import world
from model import is_below

DEPTH_MAX = 6
TOPMOST_MAX = 3
_LEAVES = ("rbind", "rclone", "implied")


def flat_parent(mounts, target):
    """The mount that a flat target belongs to, or None where the text alone is not enough."""
    above = [m for m in mounts if is_below(target, m.target)]
    longest = max((len(m.target) for m in above), default=0)
    stack = [m for m in above if len(m.target) == longest]
    tops = [m for m in stack if not any(other.parent is m for other in stack)]
    bottoms = [m for m in stack if not m.covers()]
    return tops[0] if len(tops) == 1 and len(bottoms) == 1 else None


class Places:
    def __init__(self, rnd, layout, without):
        self.random = rnd
        self.layout = layout
        self.without = without
        self.pinned_down = set()  # named by a clone: never covered
        self.serial = 0

    def of(self, namespace):
        return [m for m in self.layout.mounts if m.namespace == namespace]

    def put(self, mount, outside=None):
        """Settles parent and target; False when no place was found."""
        mounts = self.of(mount.namespace)
        if not mounts and mount.is_file:
            return False
        if not mounts:
            mount.target = "/" if mount.namespace else self.topmost(0)
            return True
        for _ in range(200):
            dice = self.random.random()
            tops = [m for m in mounts if m.parent is None]
            if dice < 0.08 and not mount.namespace and len(tops) < TOPMOST_MAX \
                    and not mount.is_file:
                mount.target = self.topmost(len(tops))
                return True
            found = self.cover(mount, mounts) if dice > 0.88 and "over" not in self.without \
                else self.below(mount, mounts)
            if not found or (outside and outside in found[0].chain()):
                continue
            parent, target, make = found
            if "hidden" in self.without and self.hides(mounts, mount, parent, target):
                continue
            mount.parent, mount.target = parent, target
            self.settle(mount, make)
            return True
        return False

    def topmost(self, number):
        prefix = "" if self.layout.at else world.PARENT
        return f"{prefix}/{world.TOPMOST[number]}"

    def hides(self, mounts, mount, parent, target):
        old = mount.parent, mount.target
        mount.parent, mount.target = parent, target
        every = mounts + [mount]
        hidden = any(m.parent and not m.covers() and m.kind != "implied"
                     and flat_parent(every, m.target) is not m.parent for m in every)
        mount.parent, mount.target = old
        return hidden

    def cover(self, mount, mounts):
        covered = {m.parent for m in mounts if m.covers()}
        candidates = [m for m in mounts
                      if m not in covered and m.kind not in _LEAVES and m.is_file == mount.is_file
                      and not (m.parent is None and m.namespace) and m.superblock != "A"
                      and len(m.chain()) < DEPTH_MAX and not self.pinned_down & set(m.chain())
                      and mount.superblock != "A"]
        if not candidates:
            return None
        parent = self.random.choice(candidates)
        return parent, parent.target, None

    def below(self, mount, mounts):
        candidates = [m for m in mounts if not m.is_file and m.kind not in _LEAVES
                      and m.fstype != "proc" and len(m.chain()) < DEPTH_MAX]
        if not candidates:
            return None
        recent = candidates[-4:] if self.random.random() < 0.5 else candidates
        parent = self.random.choice(recent)
        path, make = self.mount_point(parent, mount.is_file)
        target = join(parent.target, path)
        if any(m.target == target for m in mounts):
            return None
        return parent, target, make

    def mount_point(self, parent, is_file):
        """A path inside the parent, and what has to be made for it."""
        rnd, superblock = self.random, parent.superblock
        declared = superblock in self.layout.filesystems
        names = [rnd.choice(world.NAMES) for _ in range(rnd.choice([1, 1, 2]))]
        if superblock in world.HOSTS and rnd.random() < 0.9:
            return "/".join(names[1:] + [world.FILE] if is_file else names), None
        if not is_file and declared and rnd.random() < 0.6:
            return "/".join(names), "exists"
        if not is_file and superblock == "A" and parent.root == "/" and rnd.random() < 0.6:
            return names[0], None
        self.serial += 1
        name = f"k{self.serial}"
        if is_file:
            return name, rnd.choice(["touch", "touch 600"])
        if rnd.random() < 0.3:
            return name + "/in", "mkdir(parents)"
        return name, rnd.choice(["mkdir", "mkdir 700"])

    def settle(self, mount, make):
        parent = mount.parent
        if make == "exists":
            self.need(parent.superblock, parent.within(mount.target))
            if self.random.random() < 0.2:
                mount.make = "mkdir"  # there already: success
        else:
            mount.make = make
        # Also a mount point of a declared filesystem may lie below an `at` that has to be there.
        if make and make != "exists" and parent.superblock in world.HOSTS:
            path = world.HOSTS[parent.superblock] + parent.within(mount.target)
            if make == "mkdir(parents)":
                self.layout.host_directories.append(path.rpartition("/")[0])
            self.layout.host_directories.append(path)

    def need(self, filesystem, path):
        """Declares the directories of `path` in a filesystem of the layout."""
        parts = path.strip("/").split("/")
        for count in range(1, len(parts) + 1):
            entry = f"{filesystem}:/" + "/".join(parts[:count])
            if parts[0] and all(entry != known for _, known, _ in self.layout.entries):
                mode = self.random.choice([None, "755", "0700", "1777"])
                self.layout.entries.append((None, entry, mode))

    def clonable(self, namespace, superblock):
        """Mounts that `clone TARGET` can name without doubt."""
        if "clone" in self.without and superblock != "A":
            return []
        mounts = self.of(namespace)
        covered = {m.parent for m in mounts if m.covers()}
        twice = [m.target for m in mounts]
        return [m for m in mounts
                if m.superblock == superblock and not m.unbindable and not m.covers()
                and m not in covered and m.kind not in _LEAVES and twice.count(m.target) == 1]

    def subtrees(self):
        """Mounts that can be taken by rclone: a few mounts, none of them unbindable."""
        found = []
        for namespace in {m.namespace for m in self.layout.mounts}:
            mounts = self.of(namespace)
            covered = {m.parent for m in mounts if m.covers()}
            for top in mounts:
                tree = [m for m in mounts if top in m.chain()]
                if (2 <= len(tree) <= 6 and top.parent and not top.covers()
                        and top not in covered and top.superblock != "A"
                        and [m.target for m in mounts].count(top.target) == 1
                        and not any(m.unbindable or m.kind in _LEAVES for m in tree)):
                    found.append(top)
        return found
