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
# Of a second plan: it is mounted in what the first one makes, and is taken away before that. After
# a first one that fails it would be seen, if it were tried.
LATER = "mount /srv/t/b tmpfs;\n"
NEVER = "mount /srv/t tmpfs noexec;\n"
SEEN = ["/srv/t private rw,nodev,relatime", "/srv/t/a shared rw,relatime",
        "/srv/t/b private,slave ro,relatime"]
SEEN_LATER = "/srv/t/b private rw,relatime"
GUARD = "/srv/t private rw,relatime"  # where the root is shared
REPORT = "boot.mnt:6:1: error: open_tree"
# The last service: reboot(2) in a namespace of processes ends that.
LAST = """#!/bin/sh
exec > /dev/console 2>&1
show() { findmnt -rno TARGET,PROPAGATION,VFS-OPTIONS -R /srv/t | sed "s/^/$1:/"; }
number() { findmnt -rno ID /srv/t/a; }
show SEEN
for command in %s; do
    before=$(number)
    /etc/init.d/mountc $command
    echo "SEEN:$command:status $?"
    [ "$before" = "$(number)" ] || echo "SEEN:$command:another mount"
    show SEEN:$command
    rm -f /etc/mountc/later.plan
done
echo SEEN:end
exec /bin/busybox poweroff -f
"""
COMMANDS = ("stop", "start", "reload", "stop")  # the second plan is there for the first one only


class Init(NamedTuple):
    packages: tuple
    command: str
    files: dict  # as root.write_tree() wants them
    after_failure: tuple  # what is still said when the layout failed
    commands: tuple = ()  # of the script that are tried once the layout is in place
    all_plans: bool = False  # does it look for all in /etc/mountc


def inits():
    share, mountrun = PREFIX + "/share/mountc", PREFIX + "/bin/mountrun"
    return {
        "sysvinit, inittab": Init(("sysvinit-core",), "/sbin/init", {
            "/etc/inittab": f"id:2:initdefault:\nmc::sysinit:{mountrun} /etc/mountc/boot.plan\n"
                            "t:2:wait:/last\n"}, ("end",)),
        "sysvinit, script": Init(("sysvinit-core",), "/sbin/init", {
            "/etc/init.d/mountc": f"->{share}/sysvinit/mountc",
            "/first": "#!/bin/sh\n/etc/init.d/mountc start || echo SEEN:status $? > /dev/console\n",
            "/etc/inittab": "id:2:initdefault:\nsi::sysinit:/first\nt:2:wait:/last\n"},
                                ("status 4", "end"), COMMANDS, True),
        "OpenRC": Init(("openrc", "libeinfo1", "librc1", "insserv"), "/sbin/openrc-init", {
            "/etc/init.d/mountc": f"->{share}/openrc/mountc",
            "/etc/runlevels/boot/mountc": "->/etc/init.d/mountc",
            "/etc/init.d/last": "#!/sbin/openrc-run\ndepend() { after web; }\n"
                                "start() { /last; }\n",
            "/etc/init.d/web": "#!/sbin/openrc-run\ndepend() { need mountc; }\n"
                               "start() { echo SEEN:web > /dev/console; }\n",
            "/etc/runlevels/default/web": "->/etc/init.d/web",
            "/etc/runlevels/default/last": "->/etc/init.d/last"}, ("end",), COMMANDS, True),
        "runit": Init(("runit",), "/lib/runit/runit-init", {
            "/etc/runit/1": f"#!/bin/sh\n{share}/runit/mountc || exit 100\n",
            "/etc/runit/2": "#!/bin/sh\nexec /last\n",
            "/etc/runit/3": "#!/bin/sh\necho SEEN:stage 3 > /dev/console\n"
                            "exec /bin/busybox poweroff -f\n"}, ("stage 3",), (), True),
        "s6": Init(("s6", "execline", "libexecline2.9", "libs6-2.11", "libskarnet2.13"),
                   share + "/s6/init", {"/etc/s6/service/last/run": "#!/bin/sh\nexec /last\n"}, ()),
        "mountrun as init": Init(("runit",), f"{mountrun} /etc/mountc/boot.plan /lib/runit/runit-init", {
            "/etc/runit/1": "#!/bin/sh\n", "/etc/runit/2": "#!/bin/sh\nexec /last\n",
            "/etc/runit/3": "#!/bin/sh\n"}, ()),
    }


def compile_layouts(build, directory, layouts):
    os.makedirs(directory + "/etc/mountc")
    for name, layout in layouts.items():
        with open(f"{directory}/etc/mountc/{name}.mnt", "w", encoding="utf-8") as file:
            file.write(layout)
        subprocess.run([build + "/mountc", "compile", name + ".mnt"], check=True,
                       cwd=directory + "/etc/mountc")


def expected(init, propagation):
    """What is seen where the layout does not fail."""
    tree = SEEN + [GUARD] * (propagation == "shared")
    services = ["web"] if "/etc/init.d/web" in init.files else []
    seen = [*services, *tree, *([SEEN_LATER] if init.all_plans else []), "end"]
    for command in init.commands:
        seen += [f"{command}:status 0", f"{command}:another mount"]
        seen += [] if command == "stop" else [f"{command}:{line}" for line in tree]
    return seen


def judge(init, lines, propagation, fails):
    """None, or what is wrong."""
    seen = [line.partition("SEEN:")[2] for line in lines if "SEEN:" in line]
    if fails != any(REPORT in line for line in lines):
        return f"no `{REPORT}`" if fails else "a report"
    wanted = list(init.after_failure) if fails else expected(init, propagation)
    return None if sorted(seen) == sorted(wanted) else f"seen {seen}, expected {wanted}"


def run(name, init, trees, scratch, build):
    """Gives (passed, failed)."""
    failed, runs = 0, (("private", False), ("shared", False), ("private", True))
    trees = [unpack(package) for package in init.packages] + trees
    for number, (propagation, fails) in enumerate(runs):
        own = f"{scratch}/{re.sub(r'[^a-z0-9]', '-', name.lower())}-{number}"
        write_tree(own, {**init.files, "/last": LAST % " ".join(() if fails else init.commands)})
        later = {"later": NEVER if fails else LATER} if init.all_plans else {}
        compile_layouts(build, own, {"boot": FAILING if fails else LAYOUT, **later})
        lines = boot(init.command.split(), [*trees, own], propagation)
        wrong = judge(init, lines, propagation, fails)
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
