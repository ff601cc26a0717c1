"""Builds the guest's initramfs: files of this machine with the libraries they need, as newc cpio."""

import os
import re
import stat
import subprocess


class Image:
    def __init__(self):
        self._entries = {}  # path without leading slash -> (mode, data)

    def directory(self, path):
        path = path.strip("/")
        if path and path not in self._entries:
            self.directory(os.path.dirname(path))
            self._entries[path] = (0o040755, b"")

    def link(self, path, to):
        self.directory(os.path.dirname(path))
        self._entries[path.strip("/")] = (0o120777, os.fsencode(to))

    def text(self, path, text, mode=0o100644):
        self.directory(os.path.dirname(path))
        data = text.encode() if isinstance(text, str) else text
        self._entries[path.strip("/")] = (mode, data)

    def file(self, source, path=None):
        """A copy of `source`, which is followed when it is a link."""
        path = path or source
        self.directory(os.path.dirname(path))
        with open(source, "rb") as file:
            self._entries[path.strip("/")] = (stat.S_IMODE(os.stat(source).st_mode) | 0o100000,
                                              file.read())

    def tree(self, source, path):
        for directory, folders, files in os.walk(source):
            folders[:] = [f for f in folders if f != "__pycache__"]
            for name in files:
                here = os.path.join(directory, name)
                self.file(here, os.path.join(path, os.path.relpath(here, source)))

    def program(self, source, path=None):
        """A program, or a shared object, with the libraries that it is linked with."""
        self.file(source, path)
        done = subprocess.run(["ldd", source], capture_output=True, text=True, check=False)
        for library in re.findall(r"(?:=> )?(/\S+) \(0x", done.stdout):
            if library.strip("/") not in self._entries:
                self.file(library)

    def unpack_to(self, root):
        """The same as files below the directory `root`."""
        for name, (mode, data) in sorted(self._entries.items()):
            path = os.path.join(root, name)
            if stat.S_ISDIR(mode):
                os.mkdir(path)
            elif stat.S_ISLNK(mode):
                os.symlink(data, path)
            else:
                with open(path, "wb") as file:
                    file.write(data)
                os.chmod(path, stat.S_IMODE(mode))

    def write_to(self, out):
        """newc: Documentation/driver-api/early-userspace/buffer-format.rst of Linux."""
        for number, name in enumerate(sorted(self._entries), 1):
            mode, data = self._entries[name]
            _write(out, number, mode, name, data)
        _write(out, 0, 0, "TRAILER!!!", b"")
        out.write(b"\0" * (-out.tell() % 512))


def _write(out, number, mode, name, data):
    encoded = os.fsencode(name) + b"\0"
    fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0]
    out.write(b"070701" + b"".join(b"%08X" % f for f in fields) + encoded)
    out.write(b"\0" * (-(110 + len(encoded)) % 4))
    out.write(data)
    out.write(b"\0" * (-len(data) % 4))


def applets(busybox):
    """The commands that busybox can stand for, beside itself and programs of their own."""
    said = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout
    return [name for name in said.split() if name not in ("busybox", "init", "sh")]
