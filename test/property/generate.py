"""Random layouts that the language allows, with everything that is hard for the kernel.

About 30 mounts, up to 6 deep, on three superblocks, with 8 groups in a random forest; in two
namespaces, or as one to three trees in the caller's namespace under a private, a shared or a
slave mount, or both. Only layouts that must work: members of a group on one superblock, every
group with a member, `unbindable` never in a group nor cloned, mount points that exist or are made.
"""

import random
from posixpath import join

import world
from model import (ATIME_WORDS, FLAG_WORDS, Group, Layout, Mount, host_label, is_below,
                   with_words)
from places import Places

KINDS = ("two", "private", "two", "shared", "two", "slave", "two", "mixed")
NAMESPACES = ("web", "app")
GROUP_COUNT = 8
MOUNT_COUNT = 30
# Keywords are names as well where a name is expected.
_ODD_NAMES = ("bind", "slave", "ro", "mount", "at", "over")


class Generator:
    def __init__(self, seed, without=()):
        self.random = random.Random(seed)
        self.without = set(without)
        self.kind = KINDS[seed % len(KINDS)]
        self.layout = Layout(seed, {"shared": "shared", "slave": "slave"}.get(self.kind, "private"))
        self.places = Places(self.random, self.layout, self.without)
        self.anonymous = None  # the first mount of superblock A
        self.serial = 0

    def layout_of_seed(self):
        layout, rnd = self.layout, self.random
        spaces = {"two": list(NAMESPACES), "mixed": ["web", ""]}.get(self.kind, [""])
        layout.namespaces = [name for name in spaces if name]
        if spaces == [""] and rnd.random() < 0.3:  # pins are no targets
            layout.at = world.PARENT
        self.superblocks = rnd.sample(["S1", "S2", "S3", "scratch", "spare"], 3)
        if rnd.random() < 0.2:
            self.superblocks[rnd.randrange(3)] = "A"
        for name in {"scratch", "spare"} & set(self.superblocks):
            layout.filesystems[name] = rnd.choice(["tmpfs", "tmpfs(size=1M)", "ramfs"])
        self.make_groups()
        roles = self.roles()
        for number, (superblock, propagation) in enumerate(roles):
            namespace = spaces[number] if number < len(spaces) else rnd.choice(spaces)
            if superblock == "A" and self.anonymous:
                namespace = self.anonymous.namespace
            self.add(namespace, superblock, propagation)
        if "rclone" not in self.without and rnd.random() < 0.4:
            self.add_rclone()
        return layout

    def make_groups(self):
        rnd, groups = self.random, self.layout.groups
        if "S2" in self.superblocks and rnd.random() < 0.7:
            groups["host"] = Group("host", "S2", peers_of=world.HOSTS["S2"])
        while len(groups) < GROUP_COUNT:
            name = f"g{len(groups)}"
            if rnd.random() < 0.1:
                name = rnd.choice([n for n in _ODD_NAMES if n not in groups])
            master = rnd.choice(list(groups.values())) if groups and rnd.random() < 0.6 else None
            superblock = master.superblock if master else rnd.choice(self.superblocks)
            groups[name] = Group(name, superblock, master and master.name)

    def roles(self):
        """(superblock, propagation) of each mount: every group gets its first member."""
        rnd, groups = self.random, list(self.layout.groups.values())
        roles = [(g.superblock, ("shared", g.name)) for g in groups]
        while len(roles) < MOUNT_COUNT - 3:
            dice, group = rnd.random(), rnd.choice(groups)
            if dice < 0.55:
                word = "shared" if dice < 0.35 else "slave"
                roles.append((group.superblock, (word, group.name)))
            else:
                word = "unbindable" if dice < 0.67 else "private"
                roles.append((rnd.choice(self.superblocks), (word, None)))
        rnd.shuffle(roles)
        extras = ["new", "new", "proc", "rbind"]
        extras += ["inherit", "follow"] if "S2" in self.superblocks else []
        for _ in range(3):
            extra = rnd.choice(extras)
            superblock = rnd.choice(["S1", "S2", "S3"]) if extra == "inherit" else "S2"
            roles.insert(rnd.randrange(3, len(roles)), (superblock, (extra, None)))
        return roles

    def add(self, namespace, superblock, propagation):
        word, group = propagation
        mount = self.source(namespace, superblock, word, group)
        if word == "shared":
            mount.shared = group
        elif word == "slave":
            mount.slave = group
        elif word == "unbindable" and mount is not self.anonymous:
            mount.unbindable = True
        self.spell(mount)
        self.flag_words(mount)
        if not self.places.put(mount):
            raise RuntimeError("no place for a mount")
        if mount is self.anonymous:
            for name in world.NAMES:
                path = join(mount.target, name)
                self.layout.entries.append((mount.namespace, path, self.mode()))
        self.layout.mounts.append(mount)
        if mount.kind == "rbind":
            self.imply_tree(mount)

    def mode(self):
        return self.random.choice([None, "755", "0700", "1777"])

    def source(self, namespace, superblock, word, group):
        """A mount with its source; its place, flags and group are not settled yet."""
        rnd = self.random
        mount = Mount(namespace, None, "", "bind", superblock, "/")
        self.serial += 1
        if word == "proc":
            # Since Linux 5.8 every mount of proc has a superblock of its own.
            mount.kind, mount.superblock, mount.source = "new", f"P{self.serial}", "proc"
            mount.fstype = "proc"
        elif word == "new":
            mount.kind, mount.superblock = "new", f"N{self.serial}"
            mount.fstype = rnd.choice(["tmpfs", "ramfs"])
            mount.source = f"{mount.fstype}(mode=1777)" if rnd.random() < 0.5 else mount.fstype
        elif word == "rbind":
            mount.kind, mount.superblock, mount.source = "rbind", "R", world.TREE
        elif word in ("inherit", "follow"):
            self.from_host(mount, superblock)
            mount.spelling = word
            if superblock == "S2":
                label = host_label(world.HOSTS["S2"])
                mount.shared, mount.slave = (label, None) if word == "inherit" else (None, label)
            elif superblock == "S3":
                mount.slave = host_label(world.MASTER_OF_S3)
            elif mount.source.startswith(world.SHARED_S1):
                mount.shared = host_label(world.SHARED_S1)
        else:
            self.main_source(mount, superblock)
        return mount

    def main_source(self, mount, superblock):
        clones = self.places.clonable(mount.namespace, superblock)
        if superblock == "A" and not self.anonymous:
            mount.kind, mount.source, self.anonymous = "new", "tmpfs(size=1M)", mount
        elif clones and (superblock == "A" or self.random.random() < 0.25):
            self.from_clone(mount, self.random.choice(clones))
        elif superblock in world.HOSTS:
            self.from_host(mount, superblock)
        else:
            mount.kind, mount.source = "filesystem", superblock
            mount.at = self.path(2)
            mount.root = join("/", mount.at)
            mount.fstype = self.layout.filesystems[superblock].partition("(")[0]
            self.places.need(superblock, mount.root)

    def path(self, depth_max):
        depth = self.random.choice([0, 1, 1, 2]) if depth_max > 1 else self.random.choice([0, 1])
        return "/".join(self.random.choice(world.NAMES) for _ in range(depth))

    def from_host(self, mount, superblock):
        path = self.path(2)
        # The first mounts are roots of trees, so no files.
        if len(self.layout.mounts) > 3 and self.random.random() < 0.1:
            path, mount.is_file = join(path, world.FILE), True
        mount.source = join(world.HOSTS[superblock], path).rstrip("/")
        if superblock == "S1" and self.random.random() < 0.3:
            way, root = self.random.choice(world.WAYS_TO_S1)
            if f"{path}/".startswith(f"{root}/" if root else ""):
                mount.source = join(way, path[len(root):].lstrip("/")).rstrip("/")
        mount.root = join("/", path)
        mount.flags = world.HOST_FLAGS[superblock]

    def from_clone(self, mount, copied):
        mount.kind, mount.copied, mount.fstype = "clone", copied, copied.fstype
        mount.is_file, mount.flags = copied.is_file, copied.flags
        depth = copied.root.strip("/").count("/") + 1 if copied.root != "/" else 0
        if depth < 2 and not copied.is_file:
            single = mount.superblock == "A" or depth == 1
            if mount.superblock != "A" or depth == 0:
                mount.at = self.path(1 if single else 2)
        mount.root = join(copied.root, mount.at).rstrip("/") or "/"
        self.places.pinned_down.add(copied)
        if copied.superblock in self.layout.filesystems:
            self.places.need(copied.superblock, mount.root)

    def spell(self, mount):
        """Writes `inherit` or `follow` where that means the same as the group."""
        source = mount.copied
        if not source or mount.kind != "clone" or self.random.random() < 0.5:
            return
        if (mount.shared or mount.slave) and \
                (mount.shared, mount.slave) == (source.shared, source.slave):
            mount.spelling = "inherit"
        elif mount.slave and mount.slave == source.shared:
            mount.spelling = "follow"

    def flag_words(self, mount):
        rnd = self.random
        if rnd.random() < 0.5:
            for word, (_, sets) in FLAG_WORDS.items():
                if rnd.random() < (0.25 if sets else 0.08):
                    if all(FLAG_WORDS[word][0] != FLAG_WORDS[w][0] for w in mount.words):
                        mount.words.append(word)
            if rnd.random() < 0.3:
                mount.words.append(rnd.choice(ATIME_WORDS))
        mount.flags = with_words(mount.flags, mount.words)

    def imply(self, parent, target, like, words):
        mount = Mount(parent.namespace, parent, target, "implied", like.superblock, like.root,
                      flags=with_words(like.flags, words), fstype=like.fstype,
                      is_file=like.is_file)
        self.layout.mounts.append(mount)
        return mount

    def imply_tree(self, top):
        """The mounts below an rbind: private, with the top's flag words."""
        made = {"": top}
        for path, superblock, root, flags in world.TREE_MOUNTS[1:]:
            above = max((p for p in made if path.startswith(p + "/") or not p), key=len)
            like = Mount("", None, "", "implied", superblock, root, flags=flags)
            made[path] = self.imply(made[above], join(top.target, path), like, top.words)

    def add_rclone(self):
        candidates = self.places.subtrees()
        if not candidates:
            return
        copied = self.random.choice(candidates)
        mount = Mount(copied.namespace, None, "", "rclone", copied.superblock, copied.root,
                      copied=copied, flags=copied.flags, fstype=copied.fstype)
        self.flag_words(mount)
        if not self.places.put(mount, outside=copied):
            return
        self.layout.mounts.append(mount)
        self.imply_subtree(copied, mount, mount)

    def imply_subtree(self, original, twin, top):
        for child in self.layout.children(original):
            target = twin.target if child.covers() else \
                join(twin.target, child.target[len(original.target):].lstrip("/"))
            implied = self.imply(twin, target, child, top.words)
            implied.copied = child
            self.imply_subtree(child, implied, top)


def uncover(layout):
    """Takes `unbindable` from what a lookup from its tree's root does not find.

    Before Linux 6.15 nothing else can tell such a mount of a cloned tree.
    """
    for mount in layout.mounts:
        chain = mount.chain()
        hidden = any(child.covers() for child in layout.children(mount))
        for parent, child in zip(chain, chain[1:]):
            hidden |= child.covers() and parent is chain[0]
            for other in layout.children(parent):
                if other is child or (other.covers() and parent is chain[0]):
                    continue
                hidden |= other.covers() or other.target == child.target \
                    or is_below(child.target, other.target)
        if hidden and len(chain) > 1:
            mount.unbindable = False


def generate(seed, without=()):
    """The layout of a seed; a dead end is left for another draw."""
    for attempt in range(100):
        try:
            generator = Generator(seed, without)
            generator.random = random.Random(f"{seed}.{attempt}")
            generator.places.random = generator.random
            layout = generator.layout_of_seed()
            if "covered" in without:
                uncover(layout)
            return layout
        except RuntimeError:
            continue
    raise RuntimeError(f"seed {seed}: no layout found")
