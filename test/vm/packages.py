"""Debian packages, downloaded and unpacked into a cache, never installed."""

import functools
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


@functools.cache
def update():
    """The machine's lists of packages, at most once: when something is not in them, or no more."""
    subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def _download(directory, options, packages):
    """The paths of the packages' files, as many as could be had."""
    subprocess.run(["apt-get", *options, "download", "-qq", *packages], cwd=directory, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(".deb")]


def unpack(package, options=(), more=()):
    """The directory with the package's files, and those of `more`; `options` are apt's."""
    home = os.path.join(CACHE, package + ("-and-more" if more else ""))
    os.makedirs(CACHE, exist_ok=True)
    with one_at_a_time:
        if os.path.isdir(home):
            return home
        with _directory(home + ".part") as part:
            debs = _download(part, options, [package, *more])
            if not debs and not options:
                update()
                debs = _download(part, options, [package, *more])
            if len(debs) != 1 + len(more):
                raise Unavailable(f"package {package} cannot be downloaded")
            for deb in debs:
                run("dpkg", "-x", deb, os.path.join(part, "x"))
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
