"""Debian packages, downloaded and unpacked into a cache, never installed."""

import os
import subprocess
import threading

CACHE = os.environ.get("MOUNTC_VM_CACHE", "/var/cache/mountc-vm")

one_at_a_time = threading.RLock()  # apt locks its lists


class Unavailable(Exception):
    """A package or program that cannot be had here; the text says what is missing."""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C"})
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Unavailable(f"{command[0]}: {last}")
    return done.stdout


def unpack(package, options=(), more=()):
    """The directory with the package's files, and those of `more`; `options` are apt's."""
    home = os.path.join(CACHE, package + ("-and-more" if more else ""))
    os.makedirs(CACHE, exist_ok=True)
    with one_at_a_time:
        if os.path.isdir(home):
            return home
        with _directory(home + ".part") as part:
            subprocess.run(["apt-get", *options, "download", "-qq", package, *more], cwd=part,
                           check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            debs = [name for name in os.listdir(part) if name.endswith(".deb")]
            if len(debs) != 1 + len(more):
                raise Unavailable(f"package {package} cannot be downloaded")
            for deb in debs:
                run("dpkg", "-x", os.path.join(part, deb), os.path.join(part, "x"))
            os.rename(os.path.join(part, "x"), home)
    return home


class _directory:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        os.makedirs(self.path, exist_ok=True)
        return self.path

    def __exit__(self, *_):
        subprocess.run(["rm", "-rf", self.path], check=False)
