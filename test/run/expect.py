"""Expectations that are written by hand: EXPECT lines, or JSON, to canonical nodes.

A line is one mount, and the lines read like mount(8) commands one after another: a mount goes
where the target leads among the mounts listed before, so a second line with the same target
covers the first, and what shall be hidden comes before what hides it.

    # EXPECT [NAMESPACE] TARGET SUPERBLOCK ROOT FLAGS PROPAGATION... [type=T] [super=OPTIONS]
    # EXPECT       /mnt      scratch /     rw,nosuid  private
    # EXPECT       /mnt/a    S1      /sub  ro         slave:g shared:h
    # EXPECT [web] /         S1      /     rw         unbindable
    # EXPECT nothing

Blanks in paths are written \\040, as in mountinfo. `rw` and `relatime` say nothing. Where a
machine may lack something, `EXPECT if PATH ...` holds only if PATH exists there. What is bound from
the machine itself may be a mount of its own, or lie on one of another root: `@PATH` for SUPERBLOCK,
and `@` for ROOT, stand for what PATH shows before the run, and `=PATH` among the flags for the
flags of the mount that it lies on.
"""

import json
import os
import re

import mountinfo
from canonical import Node
from mountinfo import unescape

_LINE = re.compile(r"^\s*#\s*EXPECT\s+(.*?)\s*$", re.MULTILINE)


class BadExpectation(Exception):
    pass


def is_below(path, above):
    return above == "/" or path == above or path.startswith(above + "/")


def _attributes(words, line):
    fields = {}
    for word in words:
        key, separator, value = word.replace("=", ":", 1).partition(":")
        if word == "unbindable":
            fields["unbindable"] = True
        elif key in ("shared", "slave") and value:
            fields[{"shared": "group", "slave": "master"}[key]] = value
        elif key == "type" and value:
            fields["fstype"] = value
        elif key == "super" and value:
            fields["super_options"] = frozenset(word.partition("=")[2].split(","))
        elif word != "private" or separator:
            raise BadExpectation(f"`{word}` in: {line}")
    return fields


def lookup(target, listed):
    """The mount that a walk along the path `target` ends in, or None."""
    mount, below = None, [n for n in listed if len(n.place) == 2]
    while True:
        below = [n for n in below if is_below(target, n.place[-1])]
        if not below:
            return mount
        mount = min(below, key=lambda n: len(n.place[-1]))
        below = [n for n in listed if n.place[:-1] == mount.place]


def _holder(before, path):
    """The mount that PATH lies on before the run."""
    while path != "/" and not mountinfo.at(before, path):
        path = os.path.dirname(path)
    return mountinfo.at(before, path)


def _shown(path, before, superblocks):
    """(label of the superblock, root) of what PATH shows; the label is added where it has none."""
    path = os.path.realpath(path)
    mount = _holder(before, path)
    label = next((name for name, device in superblocks.items() if device == mount.device), path)
    superblocks[label] = mount.device
    below = os.path.relpath(path, mount.target)
    return label, os.path.normpath(os.path.join(mount.root, below))


def _flags(words, before):
    flags = set()
    for word in words.split(","):
        if word.startswith("="):
            flags |= _holder(before, word[1:]).flags
        else:
            flags.add(word)
    return frozenset(flags - {"rw", "relatime", "-"})


def parse_line(line, listed, before=(), superblocks=None):
    """One node, or None; `listed` are those of the lines above."""
    words = [unescape(os.fsencode(word)) for word in line.split()]
    namespace = ""
    if words[:1] == ["if"]:
        if not os.path.exists(words[1]):
            return None
        del words[:2]
    if words and re.fullmatch(r"\[.*\]", words[0]):
        namespace = words.pop(0)[1:-1]
    if len(words) < 5:
        raise BadExpectation(f"too few columns: {line}")
    target, superblock, root, flags, *rest = words
    if superblock.startswith("@"):
        superblock, root = _shown(superblock[1:], before, superblocks)
    parent = lookup(target, [n for n in listed if n.place[0] == namespace])
    place = (parent.place if parent else (namespace,)) + (target,)
    return Node(place, superblock, root, _flags(flags, before), **_attributes(rest, line))


def parse(text, before=(), superblocks=None):
    """The nodes of all EXPECT lines of a file; None when it has no such line."""
    lines = _LINE.findall(text)
    if not lines:
        return None
    nodes = []
    for line in lines:
        node = parse_line(line, nodes, before, superblocks) if line != "nothing" else None
        if node:
            nodes.append(node)
    return nodes


def from_json(text):
    """A list of objects with the fields of Node."""
    nodes = []
    for entry in json.loads(text):
        entry["place"] = tuple(entry["place"])
        entry["flags"] = frozenset(entry.get("flags", ()))
        if entry.get("super_options") is not None:
            entry["super_options"] = frozenset(entry["super_options"])
        nodes.append(Node(**entry))
    return nodes


def to_json(nodes):
    def fields(node):
        return {key: sorted(value) if isinstance(value, frozenset) else value
                for key, value in vars(node).items()}

    return json.dumps([fields(node) for node in nodes], indent=1)


def load(path, before=(), superblocks=None):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    nodes = from_json(text) if path.endswith(".json") else parse(text, before, superblocks)
    if nodes is None:
        raise BadExpectation(f"{path}: no EXPECT line")
    return nodes
