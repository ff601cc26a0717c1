#!/usr/bin/python3
"""Captures of running namespaces: what comes back, by an independent comparison and by our own.

    live.py [NAME...]        `N passed, N failed` is the last line
"""

import os
import re
import resource
import subprocess
import sys

import recorded
import sets  # noqa: I001  the path of test/run comes with it
import canonical
import mountinfo
import syscalls

MOUNTC = os.environ.get("MOUNTC", "mountc")


class Different(Exception):
    pass


def mountc(*arguments, status=0, text=b""):
    done = subprocess.run([MOUNTC, *arguments], input=text, capture_output=True)
    if done.returncode != status:
        raise Different(f"mountc {arguments[0]} ends with {done.returncode}:\n"
                        f"{(done.stdout + done.stderr).decode(errors='replace')}")
    return done.stdout


def shell(script):
    subprocess.run(["sh", "-ec", script], check=True)


def compare(wanted, found):
    differences = canonical.compare(canonical.from_mounts("", wanted),
                                    canonical.from_mounts("", found))
    if differences:
        raise Different("\n".join(differences))


def run_layout(layout, check):
    with open("/run/layout.mnt", "wb") as file:
        file.write(layout)
    run = subprocess.Popen([MOUNTC, "run", "/run/layout.mnt", "--", "/bin/sh", "-c",
                            "echo ready; read line"],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        if run.stdout.readline() != b"ready\n":
            raise Different(f"the layout is not in place\n{layout.decode(errors='replace')}")
        check(run.pid)
    finally:
        run.stdin.close()
        run.wait()


def debian():
    """A system as systemd leaves it: all shared, the usual filesystems, some services' mounts."""
    shell("""
        mount --make-rshared /
        mount -t tmpfs -o mode=755,nosuid,nodev tmpfs /run
        mkdir -p /run/lock /run/user/0 /run/user/1000 /run/credentials/web.service
        mkdir -p /run/systemd/nspawn
        mount -t tmpfs -o size=5120k,nosuid,nodev,noexec tmpfs /run/lock
        mount -t tmpfs -o size=64m,mode=700,nosuid,nodev tmpfs /run/user/0
        mount -t tmpfs -o size=64m,mode=700,nosuid,nodev,uid=1000 tmpfs /run/user/1000
        mount -t tmpfs -o size=1m,mode=700,ro,nosuid,nodev,noexec,nosymfollow ramfs \\
            /run/credentials/web.service
        for service in systemd-journald systemd-sysctl systemd-tmpfiles-setup systemd-udevd \
                systemd-networkd systemd-resolved dbus cron ssh postfix nginx getty; do
            mkdir /run/credentials/$service.service
            mount -t tmpfs -o size=1m,mode=700,ro,nosuid,nodev,noexec none \
                /run/credentials/$service.service
        done
        mount --bind /run/systemd/nspawn /run/systemd/nspawn
        mount --make-slave /run/systemd/nspawn
        mount -t tmpfs -o mode=1777 tmpfs /media
        mkdir -p /media/private/tmp /media/usr
        mount --bind /media/private/tmp /media/private/tmp
        mount --make-private /media/private/tmp
        mount --bind /usr /media/usr
        mount -o remount,bind,ro,nodev /media/usr
        mount --bind /etc/hostname /etc/hostname
        mount -o remount,bind,ro /etc/hostname
        mount -t tmpfs -o mode=755 hidden /mnt
        mkdir -p /mnt/deep/down
        mount -t tmpfs none /mnt/deep/down
        mount -t tmpfs -o mode=755 above /mnt
    """)
    before = mountinfo.read()
    layout = mountc("capture")

    def check(pid):
        compare(before, mountinfo.read(pid))
        said = mountc("diff", f"pid:{os.getpid()}", f"pid:{pid}")
        if said:
            raise Different(said.decode())
        mountc("verify", "/run/layout.mnt", "--pid", str(pid))
        mountc("verify", "/run/layout.mnt", "--pid", "self")
        # And it does see what is not equal.
        shell(f"nsenter --mount=/proc/{pid}/ns/mnt mount --make-private /media/usr")
        said = mountc("diff", f"pid:{os.getpid()}", f"pid:{pid}", status=1)
        group = mountinfo.at(before, "/media/usr").group
        if b"/media/usr: group: none, not peer group %d\n" % group not in said:
            raise Different(said.decode())
    run_layout(layout, check)


def odd_names():
    """Blanks, newlines, quotes, and bytes that are no UTF-8, in targets and in roots."""
    syscalls.mount("top", "/mnt", "tmpfs")
    names = [b"a b", b"new\nline", b"tab\t", b"quo\"te", b"'", b"back\\slash", b"${x}", b"#",
             b"\xff\xfe",
             b"\xc3\xa4", b"\x01\x7f", b"a;b{c}", b"=(x)[y],", b"\\040", b"\xed\xa0\x80"]
    for name in names:
        os.mkdir(b"/mnt/" + name)
        os.makedirs(b"/mnt/" + name + b"/" + name)
        syscalls.mount("in", os.fsdecode(b"/mnt/" + name), "tmpfs")
        os.mkdir(b"/mnt/" + name + b"/root " + name)
        os.mkdir(b"/mnt/" + name + b"/" + name)
        syscalls.mount(os.fsdecode(b"/mnt/" + name + b"/root " + name),
                       os.fsdecode(b"/mnt/" + name + b"/" + name), None, syscalls.MS_BIND)
    recording = b"# namespace n\n" + mountinfo.raw()
    layout = mountc("capture", "--mountinfo", "-", "--stand-in", "tmpfs", text=recording)
    found = mountc("try", "-", "--mountinfo", text=layout)
    wrong = recorded.differences(recording, found)
    if wrong:
        raise Different("\n".join(wrong))
    before = mountinfo.read()
    with open("/mnt/live.mnt", "wb") as file:
        file.write(mountc("capture"))
    found = mountc("try", "/mnt/live.mnt", "--mountinfo")
    compare(before, recorded.sections(found)["here"])


def another_process():
    """A namespace that is not the caller's, by process and by file."""
    syscalls.mount("top", "/mnt", "tmpfs")
    os.mkdir("/mnt/a")
    syscalls.mount(None, "/mnt", None, syscalls.MS_SHARED)

    def begin():
        syscalls.unshare()
        syscalls.mount(None, "/mnt", None, syscalls.MS_SLAVE)
        syscalls.mount("/mnt/a", "/mnt/a", None, syscalls.MS_BIND)
    member = sets.Member(begin)
    try:
        before = member.mounts()
        by_process = mountc("capture", "--pid", str(member.pid))
        by_file = mountc("capture", "--ns", f"/proc/{member.pid}/ns/mnt")
        if by_process.split(b"namespace")[0] != by_file.split(b"namespace")[0]:
            raise Different(by_file.decode())
        if b"group above_mnt peers of /mnt;" not in by_process:
            raise Different(by_process.decode())
        run_layout(by_process, lambda pid: compare(before, mountinfo.read(pid)))
        # A filesystem that only that namespace has is taken as it runs, from there.
        member.do("tmpfs /mnt/a")
        member.do("mkdir /mnt/a/a/kept")
        before = member.mounts()
        by_process = mountc("capture", "--pid", str(member.pid))
        if f"bind /mnt/a in /proc/{member.pid}/ns/mnt".encode() not in by_process:
            raise Different(by_process.decode())

        def kept(pid):
            compare(before, mountinfo.read(pid))
            if not os.path.isdir(f"/proc/{pid}/root/mnt/a/a/kept"):
                raise Different("it is another filesystem")
        run_layout(by_process, kept)
    finally:
        member.end()


def is_asked():
    """Does the kernel say by statmount(2) what a capture needs, and is it asked then?"""
    release = [int(number) for number in re.findall(r"\d+", os.uname().release)[:2]]
    tracer = os.path.join(os.path.dirname(os.path.abspath(MOUNTC)), "test/tools/sysinject")
    if release < [6, 15] or not os.path.exists(tracer):
        return
    subprocess.run([tracer, "-o", "/run/calls", "list", "--", MOUNTC, "capture"], check=True,
                   stdout=subprocess.DEVNULL)
    with open("/run/calls", encoding="utf-8", errors="replace") as file:
        calls = file.read()
    mounts = len(mountinfo.raw(os.getpid()).splitlines())
    if calls.count("statmount(") < mounts:
        raise Different("a capture does not ask statmount(2) for each mount")


def both_readers():
    """statmount(2) says of random namespaces, and of this machine's own, what mountinfo says."""
    is_asked()
    members, made = [os.getpid()], []
    for seed in range(40):
        made.append(sets.readable(f"statmount {seed}"))
        members += [member.pid for member in made[-1].members]
    try:
        for pid in members:
            recording = mountinfo.raw(pid)
            with open("/run/python3.mountinfo", "wb") as file:
                file.write(recording)
            for form in ("--stand-in=tmpfs", "--sources=new"):
                wanted = mountc("capture", "--mountinfo=/run/python3.mountinfo", form)
                for how in (f"--pid={pid}", f"--ns=/proc/{pid}/ns/mnt"):
                    found = mountc("capture", how, form)
                    if found != wanted:
                        raise Different(f"{how}\n{wanted.decode()}{found.decode()}")
            mountc("diff", f"pid:{pid}", "/run/python3.mountinfo")
    finally:
        for each in made:
            each.end()


def id_maps():
    """The ids that mounts map come back: where they run, made anew, and from another namespace."""
    syscalls.mount("top", "/mnt", "tmpfs")
    shell("mkdir /mnt/a /mnt/b /mnt/c /mnt/home; touch /mnt/home/file; chown 7:8 /mnt/home/file")
    layout = (b"group g;\nmount /mnt/a bind /mnt/home idmap(uid=[7:70:1, 0:1000:5], gid=8:80:1);\n"
              b"mount /mnt/b bind /mnt/home ro idmap(uid=7:71:1, gid=8:81:1) shared g;\n"
              b"mount /mnt/c clone /mnt/b slave g;\n")
    mountc("run", "-", text=layout)
    mountc("verify", "-", text=layout)
    said = mountc("verify", "-", status=1, text=layout.replace(b"70:1", b"69:1"))
    wanted = (b"/mnt/a: idmap: uid=0:1000:5,7:70:1 gid=8:80:1, "
              b"not uid=0:1000:5,7:69:1 gid=8:80:1\n")
    if said != wanted:
        raise Different(said.decode())
    owners = {path: (os.stat(f"{path}/file").st_uid, os.stat(f"{path}/file").st_gid)
              for path in ("/mnt/a", "/mnt/b", "/mnt/c", "/mnt/home")}
    if owners["/mnt/a"] != (70, 80) or owners["/mnt/c"] != (71, 81):
        raise Different(str(owners))
    before = mountinfo.read()
    recording = mountinfo.raw()

    def check(pid):
        compare(before, mountinfo.read(pid))
        for path, owner in owners.items():
            file = os.stat(f"/proc/{pid}/root{path}/file")
            if (file.st_uid, file.st_gid) != owner:
                raise Different(f"{path}: {file}")
        if mountc("diff", f"pid:{os.getpid()}", f"pid:{pid}"):
            raise Different("diff")
    run_layout(mountc("capture"), check)
    member = sets.Member(syscalls.private_namespace)
    try:
        shell("umount /mnt/a /mnt/c /mnt/b")
        by_process = mountc("capture", "--pid", str(member.pid))
        if b"mount /mnt/b bind /mnt/home ro idmap(uid=[7:71:1], gid=[8:81:1])" not in \
                re.sub(b" +", b" ", by_process):
            raise Different(by_process.decode())
        # A map cannot be taken off, so what has another one is no source.
        mountc("run", "-",
               text=b"mount /mnt/home bind(host) /mnt/home idmap(uid=0:1:1, gid=0:1:1);\n")
        by_process = mountc("capture", "--pid", str(member.pid))
        for path in "abc":
            line = f"bind /mnt/{path} in /proc/{member.pid}/ns/mnt"
            if line.encode() not in by_process:
                raise Different(by_process.decode())
    finally:
        member.end()
    # mountinfo does not say which ids are mapped.
    layout = mountc("capture", "--mountinfo=-", text=recording)
    if b"param ids_of_mnt_b;" not in layout or b"idmap(ns=${ids_of_mnt_b})" not in layout:
        raise Different(layout.decode())


def files():
    """Files that are mounted on files stay files when they are made anew."""
    syscalls.mount("top", "/mnt", "tmpfs")
    shell("mkdir -p /mnt/d/in /mnt/e; touch /mnt/f /mnt/g /mnt/d/h; mount --bind /mnt/f /mnt/g;"
          "mount --bind /mnt/f /mnt/d/h; mount --bind /mnt/d /mnt/e; mount --make-private /run;"
          "touch /run/pin")
    # Only a namespace with a larger number than this one's can be mounted here, and each processor
    # gives numbers of its own: not every one can.
    for attempt in range(50):
        member = sets.Member(syscalls.private_namespace)
        try:
            syscalls.mount(f"/proc/{member.pid}/ns/mnt", "/run/pin", None, syscalls.MS_BIND)
            break
        except OSError:
            member.end()
            if attempt == 49:
                raise
    try:
        for how in ("--pid=self", "--ns=/run/pin"):
            layout = mountc("capture", how, "--root=/mnt", "--sources=new")
            for line in (b"file root:/f;", b"dir  root:/d;", b"mount /g    root at f  touch;",
                         b"mount /d/h  root at f  touch(parents);",
                         b"mount /e    root at d  mkdir;"):
                if line not in layout:
                    raise Different(f"{line.decode()}\n{layout.decode()}")
            mountc("try", "-", text=layout)
    finally:
        member.end()


def out_of_reach():
    """What is covered by the root of a process is told of the namespace, and not of the process."""
    home = os.open("/proc/self/ns/mnt", os.O_RDONLY)
    proc = os.open("/proc", os.O_PATH)

    def begin():
        sets.new_root()
        syscalls.mount("low", "/a", "tmpfs")
        syscalls.mount("top", "/", "tmpfs")
        own = os.open("self/ns/mnt", os.O_RDONLY, dir_fd=proc)
        syscalls.setns(home)
        syscalls.setns(own)  # which leads to the top of what is mounted on `/`
    member = sets.Member(begin)
    try:
        if len(member.mounts()) != 1:
            raise Different(str(member.mounts()))
        of_process = mountc("capture", "--pid", str(member.pid), "--sources=new")
        if b"# mounts that cannot be reached from its root are left out: 2\n" not in of_process:
            raise Different(of_process.decode())
        of_namespace = mountc("capture", f"--ns=/proc/{member.pid}/ns/mnt", "--sources=new")
        if (b"mount a tmpfs on low" not in of_namespace or
                b"mount / tmpfs on top over;" not in of_namespace):
            raise Different(of_namespace.decode())
        mountc("diff", "-", f"pid:{member.pid}", text=of_process)
        # What a process sees is compared with the top of the stack.
        mountc("diff", "-", f"pid:{member.pid}", text=of_namespace)
        mountc("try", "-", text=of_namespace)
    finally:
        member.end()


def nothing_is_kept():
    """What `try` makes on the host is gone afterwards; nothing propagates."""
    syscalls.mount("top", "/mnt", "tmpfs")
    os.mkdir("/mnt/bound")
    syscalls.mount(None, "/mnt", None, syscalls.MS_SHARED)
    before = mountinfo.read()
    layout = (b"mount /mnt/x/y tmpfs mkdir(parents);\nmount /mnt/file bind /etc/hostname touch;\n"
              b"mount /mnt/bound bind /mnt propagate;\n"
              b"mount /mnt/bound/in/it tmpfs mkdir(parents);\n"
              b"namespace n { pin /mnt/pin; mount / tmpfs; }\n")
    found = mountc("try", "-", "--mountinfo", text=layout)
    if sorted(recorded.sections(found)) != ["(caller)", "n"]:
        raise Different(found.decode())
    if mountinfo.read() != before:
        raise Different("the mounts are not what they were")
    if os.listdir("/mnt") != ["bound"]:
        raise Different(f"left in /mnt: {os.listdir('/mnt')}")


def reconnected():
    """A mount whose propagation was cut, put back from outside its namespace."""
    syscalls.mount("top", "/mnt", "tmpfs")
    for name in "abcde":
        os.makedirs(f"/mnt/{name}/{name}")
    shell("mount -t tmpfs x /mnt/a; mkdir /mnt/a/in /mnt/a/sub; mount --make-shared /mnt/a;"
          "mount --bind /mnt/a /mnt/b; mount -t tmpfs y /mnt/c; mount --bind /mnt/a/sub /mnt/d")

    def begin():
        syscalls.unshare()
        syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    member = sets.Member(begin)
    try:
        def there(path):
            return mountinfo.at(member.mounts(), path)
        group = mountinfo.at(mountinfo.read(), "/mnt/a").group
        pid = str(member.pid)
        said = mountc("reconnect", "/mnt/a", "--pid", pid, "--peer-of", "/mnt/b", "--dry-run")
        for line in (f"what is mounted in `/mnt/b` appears in `{pid}:/mnt/a`",
                     f"what is mounted in `{pid}:/mnt/a` appears in `/mnt/a`",
                     f"what is mounted in `{pid}:/mnt/a` appears in `/mnt/b`"):
            if line not in said.decode():
                raise Different(f"{line}\n{said.decode()}")
        if there("/mnt/a").group:
            raise Different("a dry run changes something")
        mountc("reconnect", "/mnt/a", "--pid", pid, "--peer-of", "/mnt/b")
        mountc("reconnect", "/mnt/b", "--pid", pid, "--slave-of", "/mnt/a")
        a, b = there("/mnt/a"), there("/mnt/b")
        if a.group != group or b.master != group or b.group:
            raise Different(str(there("/mnt/b")))
        member.do("tmpfs /mnt/a/in")
        if not (mountinfo.at(mountinfo.read(), "/mnt/b/in") and there("/mnt/b/in")):
            raise Different("nothing propagates")
        # Under a group of another namespace, too: here it is private.
        shell("mount --make-private /mnt/b")
        mountc("reconnect", "/mnt/b", "--slave-of", f"{pid}:/mnt/a")
        if mountinfo.at(mountinfo.read(), "/mnt/b").master != group:
            raise Different("no slave of the other namespace's group")
        # Nested, and narrower.
        shell("mount --make-private /mnt/d")
        mountc("reconnect", "/mnt/d", "--peer-of", "/mnt/a")
        for arguments, reason in (
                (["/mnt/e", "--peer-of", "/mnt/a"], "is no mount point"),
                (["/mnt/c", "--peer-of", "/mnt/a"], "are not of one superblock"),
                (["/mnt/a", "--peer-of", "/mnt/d"], "already"),
                (["/mnt/c", "--peer-of", "/mnt/c"], "with itself"),
                (["/mnt/c", "--peer-of", "/mnt"], "is in no peer group"),
                (["/mnt/none", "--peer-of", "/mnt/a"], "cannot find"),
                (["/mnt/b", "--pid", "1", "--peer-of", "/mnt/d"], "cannot find")):
            done = subprocess.run([MOUNTC, "reconnect", *arguments], capture_output=True)
            if done.returncode != 4 or reason not in done.stderr.decode():
                raise Different(f"{arguments}: {done}")
        shell("mount --make-private /mnt/b")
        done = subprocess.run([MOUNTC, "reconnect", "/mnt/b", "--peer-of", "/mnt/d"],
                              capture_output=True)
        if done.returncode != 4 or "outside" not in done.stderr.decode():
            raise Different(str(done))
        # Of another namespace's filesystem nothing can be cloned here.
        member.do("tmpfs /mnt/e")
        member.do(f"mount  /mnt/e {syscalls.MS_SHARED}")
        member.do(f"mount /mnt/e /mnt/c {syscalls.MS_BIND}")
        member.do(f"mount  /mnt/c {syscalls.MS_PRIVATE}")
        done = subprocess.run([MOUNTC, "reconnect", "/mnt/c", "--pid", pid,
                               "--slave-of", f"{pid}:/mnt/e"],
                              capture_output=True)
        if done.returncode != 4 or "[M819]" not in done.stderr.decode():
            raise Different(str(done))
    finally:
        member.end()


def processor_times(*commands):
    """The least that each takes in several runs, by turns; wall time says more of what else is
    running."""
    def once(command):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [min(times) for times in zip(*[[once(c) for c in commands] for _ in range(15)])]


def large():
    """10,000 mounts are captured in at most three times the time of reading them once; another
    machine's caches are no failure."""
    syscalls.mount("top", "/mnt", "tmpfs")
    for number in range(100):
        os.mkdir(f"/mnt/{number}")
        syscalls.mount("in", f"/mnt/{number}", "tmpfs")
        for inner in range(100):
            os.mkdir(f"/mnt/{number}/{inner}")
            syscalls.mount("/mnt/0", f"/mnt/{number}/{inner}", None, syscalls.MS_BIND)
    read, captured = processor_times(["cat", "/proc/self/mountinfo"],
                                     [MOUNTC, "capture", "-o", "/run/layout.mnt"])
    print(f"large: {captured * 1000:.0f} ms, {captured / read:.1f} times the time of reading once")
    if captured > 4 * read:
        raise Different("that is too long")


CHECKS = {"debian": debian, "odd names": odd_names, "another process": another_process,
          "both readers": both_readers, "id maps": id_maps, "files": files,
          "out of reach": out_of_reach, "nothing is kept": nothing_is_kept,
          "reconnected": reconnected, "large": large}


def check(name):
    """In a process and a private namespace of its own, with an empty /run."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            syscalls.private_namespace()
            syscalls.mount("run", "/run", "tmpfs")
            CHECKS[name]()
            status = 0
        except (Different, OSError, subprocess.CalledProcessError) as wrong:
            print(f"FAILED {name}: {wrong}")
        finally:
            sys.stdout.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main():
    names = sys.argv[1:] or CHECKS
    sys.stdout.reconfigure(errors="backslashreplace")
    results = [check(name) for name in names]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
