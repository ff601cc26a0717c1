"""Kernels as Debian packages: found by release, downloaded and unpacked into a cache, never installed.

6.1 and 6.12 come from the machine's own package lists; what Debian 12 does not have comes from
trixie-backports, by an apt source list of the cache's own.
"""

import lzma
import os
import re

from packages import APT_GET, CACHE, Unavailable, one_at_a_time, run, unpack, update

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_PACKAGE = re.compile(r"^linux-(?:image|binary)-(?P<release>\d+\.\d+)[.\d]*[-+][\w.+-]*cloud-amd64$")


def private_list(name, suites, architecture=None):
    """Options of apt for a list of its own of these suites: the machine's is left as it is."""
    base = os.path.join(CACHE, name)
    for directory in ("lists/partial", "archives/partial"):
        os.makedirs(os.path.join(base, directory), exist_ok=True)
    sites = set(run("apt-get", "indextargets", "--format", "$(SITE)").split())
    mirror = min((s for s in sites if s.endswith("/debian")), default="http://deb.debian.org/debian")
    source = os.path.join(base, "sources.list")
    with open(source, "w", encoding="utf-8") as file:
        file.writelines(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites)
    options = ["-o", f"Dir::Etc::sourcelist={source}", "-o", "Dir::Etc::sourceparts=/dev/null",
               "-o", f"Dir::State::lists={base}/lists", "-o", f"Dir::Cache={base}"]
    if architecture:
        options += ["-o", f"APT::Architecture={architecture}", "-o",
                    f"APT::Architectures={architecture}", "-o", "Dir::State::status=/dev/null"]
    run(*APT_GET, *options, "update", "-qq")
    return options


def version(package):
    return [int(n) for n in re.findall(r"\d+", package)]


def _newest(release, options):
    """The newest package of a release: `6.12`, or `7` for the newest 7.x there is."""
    search = ["apt-cache", *options, "search", "--names-only", "^linux-.*cloud-amd64$"]
    names = run(*search)
    if not names and not options:
        update()
        names = run(*search)
    found = [name.split(" ")[0] for name in names.split("\n")]
    found = [name for name in found if (m := _PACKAGE.match(name))
             and (m["release"] == release or m["release"].startswith(release + "."))]
    # From 7.3 on the kernel itself is in linux-binary-*, its modules and configuration in others.
    return max(found, key=lambda name: (version(name), "binary" not in name), default=None), found


def _image(home):
    for directory, _, files in os.walk(home):
        for name in files:
            if name.startswith("vmlinuz"):
                return os.path.join(directory, name)
    return None


def modules_beside(image, wanted):
    """{file name: contents} of the kernel's modules of these names, as far as it has them."""
    found = {}
    for directory, _, files in os.walk(home(image)):
        for name in files:
            plain = name.removesuffix(".xz")
            if plain.removesuffix(".ko") not in wanted:
                continue
            with (lzma.open if name.endswith(".xz") else open)(os.path.join(directory, name),
                                                               "rb") as file:
                found[plain] = file.read()
    return found


def home(image):
    """The directory that the kernel's packages were unpacked to."""
    return image[:image.index("/", len(CACHE) + 1)]


def fetch(release):
    """(the path of a kernel of that release, its full version). Raises Unavailable."""
    with one_at_a_time:
        return _fetch(release)


def _fetch(release):
    for options in ([], None):
        options = private_list("apt", ["trixie-backports"]) if options is None else options
        package, found = _newest(release, options)
        if not package:
            continue
        image = _image(unpack(package, options))
        if not image:  # a package that only depends on the one with the kernel
            binary, *more = (package.replace("-image-", f"-{part}-")
                             for part in ("binary", "modules", "base"))
            image = binary in found and _image(unpack(binary, options, more))
        if not image:
            raise Unavailable(f"no kernel in package {package}")
        version = package.replace("linux-image-", "").replace("linux-binary-", "")
        return image, version.removesuffix("-cloud-amd64")
    raise Unavailable(f"no Debian package of Linux {release}")
