#!/usr/bin/python3
"""The text of random layouts, read back by the rules of the language: the parents are the model's.

A reader of just what render.py writes: targets, blocks, `over`, and which parent a flat target has.
"""

import os
import re
import sys
import unittest
from collections import Counter
from posixpath import join, normpath

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "run")]

from generate import generate  # noqa: E402
from model import is_below  # noqa: E402
from render import render  # noqa: E402

_TOKEN = re.compile(r'#[^\n]*|\s+|"(?P<string>[^"]*)"|(?P<mark>[;{}])'
                    r'|(?P<word>(?:\$\{\w+\}|[^\s";{}])+)')


class Written:
    def __init__(self, namespace, block, target, words):
        self.namespace, self.block, self.target, self.words = namespace, block, target, words
        self.parent = None

    def chain(self):
        return (self.parent.chain() if self.parent else ()) + (self.target,)


def without_groups(words):
    """Attributes without the names of groups: one may be called `over`."""
    words, plain = iter(words), []
    for word in words:
        plain.append(word)
        if word in ("shared", "slave"):
            next(words)
    return plain


def read(text):
    """The mounts in textual order, with the block each stands in."""
    mounts, words, blocks, namespace = [], [], [], ""
    for match in _TOKEN.finditer(text):
        token = match["string"] if match["string"] is not None else match["word"] or match["mark"]
        if token is None:
            continue
        if match["mark"] is None:
            words.append(token)
            continue
        opened = None
        if words[:1] == ["mount"]:
            block = blocks[-1] if blocks else None
            target = normpath(join(block.target, words[1])) if block else words[1]
            opened = Written(namespace, block, target, without_groups(words[2:]))
            mounts.append(opened)
        elif words[:1] == ["namespace"]:
            namespace = words[1]
        if token == "{":
            blocks += [opened] if opened else []
        elif token == "}":
            if blocks:
                blocks.pop()
            else:
                namespace = ""
        words = []
    return mounts


def resolve(mounts):
    """Parents, as the language has them: block, stack, longest target above."""
    for mount in mounts:
        below = [m for m in mounts[:mounts.index(mount)] if m.namespace == mount.namespace
                 and m.target == mount.target and m.block is mount.block]
        if "over" in mount.words:
            mount.parent = below[-1]
        else:
            assert not below, f"{mount.target} twice"
            mount.parent = mount.block
    for mount in mounts:
        if mount.parent is None:
            above = [m for m in mounts if m.namespace == mount.namespace
                     and is_below(mount.target, m.target)]
            longest = max((len(m.target) for m in above), default=0)
            stack = [m for m in above if len(m.target) == longest]
            tops = [m for m in stack if not any(o.parent is m and o in stack for o in stack)]
            assert len(tops) <= 1, f"{mount.target}: ambiguous"
            mount.parent = tops[0] if tops else None
    return mounts


class RenderTest(unittest.TestCase):
    def test_the_text_says_what_the_model_says(self):
        for seed in range(300):
            layout = generate(seed)
            expected = Counter((m.namespace, *(a.target for a in m.chain()))
                               for m in layout.mounts if m.kind != "implied")
            found = Counter((m.namespace, *m.chain()) for m in resolve(read(render(layout))))
            self.assertEqual(found, expected, f"seed {seed}")


if __name__ == "__main__":
    unittest.main()
