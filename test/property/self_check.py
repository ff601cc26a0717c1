#!/usr/bin/python3
"""Would the comparison notice? Every single change of an expectation must make it fail.

The actual side is what the kernel shows of random layouts, made by the reference. Renaming
superblocks and groups, and another order of the mounts, must not matter. The tests of the
canonicaliser itself and of the layouts' text (test_canonical.py, test_render.py) run along.
"""

import os
import pickle
import random
import sys
import unittest
from dataclasses import replace

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "run")]

import test_canonical  # noqa: E402
import test_render  # noqa: E402
import world  # noqa: E402
from canonical import compare  # noqa: E402
from generate import NAMESPACES, generate  # noqa: E402
from namespaces import in_child, stay_on_one_processor  # noqa: E402
from seeds import Options, differences_of, forget  # noqa: E402

SEEDS = range(16)


def make_all():
    """In a namespace of its own: (expected, actual, known) of every seed."""
    def one(layout):
        seen = []
        differences = differences_of(layout, Options("", "", "reference"),
                                     lambda *found: seen.extend(found))
        assert not differences, differences
        return pickle.dumps(seen)

    def all_seeds():
        stay_on_one_processor()
        world.make(NAMESPACES)
        seen = []
        for layout in map(generate, SEEDS):
            seen.append(pickle.loads(in_child(lambda layout=layout: one(layout))))
            forget(layout)
        return pickle.dumps(seen)

    return pickle.loads(in_child(all_seeds))


def partners(nodes):
    """How many places name each group."""
    count = {}
    for node in nodes:
        for group in (node.group, node.master):
            if group is not None:
                count[group] = count.get(group, 0) + 1
    return count


def changes_of_node(node, nodes, known):
    """(what was changed, the changed node) for one node of an expectation."""
    count = partners(nodes)
    for flag in ("ro", "nosuid", "nodev", "noexec", "noatime", "strictatime", "nodiratime",
                 "nosymfollow"):
        yield "flag", replace(node, flags=node.flags ^ {flag})
    yield "root", replace(node, root=os.path.join(node.root, "elsewhere"))
    yield "unbindable", replace(node, unbindable=not node.unbindable)
    yield "type", replace(node, fstype="ext4")
    # A name that nobody else bears may be exchanged for a fresh one: that is renaming.
    shared = sum(n.superblock == node.superblock for n in nodes) > 1
    if shared or node.superblock in known.superblocks:
        yield "superblock", replace(node, superblock="fresh")
    for other in {n.superblock for n in nodes} - {node.superblock}:
        yield "superblock", replace(node, superblock=other)
    for name in ("group", "master"):
        old = getattr(node, name)
        for label in set(count) - {old}:
            yield name, replace(node, **{name: label})
        if old is None or count[old] > 1 or old in known.groups:
            yield name, replace(node, **{name: "fresh"})
        if old is not None:
            yield name, replace(node, **{name: None})


def moved(nodes, old, new):
    """All nodes with the place `old`, and what is below it, at `new`."""
    return [replace(n, place=new + n.place[len(old):]) if n.place[:len(old)] == old else n
            for n in nodes]


def changes_of_place(node, nodes):
    """Another parent, another namespace, another target, another stack position."""
    places = {n.place for n in nodes}
    for parent in places:
        place = parent + node.place[-1:]
        if parent[:len(node.place)] != node.place and place not in places:
            yield "parent", moved(nodes, node.place, place)
    yield "target", moved(nodes, node.place, node.place[:-1] + (node.place[-1] + "x",))
    yield "namespace", moved(nodes, node.place, ("elsewhere", node.place[-1]))
    below = next((n for n in nodes if n.place == node.place[:-1]
                  and n.place[-1] == node.place[-1]), None)
    if below and replace(below, place=()) != replace(node, place=()):
        twins = {id(node): below.place, id(below): node.place}
        yield "stack", [replace(n, place=twins.get(id(n), n.place)) for n in nodes]
    yield "extra", nodes + [replace(node, place=node.place + (node.place[-1],))] \
        if node.place + (node.place[-1],) not in places else nodes[1:]
    yield "missing", [n for n in nodes if n is not node]


class SelfCheck(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runs = make_all()

    def test_what_was_made_is_what_is_expected(self):
        for expected, actual, known in self.runs:
            self.assertEqual(compare(expected, actual, known), [])

    def test_names_and_order_do_not_matter(self):
        for expected, actual, known in self.runs:
            kept = set(known.groups.values()) | set(known.superblocks.values())

            def renamed(name, kept=kept):
                return name if name is None or name in kept else f"other {name}"

            other = [replace(n, superblock=renamed(n.superblock), group=renamed(n.group),
                             master=renamed(n.master)) for n in actual]
            random.Random(1).shuffle(other)
            self.assertEqual(compare(expected, other, known), [])
            labels = [replace(n, superblock=n.superblock if n.superblock in known.superblocks
                              else f"my {n.superblock}") for n in expected]
            self.assertEqual(compare(labels, other, known), [])

    def test_every_change_is_noticed(self):
        seen = {}
        for expected, actual, known in self.runs:
            for index, node in enumerate(expected):
                variants = [(what, expected[:index] + [changed] + expected[index + 1:])
                            for what, changed in changes_of_node(node, expected, known)]
                for what, variant in variants + list(changes_of_place(node, expected)):
                    seen[what] = seen.get(what, 0) + 1
                    if not compare(variant, actual, known):
                        self.fail(f"unnoticed: {what} of {node}")
        self.assertEqual(set(seen), {"flag", "root", "unbindable", "type", "superblock", "group",
                                     "master", "parent", "target", "namespace", "stack", "extra",
                                     "missing"})
        self.assertGreater(min(seen.values()), 10, seen)
        print("changes, all noticed:", ", ".join(f"{k} {v}" for k, v in sorted(seen.items())))


def main():
    loader, suite = unittest.defaultTestLoader, unittest.TestSuite()
    suite.addTests(loader.loadTestsFromTestCase(SelfCheck))
    for module in (test_canonical, test_render):
        suite.addTests(loader.loadTestsFromModule(module))
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed", flush=True)
    return 1 if failed or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
