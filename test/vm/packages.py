"""Debian packages, downloaded and unpacked into a cache, never installed."""

import functools
import hashlib
import os
import re
import subprocess
import threading

CACHE = os.environ.get("MOUNTC_VM_CACHE", "/var/cache/mountc-vm")

# A mirror that does not answer is as good as none.
APT_GET = ("apt-get", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30",
           "-o", "Acquire::https::Timeout=30")

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
    subprocess.run([*APT_GET, "update", "-qq"], check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def _download(directory, options, packages):
    """The paths of the packages' files, as many as could be had."""
    subprocess.run([*APT_GET, *options, "download", "-qq", *packages], cwd=directory, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(".deb")]


def unpack(package, options=(), more=(), place=None):
    """The directory with the package's files, and those of `more`; `options` are apt's. `place`: its
    name, where packages of that name are several."""
    home = os.path.join(CACHE, place or package + ("-and-more" if more else ""))
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


_LEFT_OUT = tuple(f"--exclude=./usr/share/{name}" for name in ("doc", "i18n", "info", "locale", "man"))


def _with_all_they_need(packages):
    command = ("apt-get", "-o", "Dir::State::status=/dev/null", "--simulate",
               "--no-install-recommends", "install", *packages)
    try:
        listed = run(*command)
    except Unavailable:
        update()
        listed = run(*command)
    return sorted(re.findall(r"^Inst (\S+)", listed, re.MULTILINE))


def system(name, packages):
    """A root directory of the packages and all that these depend on; no script of theirs is run.
    The cache may have one of other packages."""
    key = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:12]
    home = os.path.join(CACHE, f"{name}-{key}")
    os.makedirs(CACHE, exist_ok=True)
    with one_at_a_time:
        if os.path.isdir(home):
            return home
        wanted = _with_all_they_need(packages)
        with _directory(home + ".part") as part:
            debs = _download(part, (), wanted)
            if len(debs) != len(wanted):
                raise Unavailable(f"{len(wanted) - len(debs)} of the packages of {name}")
            at = os.path.join(part, "x")
            for directory in ("bin", "sbin", "lib", "lib64"):
                os.makedirs(f"{at}/usr/{directory}")
                os.symlink("usr/" + directory, f"{at}/{directory}")
            for deb in debs:
                with subprocess.Popen(["dpkg", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as tar:
                    subprocess.run(["tar", "-C", at, "-x", "--keep-directory-symlink", *_LEFT_OUT],
                                   stdin=tar.stdout, check=True)
            os.rename(at, home)
    return home


class _directory:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        os.makedirs(self.path, exist_ok=True)
        return self.path

    def __exit__(self, *_):
        subprocess.run(["rm", "-rf", self.path], check=False)
