#!/usr/bin/python3
"""Does the validator notice a wrong step? Runs mutants of the examples' plans for real.

    mutation_check.py --build BUILD [--every N] [EXAMPLE...]

Every mutant that `mutants` makes is run in a mount namespace of its own, and what came of it -
status, mounts of all namespaces, entries - compared with what came of the plan itself. Of the
mutants that change the result, at least 99 in 100 must have been caught before; of a sample, which
may have more of the few that are not, 95. A mutant that only fails leaves nothing behind and is
counted apart. Prints `N passed, N failed` last.
"""

import argparse
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "run")]
import mountinfo  # noqa: E402
import namespaces  # noqa: E402
import syscalls  # noqa: E402
from example_scenes import SCENES  # noqa: E402

EXAMPLES = os.path.join(HERE, "..", "..", "examples")
GOAL, GOAL_OF_SAMPLE = 0.99, 0.95
# Their namespaces hold the busybox that shows them, and each run of them gives the same.
CHECKED = ("minimal.mnt", "reverse-groups.mnt", "shared-subtrees.mnt", "initramfs.mnt",
           "two-namespaces.mnt", "container.mnt")
SHOW = "/bin/busybox cat /proc/self/mountinfo"  # what a COMMAND in a namespace is replaced by


class Naming(dict):
    def __missing__(self, key):
        self[key] = len(self) + 1
        return self[key]


def root_of(mount):
    return "a namespace" if mount.fstype == "nsfs" else mount.root  # each has its number


def canonical(mounts, devices, groups, skip=()):
    """The tree, with superblocks and groups numbered in the order in which they are met."""
    children = {}
    ids = {m.id for m in mounts}
    for mount in mounts:
        children.setdefault(mount.parent if mount.parent in ids else None, []).append(mount)
    lines, pending = [], [(m, 0) for m in sorted(children.get(None, []), key=lambda m: m.target)]
    while pending:
        mount, depth = pending.pop(0)
        if mount.id not in skip:
            group = groups[mount.group] if mount.group else 0
            master = groups[mount.master] if mount.master else 0
            lines.append(f"{depth} {mount.target} {devices[mount.device]} {root_of(mount)} "
                         f"{sorted(mount.flags)} {group} {master} {mount.unbindable} "
                         f"{mount.fstype} {sorted(mount.super_options)}")
        below = sorted(children.get(mount.id, []), key=lambda m: m.target)
        pending[:0] = [(child, depth + 1) for child in below]
    return lines


def entries(top):
    """What is in the filesystems in memory; those of the kernel itself change by the second."""
    living = {m.target for m in mountinfo.read() if m.fstype != "tmpfs"}
    lines = []
    for where, names, files in os.walk(top):
        names[:] = [n for n in names if os.path.join(where, n) not in living]
        for name in sorted(names + files):
            found = os.lstat(os.path.join(where, name))
            owner = f"{found.st_uid}:{found.st_gid}"
            lines.append(f"{where}/{name} {found.st_mode:o} {owner} {found.st_rdev}")
    return sorted(lines)


class Example:
    def __init__(self, name, build):
        self.layout = os.path.join(EXAMPLES, name)
        self.scene = SCENES[name]
        self.build = build
        self.base = tempfile.mkdtemp(prefix="mountc-mutants-")
        syscalls.mount("tmpfs", self.base, "tmpfs", data="mode=755")
        self.scratch = os.path.join(self.base, "scene")
        self.plans = os.path.join(self.base, "plans")
        os.mkdir(self.scratch)
        os.mkdir(self.plans)
        commands = self.placed(self.scene.commands)
        subprocess.run(["sh", "-ec", commands], cwd=self.scratch, check=True,
                       stdin=subprocess.DEVNULL)
        defines = [self.placed(d) for d in self.scene.defines]
        made = subprocess.run([os.path.join(build, "test/kernel/mutants"), self.layout, self.plans,
                               *defines], check=True, capture_output=True, text=True)
        self.mutants = [line.split(" ", 2) for line in made.stdout.splitlines()]
        self.pins = [self.placed(d.split("=", 1)[1]) for d in self.scene.defines
                     if d.startswith("pinned=")]

    def placed(self, text):
        return text.replace("{scratch}", self.scratch).replace("{examples}", EXAMPLES)

    def run(self, plan):
        """(status, what there is afterwards), in a namespace of its own."""
        def inside():
            syscalls.unshare()
            namespaces.stay_on_one_processor()
            fresh = os.path.join(self.base, "run")
            os.makedirs(fresh, exist_ok=True)
            syscalls.mount("tmpfs", fresh, "tmpfs", data="mode=755")
            # Each run has a scene of its own: what it makes in the host's filesystem is no other's.
            subprocess.run(["cp", "-a", self.scratch, os.path.join(fresh, "copy")], check=True)
            syscalls.mount(os.path.join(fresh, "copy"), self.scratch, None, syscalls.MS_BIND)
            before = {m.id for m in mountinfo.read()}
            options = self.placed(self.scene.options)
            if "-- " in options:
                options = options[:options.index("-- ")] + "-- " + SHOW
            done = subprocess.run([os.path.join(self.build, "mountrun"),
                                   os.path.join(self.plans, plan + ".plan"), *options.split()],
                                  capture_output=True, timeout=20)
            devices, groups = Naming(), Naming()
            lines = [str(done.returncode)]
            lines += canonical(mountinfo.read(), devices, groups, before)
            try:
                shown = mountinfo.parse(done.stdout)
            except (ValueError, IndexError):
                shown = []
            lines += canonical(shown, devices, groups)
            for pin in self.pins:
                try:
                    lines += canonical(namespaces.read_pinned(pin), devices, groups)
                except (OSError, RuntimeError) as error:
                    lines.append(f"{pin}: {type(error).__name__}")
            lines += entries(self.scratch)
            return "\n".join(lines).encode()
        try:
            text = namespaces.in_child(inside).decode()
        except RuntimeError as error:
            return -1, str(error)
        status, _, rest = text.partition("\n")
        return int(status), rest


def check(name, build, every):
    example = Example(name, build)
    status, wanted = example.run("original")
    if (status, wanted) != example.run("original") or status != 0:
        sys.exit(f"{name}: the plan itself ends with {status}, or differs from run to run")
    changed = caught = failing = same = 0
    chosen = example.mutants[::every]
    for number, verdict, what in chosen:
        status, result = example.run(number)
        if status == 0 and result == wanted:
            same += 1
            continue
        if status != 0:
            failing += 1
            continue
        changed += 1
        caught += verdict == "caught"
        if verdict != "caught":
            print(f"{name}: missed: {what}", flush=True)
    print(f"{name}: {len(chosen)} mutants: {changed} change the result, {caught} of them "
          f"are caught; {failing} fail and leave nothing, {same} change nothing", flush=True)
    syscalls.umount(example.base)
    os.rmdir(example.base)
    return changed, caught


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.environ.get("MOUNTC_BUILD", "build"))
    parser.add_argument("--every", type=int, default=1, help="only one mutant in N")
    parser.add_argument("examples", nargs="*")
    args = parser.parse_args()
    syscalls.private_namespace()
    build = os.path.abspath(args.build)
    results = [check(name, build, args.every) for name in args.examples or CHECKED]
    changed, caught = sum(r[0] for r in results), sum(r[1] for r in results)
    print(f"{caught} of {changed} mutants that change the result are caught "
          f"({100 * caught / max(changed, 1):.2f} %)")
    goal = GOAL if args.every == 1 else GOAL_OF_SAMPLE
    good = changed > 0 and caught >= goal * changed
    print(f"{int(good)} passed, {int(not good)} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
