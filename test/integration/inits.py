#!/usr/bin/python3
"""Boots init systems as process 1 of namespaces of their own, each with a layout of integration/.

    inits.py --build build            all, `/` private and shared, and with a layout that fails
    inits.py --build build runit      one

They come from Debian packages, which are unpacked and not installed; what cannot be downloaded is
`skipped:`. Compared is what the last service sees of the layout, and what is told when it fails.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from typing import NamedTuple

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "vm"))

from packages import Unavailable, unpack  # noqa: E402
from root import PREFIX, boot, install, write_tree  # noqa: E402

LAYOUT = """group g;
filesystem fs tmpfs;
mount /srv/t tmpfs nodev;
mount /srv/t/a fs shared g mkdir;
mount /srv/t/b fs slave g ro mkdir;
"""
FAILING = LAYOUT + "mount /srv/t/c bind /missing mkdir;\n"
SEEN = ["/srv/t private rw,nodev,relatime", "/srv/t/a shared rw,relatime",
        "/srv/t/b private,slave ro,relatime"]
REPORT = "boot.mnt:6:1: error: open_tree"
# The last service: reboot(2) in a namespace of processes ends that.
LAST = """#!/bin/sh
exec > /dev/console 2>&1
show() { findmnt -rno TARGET,PROPAGATION,VFS-OPTIONS -R /srv/t | sed "s/^/$1:/"; }
show SEEN
for command in %s; do
    /etc/init.d/mountc $command
    show SEEN:$command
done
echo SEEN:end
exec /bin/busybox poweroff -f
"""


class Init(NamedTuple):
    packages: tuple
    command: str
    files: dict  # as root.write_tree() wants them
    after_failure: str  # what is still said when the layout failed, or nothing
    commands: tuple = ()  # of the script that are tried once the layout is in place


def inits():
    share, mountrun = PREFIX + "/share/mountc", PREFIX + "/bin/mountrun"
    return {
        "sysvinit, inittab": Init(("sysvinit-core",), "/sbin/init", {
            "/etc/inittab": f"id:2:initdefault:\nmc::sysinit:{mountrun} /etc/mountc/boot.plan\n"
                            "t:2:wait:/last\n"}, "SEEN:end"),
        "sysvinit, script": Init(("sysvinit-core",), "/sbin/init", {
            "/etc/init.d/mountc": f"->{share}/sysvinit/mountc",
            "/etc/inittab": "id:2:initdefault:\n"
                            "si::sysinit:/etc/init.d/mountc start\nt:2:wait:/last\n"}, "SEEN:end",
                                ("reload", "stop")),
        "OpenRC": Init(("openrc", "libeinfo1", "librc1", "insserv"), "/sbin/openrc-init", {
            "/etc/init.d/mountc": f"->{share}/openrc/mountc",
            "/etc/runlevels/boot/mountc": "->/etc/init.d/mountc",
            "/etc/init.d/last": "#!/sbin/openrc-run\ndepend() { after web; }\n"
                                "start() { /last; }\n",
            "/etc/init.d/web": "#!/sbin/openrc-run\ndepend() { need mountc; }\n"
                               "start() { echo SEEN:web > /dev/console; }\n",
            "/etc/runlevels/default/web": "->/etc/init.d/web",
            "/etc/runlevels/default/last": "->/etc/init.d/last"}, "SEEN:end", ("reload", "stop")),
        "runit": Init(("runit",), "/lib/runit/runit-init", {
            "/etc/runit/1": f"#!/bin/sh\n{share}/runit/mountc || exit 100\n",
            "/etc/runit/2": "#!/bin/sh\nexec /last\n",
            "/etc/runit/3": "#!/bin/sh\necho SEEN:stage 3 > /dev/console\n"
                            "exec /bin/busybox poweroff -f\n"}, "SEEN:stage 3"),
        "s6": Init(("s6", "execline", "libexecline2.9", "libs6-2.11", "libskarnet2.13"),
                   share + "/s6/init", {"/etc/s6/service/last/run": "#!/bin/sh\nexec /last\n"}, ""),
        "mountrun as init": Init(("runit",), f"{mountrun} /etc/mountc/boot.plan /lib/runit/runit-init", {
            "/etc/runit/1": "#!/bin/sh\n", "/etc/runit/2": "#!/bin/sh\nexec /last\n",
            "/etc/runit/3": "#!/bin/sh\n"}, ""),
    }


def compile_layout(build, directory, layout):
    os.makedirs(directory + "/etc/mountc")
    source = directory + "/etc/mountc/boot.mnt"
    with open(source, "w", encoding="utf-8") as file:
        file.write(layout)
    subprocess.run([build + "/mountc", "compile", "boot.mnt"], check=True,
                   cwd=os.path.dirname(source))


def judge(init, lines, fails):
    """None, or what is wrong."""
    seen = [line.partition("SEEN:")[2] for line in lines if "SEEN:" in line]
    told = any(REPORT in line for line in lines)
    if not fails:
        wanted = [*SEEN, *(["web"] if "web" in "".join(init.files) else []), "end"]
        if "reload" in init.commands:
            wanted += ["reload:" + line for line in SEEN]
        missing = [line for line in wanted if line not in seen]
        missing += [line for line in seen if line.startswith("stop:")]  # nothing may be left
        return f"missing, or left: {missing}" if missing else "a report" if told else None
    if not told:
        return f"no `{REPORT}`"
    wanted = [init.after_failure.partition(":")[2]] if init.after_failure else []
    return None if seen == wanted else f"seen {seen}, expected {wanted}"


def run(name, init, trees, scratch, build):
    """Gives (passed, failed)."""
    failed, runs = 0, (("private", False), ("shared", False), ("private", True))
    trees = [unpack(package) for package in init.packages] + trees
    for number, (propagation, fails) in enumerate(runs):
        own = f"{scratch}/{re.sub(r'[^a-z0-9]', '-', name.lower())}-{number}"
        write_tree(own, {**init.files, "/last": LAST % " ".join(() if fails else init.commands)})
        compile_layout(build, own, FAILING if fails else LAYOUT)
        lines = boot(init.command.split(), [*trees, own], propagation)
        wrong = judge(init, lines, fails)
        if wrong:
            failed += 1
            what = "a layout that fails" if fails else f"/ {propagation}"
            print(f"FAIL: {name}, {what}: {wrong}\n" + "\n".join(lines))
    return len(runs) - failed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        stage = scratch + "/stage"
        install(build, stage)
        for name, init in inits().items():
            if args.names and not any(word in name for word in args.names):
                continue
            try:
                good, bad = run(name, init, [stage], scratch, build)
                passed, failed = passed + good, failed + bad
            except Unavailable as missing:
                print(f"skipped: {name}: {missing}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
