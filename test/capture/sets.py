"""Sets of mount namespaces that random mount(2) sequences make: up to three, each with a process.

A set is made by `Set(seed)`: the first namespace gets a fresh tmpfs for its root, others are
unshared from one that is there, so their mounts are peers and slaves of each other; then every
call goes to a random one. Calls that the kernel refuses are part of the game.
"""

import os
import random
import signal
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "run"))

import mountinfo  # noqa: E402
import syscalls  # noqa: E402

NAMES = ("a", "b", "c")
MOUNTS_MAX = 40  # in one namespace: propagation can double them again and again
_MAKE = (syscalls.MS_SHARED, syscalls.MS_SLAVE, syscalls.MS_PRIVATE, syscalls.MS_UNBINDABLE)
_FLAGS = (0, syscalls.MS_RDONLY, syscalls.MS_NOSUID | syscalls.MS_NODEV, syscalls.MS_NOEXEC,
          syscalls.MS_NOATIME, syscalls.MS_NODIRATIME, syscalls.MS_STRICTATIME,
          syscalls.MS_NOSYMFOLLOW)


def make_directories(top):
    for first in NAMES:
        for second in NAMES:
            os.makedirs(os.path.join(top, first, second), exist_ok=True)


def new_root():
    """The process goes to a namespace of its own with nothing but a tmpfs in it."""
    syscalls.private_namespace()
    syscalls.mount("root", "/mnt", "tmpfs")
    make_directories("/mnt")
    os.makedirs("/mnt/a/a/a", exist_ok=True)
    os.chdir("/mnt")
    syscalls.pivot_root(".", ".")
    syscalls.umount(".")
    os.chdir("/")


class Member:
    """A process in a namespace; it carries out what it is sent, as Python calls."""

    def __init__(self, begin, others=()):
        self.to_child, ours = os.pipe(), os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            for other in others:
                other.leave()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.close(self.to_child[1])
            os.close(ours[0])
            self._serve(begin, os.fdopen(self.to_child[0], "rb"), ours[1])
        os.close(self.to_child[0])
        os.close(ours[1])
        self.commands = os.fdopen(self.to_child[1], "wb", buffering=0)
        self.answers = os.fdopen(ours[0], "rb", buffering=0)
        if self.answers.read(1) != b"+":
            raise RuntimeError("a namespace could not be made")

    def _serve(self, begin, commands, answers):
        try:
            begin()
            os.write(answers, b"+")
            for line in commands:
                try:
                    self.call(line.decode().strip())
                    os.write(answers, b"+")
                except OSError:
                    os.write(answers, b"-")
        finally:
            os._exit(0)

    @staticmethod
    def call(line):
        name, *rest = line.split(" ")
        if name == "tmpfs":
            syscalls.mount("tmpfs", rest[0], "tmpfs", 0)
            make_directories(rest[0])
        elif name == "mount":
            syscalls.mount(rest[0] or None, rest[1], None, int(rest[2]))
        elif name == "umount":
            syscalls.umount(rest[0])
        elif name == "mkdir":
            os.mkdir(rest[0])
        elif name == "rmdir":
            os.rmdir(rest[0])
        else:
            raise ValueError(line)

    def do(self, line):
        self.commands.write(line.encode() + b"\n")
        return self.answers.read(1) == b"+"

    def mounts(self):
        return mountinfo.read(self.pid)

    def leave(self):
        self.commands.close()
        self.answers.close()

    def end(self):
        self.leave()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Set:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.members = [Member(new_root)]
        self.log = []
        wanted = self.random.choice((1, 2, 2, 3))
        for step in range(self.random.randrange(4, 26)):
            if len(self.members) < wanted and self.random.random() < 0.25:
                self.unshare()
            else:
                self.step()
        while len(self.members) < wanted:
            self.unshare()

    def is_readable(self):
        """Who enters a namespace sees what is on top of its root, and never what lies under it:
        a set with a covered root cannot be read back."""
        return all(sum(m.target == "/" for m in member.mounts()) == 1 for member in self.members)

    def unshare(self):
        """A new namespace, copied from a random one."""
        self.copy(self.random.choice(self.members).pid)

    def copy(self, pid):
        def begin():
            namespace = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
            syscalls.setns(namespace)
            syscalls.unshare()
            os.chdir("/")
        self.members.append(Member(begin, self.members))
        self.log.append(f"unshare {pid}")

    def path(self):
        return "/" + "/".join(self.random.choice(NAMES)
                              for _ in range(self.random.choice((1, 1, 2, 2, 3))))

    def step(self):
        member = self.random.choice(self.members)
        kind = self.random.choice(("tmpfs", "bind", "bind", "bind", "rbind", "move", "umount",
                                   "make", "make", "make", "rmake", "flags"))
        rec = syscalls.MS_REC
        if kind == "tmpfs":
            line = f"tmpfs {self.path()}"
        elif kind in ("bind", "rbind"):
            source = self.random.choice(("/", self.path(), self.path(), self.path()))
            flags = syscalls.MS_BIND | (rec if kind == 'rbind' else 0)
            line = f"mount {source} {self.path()} {flags}"
        elif kind == "move":
            line = f"mount {self.path()} {self.path()} {syscalls.MS_MOVE}"
        elif kind == "umount":
            line = f"umount {self.path()}"
        elif kind == "flags":
            flags = self.random.choice(_FLAGS) | syscalls.MS_REMOUNT | syscalls.MS_BIND
            line = f"mount  {self._mounted(member)} {flags}"
        else:
            how = self.random.choice(_MAKE) | (rec if kind == "rmake" else 0)
            line = f"mount  {self._mounted(member)} {how}"
        done = member.do(line)
        self.log.append(f"{self.members.index(member)}: {line}{'' if done else '  (refused)'}")
        if max(len(m.mounts()) for m in self.members) > MOUNTS_MAX:
            self.prune()

    def _mounted(self, member):
        return self.random.choice([m.target for m in member.mounts()])

    def prune(self):
        for member in self.members:
            for mount in reversed(member.mounts()):
                if mount.target != "/" and len(member.mounts()) > MOUNTS_MAX // 2:
                    member.do(f"umount {mount.target}")

    def recording(self):
        text = b""
        for number, member in enumerate(self.members):
            text += b"# namespace n%d\n" % number + mountinfo.raw(member.pid)
        return text

    def end(self):
        for member in self.members:
            member.end()


def readable(seed):
    """The set of this seed, or of the next one derived from it that can be read back."""
    attempt = 0
    while True:
        made = Set(f"{seed}.{attempt}")
        if made.is_readable():
            return made
        made.end()
        attempt += 1
