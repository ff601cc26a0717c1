#!/usr/bin/python3
"""The harness against real mounts, made with mount(2): parser, stacks, groups, guards, EXPECT."""

import os
import unittest

import expect
import mountinfo
import syscalls
from canonical import Known, compare, from_mounts
from exact import known_from, new_mounts
from namespaces import in_child
from scene import Scene


def mounts_after(make):
    """(before, after): the mounts around `make(scene)` in a private namespace."""
    def child():
        syscalls.private_namespace()
        scene = Scene()
        before = mountinfo.raw()
        make(scene)
        return before + b"\0" + mountinfo.raw()

    return [mountinfo.parse(data) for data in in_child(child).split(b"\0")]


def differences(make, text, known=None):
    before, after = mounts_after(make)
    added, changed = new_mounts(before, after)
    names = Known({"mnt": mountinfo.at(before, "/mnt").device})
    return changed + compare(expect.parse(text), from_mounts("", added), known or names)


class RealMounts(unittest.TestCase):
    def equal(self, make, text):
        self.assertEqual(differences(make, text), [])

    def different(self, make, text):
        self.assertNotEqual(differences(make, text), [])

    def test_names_are_unescaped(self):
        name = "/mnt/a b\tc\\d\n#e"

        def make(scene):
            scene.tmpfs("x", name)

        mounts = mounts_after(make)[1]
        self.assertEqual(mountinfo.at(mounts, name).target, name)
        self.equal(make, r"# EXPECT /mnt/a\040b\011c\134d\012\043e x / rw private")

    def test_name_that_is_not_utf8(self):
        name = os.fsdecode(b"/mnt/\xff\xe4")
        self.equal(lambda scene: scene.tmpfs("x", name), f"# EXPECT {name} x / rw private")

    def test_flags(self):
        def make(scene):
            scene.tmpfs("a", "/mnt/a", "nosuid,nodev,noexec")
            scene.bind("/mnt/a", "/mnt/b")
            scene.flags("/mnt/b", "ro,noatime,nodiratime,nosymfollow")
            scene.bind("/mnt/a", "/mnt/c")
            scene.flags("/mnt/c", "strictatime")

        self.equal(make, """
# EXPECT /mnt/a A / nosuid,nodev,noexec private type=tmpfs
# EXPECT /mnt/b A / ro,noatime,nodiratime,nosymfollow private
# EXPECT /mnt/c A / rw,strictatime private
""")

    def test_superblocks_are_told_apart(self):
        def make(scene):
            scene.tmpfs("a", "/mnt/a")
            scene.tmpfs("b", "/mnt/b")

        self.equal(make, "# EXPECT /mnt/a B / rw private\n# EXPECT /mnt/b A / rw private")
        self.different(make, "# EXPECT /mnt/a A / rw private\n# EXPECT /mnt/b A / rw private")
        self.different(make, "# EXPECT /mnt/a A / rw private\n# EXPECT /mnt/b mnt / rw private")

    def test_groups(self):
        def make(scene):
            scene.tmpfs("a", "/mnt/a")
            scene.dir("/mnt/a/sub")
            scene.propagation("shared", "/mnt/a")
            scene.bind("/mnt/a", "/mnt/peer")
            scene.bind("/mnt/a/sub", "/mnt/slave")
            scene.propagation("slave", "/mnt/slave")
            scene.bind("/mnt/slave", "/mnt/both")
            scene.propagation("shared", "/mnt/both")
            scene.tmpfs("u", "/mnt/u")
            scene.propagation("unbindable", "/mnt/u")

        right = """
# EXPECT /mnt/a     A /    rw shared:g
# EXPECT /mnt/peer  A /    rw shared:g
# EXPECT /mnt/slave A /sub rw slave:g
# EXPECT /mnt/both  A /sub rw slave:g shared:h
# EXPECT /mnt/u     U /    rw unbindable
"""
        self.equal(make, right)
        self.equal(make, right.replace(":g", ":renamed"))
        for old, new in ((":h", ":g"), ("slave:g shared:h", "shared:h"), ("unbindable", "private"),
                         ("slave:g\n", "slave:h\n"), ("/sub", "/"), ("rw unb", "ro unb"),
                         ("# EXPECT /mnt/u     U /    rw unbindable\n", "")):
            self.different(make, right.replace(old, new, 1))

    def test_stacks_and_hidden_children(self):
        def make(scene):
            scene.tmpfs("a", "/mnt/a")
            scene.tmpfs("c", "/mnt/a/b/c")  # hidden by the next but one
            scene.tmpfs("x", "/mnt/a/x")
            scene.tmpfs("b", "/mnt/a/b")
            scene.tmpfs("x2", "/mnt/a/x", "ro")
            scene.dir("/mnt/a/b/c")
            scene.bind("/mnt", "/mnt/a/b/c")

        right = ["# EXPECT /mnt/a     A  / rw private",
                 "# EXPECT /mnt/a/b/c C  / rw private",
                 "# EXPECT /mnt/a/x   X  / rw private",
                 "# EXPECT /mnt/a/b   B  / rw private",
                 "# EXPECT /mnt/a/x   X2 / ro private",
                 "# EXPECT /mnt/a/b/c mnt / rw private"]
        self.equal(make, "\n".join(right))
        swapped = right[:]
        swapped[2], swapped[4] = swapped[4], swapped[2]
        self.different(make, "\n".join(swapped))
        swapped = right[:]
        swapped[1], swapped[5] = swapped[5], swapped[1]
        self.different(make, "\n".join(swapped))

    def test_a_changed_older_mount_is_reported(self):
        def make(scene):
            scene.propagation("shared", "/mnt")

        self.different(make, "# EXPECT nothing")
        self.different(lambda scene: scene.flags("/mnt", "nosuid"), "# EXPECT nothing")
        self.different(lambda scene: syscalls.umount("/mnt/.test"), "# EXPECT nothing")

    def test_a_foreign_group_is_not_a_new_one(self):
        def before(scene):
            scene.tmpfs("a", "/mnt/a")
            scene.propagation("shared", "/mnt/a")

        def after(scene):
            before(scene)
            scene.bind("/mnt/a", "/mnt/b")

        mounts = mounts_after(after)[1]
        old = [m for m in mounts if m.target != "/mnt/b"]
        nodes = from_mounts("", new_mounts(old, mounts)[0])
        expected = expect.parse("# EXPECT /mnt/b a / rw shared:g")
        device = mountinfo.at(mounts, "/mnt/a").device
        group = mountinfo.at(mounts, "/mnt/a").group
        self.assertNotEqual(compare(expected, nodes, known_from(old, {"a": device})), [])
        self.assertEqual(compare(expected, nodes, known_from(old, {"a": device}, {"g": group})), [])

    def test_one_guard_and_its_copies_are_no_difference(self):
        def make(scene, times=1):
            scene.dir("/mnt/t")
            for _ in range(times):
                scene.bind("/mnt/t", "/mnt/t")
                scene.propagation("private", "/mnt/t")
            scene.tmpfs("a", "/mnt/t")

        def shared(times):
            def child():
                syscalls.private_namespace()
                scene = Scene()
                scene.propagation("shared", "/mnt")
                scene.bind("/mnt", "/mnt/.test/peer")
                before = mountinfo.raw()
                make(scene, times)
                return before + b"\0" + mountinfo.raw()

            before, after = [mountinfo.parse(d) for d in in_child(child).split(b"\0")]
            added, changed = new_mounts(before, after)
            nodes = from_mounts("", added)
            return changed + compare(expect.parse("# EXPECT /mnt/t A / rw private"), nodes)

        self.assertEqual(shared(1), [])
        self.assertNotEqual(shared(2), [])
        self.different(make, "# EXPECT /mnt/t A / rw private")  # /mnt is private: no guard


class Text(unittest.TestCase):
    def test_expect_lines_read_like_mount_commands(self):
        nodes = expect.parse("""
# EXPECT [web] / S1 / rw private
# EXPECT [web] /a S1 /x ro,relatime slave:g shared:h
# EXPECT [web] /ab S1 /y - unbindable
# EXPECT [web] /a S2 / rw private super=rw,size=64k
# EXPECT [web] /a/b S2 / rw private
""")
        self.assertEqual([n.place for n in nodes],
                         [("web", "/"), ("web", "/", "/a"), ("web", "/", "/ab"),
                          ("web", "/", "/a", "/a"), ("web", "/", "/a", "/a", "/a/b")])
        self.assertEqual((nodes[1].group, nodes[1].master, nodes[1].flags),
                         ("h", "g", frozenset({"ro"})))
        self.assertEqual(expect.from_json(expect.to_json(nodes)), nodes)

    def test_a_wrong_line_is_refused(self):
        for line in ("/a S1 / rw", "/a S1 / rw sharde:g", "/a S1 / rw shared"):
            with self.assertRaises(expect.BadExpectation):
                expect.parse("# EXPECT " + line)

    def test_inode64_says_nothing(self):
        line = b"30 1 0:40 / /mnt rw,relatime - tmpfs none rw,size=4k,inode64"
        nodes = from_mounts("", mountinfo.parse(line))
        self.assertEqual(compare(expect.parse("# EXPECT /mnt A / rw private super=rw,size=4k"),
                                 nodes), [])
        self.assertNotEqual(compare(expect.parse("# EXPECT /mnt A / rw private super=rw"),
                                    nodes), [])

    def test_optional_fields_in_any_number(self):
        line = (rb"30 1 0:40 /a\040b /m\134n ro,noatime shared:3 master:2 propagate_from:1 new:9"
                rb" - t s rw")
        mount = mountinfo.parse_line(line)
        self.assertEqual((mount.root, mount.target, mount.group, mount.master, mount.fstype),
                         ("/a b", "/m\\n", 3, 2, "t"))
        self.assertEqual(mount.flags, {"ro", "noatime"})


if __name__ == "__main__":
    unittest.main()
