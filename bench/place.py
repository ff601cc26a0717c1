"""Where the benchmarks run: a private mount namespace, a tmpfs in it, and copies of both."""

import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../test/run"))

import shapes  # noqa: E402
import syscalls  # noqa: E402  (of test/run)
from namespaces import in_child  # noqa: E402  (of test/run)


class Place:
    """Enters a private mount namespace for good; everything made in it ends with the process."""

    def __init__(self, mountc, count):
        syscalls.private_namespace()
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self.mountc = mountc
        self.busy = False
        self.base = tempfile.mkdtemp(prefix="mountc-bench-")
        syscalls.mount("tmpfs", self.base, "tmpfs", data="mode=755,size=64m,nr_inodes=100k")
        shapes.prepare(self.base, count)

    def close(self):
        syscalls.umount(self.base)
        os.rmdir(self.base)

    def make_busy(self, count):
        """Once: every namespace that is copied from this one has these mounts, too."""
        if self.busy:
            return
        self.busy = True
        directory = os.path.join(self.base, "busy")
        os.mkdir(directory)
        syscalls.mount("tmpfs", directory, "tmpfs", data="mode=755,size=64m,nr_inodes=100k")
        for inner in shapes.prepare_busy(directory, count):
            syscalls.mount(inner, inner, None, syscalls.MS_BIND)

    def leave_busy(self):
        if self.busy:
            syscalls.umount(os.path.join(self.base, "busy"))
        self.busy = False

    def write_layout(self, shape, count):
        path = os.path.join(self.base, f"{shape}-{count}.mnt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(shapes.layout(shape, count))
        return path

    def compile(self, shape, count, kernel="any"):
        """The path of the plan for `kernel`, as --target-kernel takes it."""
        path = self.write_layout(shape, count)
        plan = path.replace(".mnt", ".plan")
        subprocess.run([self.mountc, "compile", path, "-o", plan, "-D", f"base={self.base}",
                        f"--target-kernel={kernel}"],
                       check=True)
        return plan

    def apart(self, function):
        """The text that function() returns, called in a fresh copy of the namespace."""
        def there():
            syscalls.unshare()
            return function().encode()

        return in_child(there).decode()
