"""A Debian root with systemd as process 1 and a layout that the generator has made a part of the boot."""

import re
import shutil
import subprocess

import packages
import root
import small

_PACKAGES = ("systemd", "systemd-sysv", "udev", "util-linux", "mount", "coreutils", "dash", "sed",
             "grep", "findutils", "base-files", "base-passwd", "libstdc++6", "libfmt9",
             "libmimalloc2.0")
# What systemd knows of what it has started, when the boot is over; it does not time generators.
_COST = r"""
systemd-analyze time | head -n 1
systemd-analyze blame | grep mountc
systemd-analyze critical-chain --no-pager mountc@boot.service | grep -A 1 mountc
began=$(date +%s%N)
/usr/lib/systemd/system-generators/mountc-generator /tmp/units /tmp/early /tmp/late
echo mountc-generator: $((($(date +%s%N) - began) / 1000000))ms
"""
_SEEN = f"""#!/bin/sh
exec > /dev/console 2>&1
{small.SHOW}
mountc verify /etc/mountc/boot.mnt && echo SEEN:equal
tries=0
until systemd-analyze time > /dev/null 2>&1 || [ $((tries += 1)) = 100 ]; do sleep 1; done
{{ {_COST} }} | sed "s/^/COST:/"
echo SEEN:end
systemctl poweroff -ff
"""
# The root is shared, so that the tree stands on a guard.
TREE = [*small.TREE, "/srv/t rw,relatime"]
_FILES = {
    "/etc/fstab": "", "/etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "/etc/hostname": "guest\n", "/srv/t/.keep": "", "/seen": _SEEN,
    "/etc/mountc/boot.mnt": small.LAYOUT,
    # A service as others are: after basic.target, and so after local-fs.target. The boot is over
    # when it has started.
    "/etc/systemd/system/seen.service": "[Service]\nExecStart=/seen\n",
}


def disk(build, scratch):
    """An ext4 with all of it."""
    at = scratch + "/root"
    subprocess.run(["cp", "-a", packages.system("systemd-root", _PACKAGES), at], check=True)
    for name in ("passwd", "group"):
        shutil.copyfile(f"{at}/usr/share/base-passwd/{name}.master", f"{at}/etc/{name}")
    root.install(build, at)
    root.write_tree(at, _FILES)
    return small.ext4(scratch + "/disk", at, 512)


def cost(said):
    """What the guest has printed of it, a line each."""
    return [line.strip() for line in re.findall(r"COST:(.*)", said)]
