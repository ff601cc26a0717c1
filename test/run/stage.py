"""A stage: where a layout is run again and again, each time in a fresh private mount namespace.

A scene is made by shell commands, in an empty directory on a tmpfs. example_scenes.py has those
of the examples; other layouts say what they need in comment lines `# scene: COMMANDS` and
`# options: OPTIONS`, which are mountrun's; `# parents: private` keeps the targets' mounts private,
and `# signals: wait` says that something cannot be taken back.
"""

import os
import pickle
import re
import stat
import subprocess
import tempfile
from typing import NamedTuple

import mountinfo
import published
import syscalls
from example_scenes import Scene
from features import TARGET
from namespaces import in_child


class Call(NamedTuple):
    index: int
    name: str
    args: str
    result: str  # "3", "-1 EINVAL" or "?"
    injected: bool


class Run(NamedTuple):
    status: int
    report: str  # what the run wrote to standard error and output
    calls: list  # empty unless they were asked for
    published: published.Published


def scene_in(layout):
    """The scene that a layout asks for in its comments."""
    with open(layout, encoding="utf-8") as file:
        lines = re.findall(r"^# (scene|options|parents|signals): (.*)$", file.read(), re.MULTILINE)
    return Scene("\n".join(text for key, text in lines if key == "scene"),
                 options=" ".join(text for key, text in lines if key == "options"),
                 private=("parents", "private") in lines, waits=("signals", "wait") in lines)


class Stage:
    """Enters a private mount namespace for good, makes the scene and compiles the layout."""

    def __init__(self, layout, mountc, sysinject, scene):
        self.sysinject = os.path.abspath(sysinject)
        syscalls.private_namespace()
        self.base = tempfile.mkdtemp(prefix="mountc-")
        syscalls.mount("tmpfs", self.base, "tmpfs", data="mode=755")
        self.scratch = os.path.join(self.base, "scene")
        self.out = os.path.join(self.base, "out")
        os.mkdir(self.out)

        def placed(text):
            examples = os.path.dirname(os.path.abspath(layout))
            return text.replace("{scratch}", self.scratch).replace("{examples}", examples)

        self.commands = placed(scene.commands)
        self.options = placed(scene.options)
        self.plan = os.path.join(self.out, "plan")
        defines = [part for define in scene.defines for part in ("-D", placed(define))]
        subprocess.run([mountc, "compile", layout, "-o", self.plan, *TARGET, *defines], check=True)
        self.private = scene.private
        self.waits = scene.waits
        self.shared = False
        self.targets = ()
        old = mountinfo.read()
        self._make_scene()
        # The copies of shared mounts in each run's namespace would be peers of the stage's.
        self.afresh = any(m.group or m.master for m in mountinfo.read())
        if self.afresh:
            for mount in reversed(mountinfo.read()):
                if mount.id not in {m.id for m in old}:
                    syscalls.umount(mount.target)

    def close(self):
        syscalls.umount(self.base)
        os.rmdir(self.base)

    def _make_scene(self):
        os.makedirs(self.scratch, exist_ok=True)
        syscalls.mount("tmpfs", self.scratch, "tmpfs", data="mode=755")
        subprocess.run(["sh", "-ec", self.commands], cwd=self.scratch, check=True,
                       stdin=subprocess.DEVNULL)

    def share_targets(self, whole):
        """From now on the mounts under the topmost targets of `whole` are shared."""
        if not self.private:
            self.targets = tuple(t for t in whole.trees if t.startswith("/"))
        self.shared = True

    def run(self, inject, command, keep_calls=False):
        """Runs `command` under `sysinject INJECT`, in a process and a namespace of its own."""
        return pickle.loads(in_child(
            lambda: pickle.dumps(self._run_here(inject, command, keep_calls))))

    def _run_here(self, inject, command, keep_calls):
        syscalls.unshare()
        if self.afresh:
            self._make_scene()
        for target in self.targets if self.shared else ():
            syscalls.mount(None, _mount_under(target), flags=syscalls.MS_SHARED)
        before = mountinfo.read()
        views = [_view(m.target) for m in before
                 if (m.target + "/").startswith(self.scratch + "/") and m.root == "/"]
        files = [_paths(view) for view in views]
        calls, report = os.path.join(self.out, "calls"), os.path.join(self.out, "report")
        trace = ["-o", calls] if keep_calls else []
        with open(report, "wb") as output:
            argv = [self.sysinject, *trace, *inject, "--", *command]
            done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                  check=False, cwd=self.scratch)
        after = mountinfo.read()
        trees = published.new_trees(before, after)
        for target, tree in list(trees.items()):
            if tree[-1].fstype == "nsfs":
                trees["in " + target] = _mounts_in(target)
        _detach_new({m.id for m in before})  # a mount point cannot be removed
        made = frozenset(p for v, old in zip(views, files) for p in _remove_new(v, old))
        with open(report, encoding="utf-8", errors="replace") as file:
            text = file.read()
        return Run(done.returncode, text, read_calls(calls) if keep_calls else [],
                   published.Published(trees, published.names_of(before),
                                       published.guards_in(before, trees),
                                       published.changed_mounts(before, after), made))


def read_calls(path):
    """The list that sysinject wrote, in the order in which the calls began."""
    pattern = re.compile(r"(\d+) (\w+)\((.*)\) = (.*?)( injected)?")
    with open(path, encoding="utf-8", errors="replace") as file:
        matches = [pattern.fullmatch(line.rstrip("\n")) for line in file]
    return sorted(Call(int(m[1]), m[2], m[3], m[4], bool(m[5])) for m in matches if m)


def own_calls(calls):
    """Without those of COMMAND, when the run became it."""
    ends = [at for at, call in enumerate(calls) if call.name == "execve" and call.result == "0"]
    return calls[:ends[0] + 1] if ends else calls


def _mount_under(target):
    while not os.path.ismount(target):
        target = os.path.dirname(target)
    return target


def _mounts_in(pin):
    """The mounts of a pinned namespace, read through a process that enters it."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writable)
        syscalls.setns(os.open(pin, os.O_RDONLY))
        os.read(readable, 1)
        os._exit(0)
    os.close(readable)
    try:
        own = os.readlink("/proc/self/ns/mnt")
        while os.readlink(f"/proc/{child}/ns/mnt") == own:
            os.sched_yield()
        return published.whole_tree(mountinfo.read(child))
    finally:
        os.close(writable)
        os.waitpid(child, 0)


def _view(path):
    """A directory fd that shows the filesystem at `path` without what is mounted in it."""
    fd = syscalls.open_tree(syscalls.AT_FDCWD, path, syscalls.OPEN_TREE_CLONE)
    syscalls.mount_setattr(fd, propagation=syscalls.MS_PRIVATE)
    return fd


def _detach_new(old):
    while True:
        mounts = mountinfo.read()
        tops = [m for m in mounts if m.id not in old and mountinfo.at(mounts, m.target) is m]
        if not tops:
            return
        try:
            syscalls.umount(tops[0].target)
        except FileNotFoundError:  # it lies beneath a mount that was there before
            old = old | {tops[0].id}


def _paths(view):
    return {os.path.join(top, name)
            for top, dirs, files, _ in os.fwalk(".", dir_fd=view)
            for name in dirs + files}


def _remove_new(view, old):
    """Removes what is not in `old`, so that the next run begins as this one did."""
    new = _paths(view) - old
    for path in sorted(new, reverse=True):
        if stat.S_ISDIR(os.stat(path, dir_fd=view, follow_symlinks=False).st_mode):
            os.rmdir(path, dir_fd=view)
        else:
            os.unlink(path, dir_fd=view)
    return new
