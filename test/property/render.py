"""Writes a random layout as text: shuffled statements, flat or in blocks, groups in any order."""

import random
from posixpath import join

from model import relative
from places import flat_parent
import world


class Renderer:
    def __init__(self, layout, without=()):
        self.layout = layout
        self.random = random.Random(f"text of {layout.seed}")
        self.without = set(without)
        self.in_block = {}  # bottom mount of a stack -> written in its parent's block
        self.dotted = set()  # mounts written as `mount .` in the block of what they cover

    def text(self):
        layout, rnd = self.layout, self.random
        self.choose_forms()
        statements = [self.group(g) for g in layout.groups.values()]
        statements += [f"filesystem {name} {kind};" for name, kind in layout.filesystems.items()]
        statements += [self.entry(path, mode) for space, path, mode in layout.entries
                       if space is None or space == ""]
        statements += [self.namespace(name) for name in layout.namespaces]
        rnd.shuffle(statements)
        statements = self.mingle(statements, self.mounts_at(""))
        if any("${base}" in s for s in statements):
            statements.insert(rnd.randrange(len(statements)), "let base = /mnt;")
        return f"# seed {layout.seed}\n" + "\n".join(statements) + "\n"

    # -- which form ---------------------------------------------------------------------------

    def choose_forms(self):
        rnd = self.random
        for mount in self.layout.mounts:
            if mount.kind == "implied" or mount.parent is None:
                continue
            if mount.covers():
                if mount.parent in self.dotted or \
                        (rnd.random() < 0.25 and "dot" not in self.without):
                    self.dotted.add(mount)
                continue
            peers = [m for m in self.layout.mounts if m.namespace == mount.namespace]
            flat = flat_parent(peers, mount.target) is mount.parent \
                and not any(m in self.dotted for m in mount.parent.chain())
            self.in_block[mount] = not flat or rnd.random() < 0.3

    def level(self, mount):
        """The mount in whose block it is written; None: directly in its namespace."""
        while mount.covers() and mount not in self.dotted:
            mount = mount.parent
        if mount in self.dotted or self.in_block.get(mount):
            return mount.parent
        return None

    def mounts_at(self, namespace, block=None):
        written = [m for m in self.layout.mounts if m.namespace == namespace
                   and m.kind != "implied" and self.level(m) is block]
        self.random.shuffle(written)
        return self.stack_order(written)

    def stack_order(self, written):
        """What covers comes after what it covers, where both are written at one level."""
        ordered = []

        def put(mount):
            if mount in ordered:
                return
            if mount.covers() and mount.parent in written:
                put(mount.parent)
            ordered.append(mount)

        for mount in written:
            put(mount)
        return [self.mount(m) for m in ordered]

    def mingle(self, first, second):
        """Both lists, each in its order."""
        mixed, queues = [], [list(first), list(second)]
        while any(queues):
            queue = self.random.choices(queues, [len(q) for q in queues])[0]
            mixed.append(queue.pop(0))
        return mixed

    # -- statements ---------------------------------------------------------------------------

    def group(self, group):
        if group.peers_of:
            return f"group {group.name} peers of {self.host_path(group.peers_of)};"
        return f"group {group.name}" + (f" slave of {group.master}" if group.master else "") + ";"

    def entry(self, path, mode):
        return f"dir {path}" + (f" {mode}" if mode else "") + ";"

    def namespace(self, name):
        inside = [self.entry(path, mode) for space, path, mode in self.layout.entries
                  if space == name]
        inside.insert(0, f"pin {self.host_path(join(world.PINS, name))};")
        self.random.shuffle(inside)
        inside = self.mingle(inside, self.mounts_at(name))
        return f"namespace {name} {{\n" + indent(inside) + "\n}"

    def mount(self, mount):
        block = self.mounts_at(mount.namespace, mount)
        attributes = self.attributes(mount)
        head = " ".join(["mount", self.target(mount), self.source(mount), *attributes])
        return head + (" {\n" + indent(block) + "\n}" if block else ";")

    def target(self, mount):
        if mount in self.dotted:
            return "."
        above = self.level(mount)
        path = relative(mount.target, above.target) if above else mount.target
        return self.quoted(path)

    def source(self, mount):
        at = f" at {mount.at}" if mount.at else ""
        if mount.kind in ("bind", "rbind"):
            return f"{mount.kind} {self.host_path(mount.source)}"
        if mount.kind in ("clone", "rclone"):
            return f"{mount.kind} {self.quoted(mount.copied.target)}{at}"
        return mount.source + at

    def attributes(self, mount):
        words = list(mount.words)
        if mount.spelling:
            words.append(mount.spelling)
        elif mount.shared:
            words.append(f"shared {mount.shared}")
        elif mount.slave:
            words.append(f"slave {mount.slave}")
        elif mount.unbindable:
            words.append("unbindable")
        elif self.random.random() < 0.2:
            words.append("private")
        if mount.make:
            words.append(mount.make)
        if mount.covers() and mount not in self.dotted:
            words.append("over")
        self.random.shuffle(words)
        return words

    def host_path(self, path):
        if self.random.random() < 0.15:
            return path.replace("/mnt", "${base}", 1)
        return self.quoted(path)

    def quoted(self, path):
        return f'"{path}"' if self.random.random() < 0.1 else path


def indent(statements):
    return "\n".join("    " + line for s in statements for line in s.split("\n"))


def render(layout, without=()):
    return Renderer(layout, without).text()
