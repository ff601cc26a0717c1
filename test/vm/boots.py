"""What is booted beside the run tests: each gives None, or what went wrong and the console."""

import os
import random
import sys

import kernels
import small
from boot import AT_ONCE, Guest
from packages import unpack

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))),
                                "integration"))
import root  # noqa: E402
import systemd  # noqa: E402

_MOUNT = "mount -t proc proc /proc; mount -t devtmpfs dev /dev 2> /dev/null\n"
_LAST = f"#!/bin/sh\n{small.SHOW}\necho SEEN:end > /dev/console\npoweroff -f\n"
_ROOT = "root=/dev/nvme0n1 rw"
_EARLY = "mount /srv/e tmpfs(size=1M) nosuid;\n"


def _judge(said, wanted):
    seen = small.tree(said)
    if sorted(seen) == sorted(wanted) and "SEEN:end" in said:
        return None
    return f"seen {seen}, expected {wanted}\n{said}"


def _busybox(kernel, build, path, inittab, layout):
    """What is said when mountrun is process 1 and becomes busybox init, which applies `layout`."""
    initramfs = small.initramfs(path, build, {
        "/sbin/init": "->/bin/busybox", "/srv/e/.keep": "", "/last": _LAST,
        "/etc/inittab": "::sysinit:/bin/mount -t proc proc /proc\n"
                        f"{inittab}::once:/last\n",
        "/etc/mountc/early.plan": small.plan(build, _EARLY),
        "/etc/mountc/boot.plan": small.plan(build, layout)})
    with Guest(kernel, initramfs,
               AT_ONCE + "rdinit=/usr/bin/mountrun -- /etc/mountc/early.plan /sbin/init") as guest:
        return guest.wait()


def busybox_init(kernel, build, scratch):
    """The inittab applies a second plan; init goes on where that one fails, with nothing of it."""
    stage = scratch + "/stage"
    root.install(build, stage)
    with open(f"{stage}/usr/share/mountc/busybox/inittab", encoding="utf-8") as file:
        inittab = file.read()
    early = "/srv/e rw,nosuid,relatime"
    wrong = _judge(_busybox(kernel, build, scratch + "/good", inittab, small.LAYOUT),
                   [early, *small.TREE])
    if wrong:
        return wrong
    said = _busybox(kernel, build, scratch + "/failing", inittab, small.FAILING)
    return _judge(said, [early]) or (None if small.REPORT in said else f"no report\n{said}")


_ROUNDS = 4
_PLUG = """#!/bin/sh
%s
/usr/bin/mountrun /boot.plan || echo SEEN:failed > /dev/console
%s
echo SEEN:end > /dev/console
while :; do
    umount -l /srv/made /srv/other /srv/t
    rmdir /srv/made /srv/other
    /usr/bin/mountrun /boot.plan || echo SEEN:failed > /dev/console
done
"""
_PLUG_LAYOUT = small.LAYOUT + """mount /srv/made   bind /usr mkdir;
mount /srv/other  fs slave g nosuid mkdir;
"""
_PLUG_TREE = [*small.TREE, "/srv/made rw,relatime", "/srv/other rw,nosuid,relatime master:1"]


def plug(kernel, build, scratch):
    """The machine is killed while it applies a layout that also changes the disk, again and again:
    each time it comes up with the tree that is declared."""
    disk = small.disk(scratch + "/disk", build, {
        "/sbin/init": _PLUG % (_MOUNT, small.SHOW),
        "/boot.plan": small.plan(build, _PLUG_LAYOUT)})
    for number in range(_ROUNDS):
        with Guest(kernel, None, AT_ONCE + _ROOT, disk=disk) as guest:
            guest.wait_for("SEEN:end")
            guest.run_for(random.uniform(0.1, 1.5))
            wrong = _judge(guest.said, _PLUG_TREE)
            if wrong or "SEEN:failed" in guest.said:
                return f"boot {number + 1}: {wrong or 'a run failed'}\n{guest.said}"
    return None


def systemd_root(kernel, build, scratch):
    """systemd is process 1; services see the tree that mountc-generator has ordered before them."""
    disk = systemd.disk(build, scratch)
    with Guest(kernel, None, f"{AT_ONCE}{_ROOT} systemd.unit=seen.service", "512M", disk) as guest:
        said = guest.wait()
    wrong = _judge(said, systemd.TREE)
    if wrong or "SEEN:equal" not in said:
        return wrong or f"mountc verify found differences\n{said}"
    version = modules(kernel)[1]
    print("\n".join(f"systemd on {version}: {line}" for line in systemd.cost(said)), flush=True)
    return None


def cost_of_namespace(kernel, build, scratch):
    """Prints what bench/namespaces measures."""
    with open(build + "/bench/namespaces", "rb") as file:
        program = file.read()
    command = "chmod 755 /namespaces && /namespaces 200 && echo SEEN:end"
    initramfs = small.initramfs(scratch + "/initramfs", build, {
        "/namespaces": program,
        "/init": f"#!/bin/sh\n{_MOUNT}exec > /dev/console 2>&1\n{command}\npoweroff -f\n"})
    with Guest(kernel, initramfs, AT_ONCE) as guest:
        said = guest.wait()
    print(said.partition("SEEN:")[0], end="", flush=True)
    return None if "SEEN:end" in said else said


class _Initramfs:
    """A generator of initramfs: how it is called, and what its emergency shell looks like."""

    def __init__(self, packages, command, prompt):
        self.packages, self.command, self.prompt = packages, command, prompt

    def __call__(self, kernel, build, scratch):
        trees = [unpack(package) for package in self.packages] + [scratch + "/stage"]
        root.install(build, trees[-1])
        disk = small.disk(scratch + "/disk", build, {"/sbin/init": "#!/bin/sh\n" + _MOUNT + _LAST})
        good, said = self.generate(kernel, trees, scratch, "good", small.LAYOUT)
        if not good:
            return f"no initramfs was made\n{said}"
        with Guest(kernel, good, AT_ONCE + _ROOT, "512M", disk) as guest:
            wrong = _judge(guest.wait(), small.TREE)
        return wrong or self.refuses(kernel, trees, scratch) or \
            self.drops_to_shell(kernel, trees, scratch, disk)

    def generate(self, kernel, trees, scratch, name, layout):
        """(the initramfs or None, what was printed)."""
        out, own = f"{scratch}/{name}-out", f"{scratch}/{name}"
        os.makedirs(out)
        directory, version, config = modules(kernel)
        with open(config, encoding="utf-8") as file:
            root.write_tree(own, {"/etc/mountc/initramfs/boot.mnt": layout,
                                  "/boot/config-" + version: file.read()})
        command = f"depmod {version}; {self.command.format(version=version)} && echo MADE"
        lines = root.boot(["sh", "-c", command], [*trees, own],
                          binds=[(out, "/out"), (directory, "/usr/lib/modules")])
        return (out + "/initrd" if "MADE" in lines else None), "\n".join(lines)

    def refuses(self, kernel, trees, scratch):
        made, said = self.generate(kernel, trees, scratch, "wrong", "mount /srv/t tmfs\n")
        if made or "boot.mnt:1:18: error:" not in said:
            return f"a wrong layout did not end the build\n{said}"
        return None

    def drops_to_shell(self, kernel, trees, scratch, disk):
        made, said = self.generate(kernel, trees, scratch, "failing", small.FAILING)
        if not made:
            return f"no initramfs was made\n{said}"
        with Guest(kernel, made, _ROOT, "512M", disk) as guest:
            if not guest.wait_for(self.prompt):
                return f"no shell\n{guest.said}"
            guest.type("cat /proc/self/mountinfo | sed s/^/SEEN:/; echo SEEN:$((40 + 2))\n")
            guest.wait_for("SEEN:42")
            if small.REPORT not in guest.said or "SEEN:42" not in guest.said:
                return f"no report, or no shell\n{guest.said}"
            if "/srv/t " in guest.said.partition("SEEN:")[2]:
                return f"something is left\n{guest.said}"
            guest.type("exit\n")
            if not guest.wait_for("SEEN:end"):
                return f"the boot does not go on\n{guest.said}"
        return None


def modules(kernel):
    """(directory of the kernel's modules, version, path of the kernel's configuration)."""
    at = kernels.home(kernel)
    found = next(d for d in (at + "/lib/modules", at + "/usr/lib/modules") if os.path.isdir(d))
    version = os.listdir(found)[0]
    configs = (f"{at}/boot/config-{version}", f"{found}/{version}/config")
    return found, version, next(filter(os.path.exists, configs))


_TOOLS = ("cpio", "kmod", "udev", "dmsetup")
BOOTS = {
    "busybox init": busybox_init,
    "pulled plugs": plug,
    "systemd": systemd_root,
    "initramfs-tools": _Initramfs(("initramfs-tools-core", "klibc-utils", "libklibc", *_TOOLS),
                                  "mkinitramfs -c gzip -o /out/initrd {version}", "(initramfs) "),
    "dracut": _Initramfs(("dracut-core", *_TOOLS),
                         "dracut --force --no-hostonly --no-hostonly-cmdline --no-early-microcode "
                         "--no-compress -m 'base rootfs-block fs-lib udev-rules mountc' "
                         "--kver {version} /out/initrd", "mountc:"),
}
MEASURED = {"cost of a namespace": cost_of_namespace}
