"""translated.py runc|bwrap|bwrap-pids MOUNTC DIRECTORY - makes the mounts of a container twice, by that program
and by mountc from the layout that its description is translated to, and compares what a process in
each sees. DIRECTORY is an empty tmpfs."""

import json
import os
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "run"))
import mountinfo  # noqa: E402

MASKED = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/acpi", "/data/hidden", "/var/run/lock"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", "/data/dir", "/up/dir"]
SHOW = ("cat /proc/self/mountinfo; echo; cd /dev; ls -ln > /dev/stdout; cat /data/hidden /data/file; "
        ": > /data/dir/new")


def make_sources(directory):
    os.makedirs(f"{directory}/host/dir")
    os.makedirs(f"{directory}/host/tree")
    for name in ("file", "hidden"):
        with open(f"{directory}/host/{name}", "w", encoding="utf-8") as file:
            file.write(f"this is {name}\n")
    subprocess.run(["mount", "-t", "tmpfs", "below", f"{directory}/host/tree"], check=True)


def oci_mount(destination, kind, source, *options):
    return {"destination": destination, "type": kind, "source": source, "options": list(options)}


def describe_runc(directory):
    """(the file that says what to mount, the command that mounts it)"""
    os.makedirs(f"{directory}/rootfs/bin")
    for name in ("proc", "dev", "sys", "data", "tmp", "tree"):
        os.mkdir(f"{directory}/rootfs/{name}")
    subprocess.run(["cp", "/bin/busybox", f"{directory}/rootfs/bin/"], check=True)
    # As in many an image: /var/run and the file that a runtime binds over are symbolic links.
    for name in ("var", "etc", "run/lock", "run/dir", "usr/lib"):
        os.makedirs(f"{directory}/rootfs/{name}")
    for text, name in (("/run", "var/run"), ("../run/host/file", "etc/file"), ("usr/lib", "lib"),
                       ("/lib/../lib", "lib2"), ("../../../../run", "up")):
        os.symlink(text, f"{directory}/rootfs/{name}")
    subprocess.run(["runc", "spec"], cwd=directory, check=True)
    with open(f"{directory}/config.json", encoding="utf-8") as file:
        config = json.load(file)
    config["process"].update(terminal=False, args=["/bin/busybox", "sh", "-c", SHOW])
    # Which cgroups there are is the machine's.
    config["mounts"] = [m for m in config["mounts"] if m["type"] != "cgroup"] + [
        oci_mount("/data", "bind", "host", "bind", "nosuid", "rprivate"),
        oci_mount("/tmp/one", "none", f"{directory}/host/file", "bind", "ro", "rprivate"),
        oci_mount("/tree", "bind", "host", "rbind", "ro", "noexec", "rprivate"),
        oci_mount("/var/run/secrets/deep", "bind", "host/dir", "bind", "ro", "rprivate"),
        oci_mount("/etc/file", "bind", "host/file", "bind", "rprivate"),
        oci_mount("/lib2/own", "tmpfs", "own"),
        oci_mount("/up/own", "tmpfs", "own"),
        oci_mount("/tmp/own", "tmpfs", "scratch", "noexec", "size=1m", "mode=700")]
    config["linux"]["maskedPaths"], config["linux"]["readonlyPaths"] = MASKED, READ_ONLY
    config["linux"]["devices"] = [{"path": "/dev/net/tun", "type": "c", "major": 10, "minor": 200,
                                   "fileMode": 0o620, "uid": 3, "gid": 4}]
    with open(f"{directory}/config.json", "w", encoding="utf-8") as file:
        json.dump(config, file, indent=1)
    if not any(m.target.startswith("/sys/fs/cgroup") for m in mountinfo.read()):
        subprocess.run(["mount", "-t", "cgroup2", "none", "/sys/fs/cgroup"], check=True)
    return "config.json", ["runc", "--root", f"{directory}/state", "run", f"mountc-test-{os.getpid()}"]


def describe_bwrap(directory, pids="--unshare-pid"):
    script = f"""bwrap --ro-bind /bin/busybox /bin/busybox --symlink busybox /bin/sh \\
        --proc /proc --dev /dev --dir /var/deep/er --perms 0700 --size 65536 --tmpfs /tmp \\
        --tmpfs /run --symlink ../run /var/run --dir /var/run/dir --symlink data/tree /linked \\
        --ro-bind {directory}/host/file /var/run/file \\
        --bind {directory}/host /data --tmpfs /linked --ro-bind {directory}/host/dir /data/dir \\
        --ro-bind {directory}/host /tree --dev-bind {directory}/host/file /tmp/one --mqueue /dev/mqueue \\
        --bind-try /missing /missing --remount-ro /tmp {pids} --unshare-ipc --chdir / \\
        /bin/busybox sh -c {shlex.quote(SHOW)}
"""
    with open(f"{directory}/run.sh", "w", encoding="utf-8") as file:
        file.write(script)
    return "run.sh", ["sh", "run.sh"]


def describe_bwrap_of_our_pids(directory):
    return describe_bwrap(directory, "")


DESCRIBE = {"runc": describe_runc, "bwrap": describe_bwrap, "bwrap-pids": describe_bwrap_of_our_pids}


def view(output):
    """What can be compared of it: no mount and no superblock has the same number twice."""
    head, _, rest = output.partition("\n\n")
    mounts = []
    for line in head.splitlines():
        one = mountinfo.parse_line(os.fsencode(line))
        # A runtime masks a file by its own /dev/null, mountc by the caller's.
        shown = ("mask",) if one.target in MASKED and one.root == "/null" or one.target == MASKED[3] \
            else (one.fstype, one.root.replace("/newroot", "/"), ",".join(sorted(one.flags)))
        mounts.append((one.target, *shown, one.group is not None, one.master is not None))
    devices = [" ".join(line.split()[i] for i in (0, 2, 3, 4, 5)) + " " + line.split()[9]
               if line[:1] in "cb" else line.split()[-1] for line in rest.splitlines()[1:] if line]
    return sorted(mounts), sorted(devices)


def main():
    program, mountc, directory = sys.argv[1:]
    make_sources(directory)
    description, command = DESCRIBE[program](directory)

    def output_of(words):
        return subprocess.run(words, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              text=True, check=False).stdout
    subprocess.run([mountc, "translate", description, "-o", "out.mnt"], cwd=directory, check=True)
    seen = view(output_of(["unshare", "--pid", "--ipc", "--net", "--uts", "--fork", mountc, "run",
                           "out.mnt", "--", "/bin/busybox", "sh", "-c", SHOW]))
    wanted = view(output_of(command))
    for want, have in zip(wanted, seen):
        for one in sorted({*want, *have}, key=str):
            print("same" if one in want and one in have else
                  "missing" if one in want else "not the program's", one)
    same = wanted == seen and len(wanted[0]) > 10 and len(wanted[1]) > 10
    print("equal" if same else "different")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
