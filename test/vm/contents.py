"""What the guest is made of: the tests, the programs under test, and what those tests use."""

import json
import os
import shutil
import subprocess
import sys

import lines
from image import Image, applets

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GUEST = "/mountc"  # where the repository lies in the guest
BIN = "/usr/bin"

# util-linux's own: busybox's know no propagation words or columns.
_PROGRAMS = ("mount", "umount", "findmnt", "unshare", "nsenter", "setpriv")
_IF_INSTALLED = ("mkfs.erofs",)
_DRIVERS = ("run/apply.py", "run/publications.py", "property/run_property.py", "vm/guest.py")

# Not on a tmpfs: tests tell the filesystem that they are on from those that a layout makes.
INIT = """#!/bin/busybox sh
/bin/busybox mount -t ramfs -o mode=755 root /new
/bin/busybox cp -a /bin /etc /lib /lib64 /usr /root /sbin /mountc /opt /new 2>/dev/null
/bin/busybox mkdir -p /new/proc /new/sys /new/dev /new/tmp /new/run /new/mnt /new/srv /new/var/tmp
for module in /modules/*.ko; do /bin/busybox insmod "$module" 2>/dev/null; done
/bin/busybox cp /stage2 /new/stage2
exec /bin/busybox switch_root /new /stage2
"""
STAGE2 = """#!/bin/busybox sh
export PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LC_ALL=C.UTF-8
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
mkdir -p /dev/shm; mount -t tmpfs shm /dev/shm
%s %s/test/vm/guest.py
/bin/busybox poweroff -f
"""
# lit's: a crash is no failure that a test waits for.
NOT = """#!/bin/sh
"$@"
status=$?
[ $status -ne 0 ] && [ $status -lt 128 ]
"""


def _python_files():
    """The modules of this interpreter that the drivers use, as files."""
    script = ("import multiprocessing.pool, multiprocessing.queues, runpy, sys, "
              "multiprocessing.popen_fork, multiprocessing.synchronize\n"
              "for path in sys.argv[1:]:\n"
              "    sys.path.insert(0, path.rpartition('/')[0])\n"
              "    runpy.run_path(path, run_name='driver')\n"
              "print(*(m.__file__ for m in sys.modules.values() if getattr(m, '__file__', 0)),"
              " sep='\\n')")
    drivers = [os.path.join(ROOT, "test", name) for name in _DRIVERS]
    done = subprocess.run([sys.executable, "-S", "-c", script, *drivers], capture_output=True,
                          text=True, check=True)
    return sorted(path for path in set(done.stdout.split()) if not path.startswith(ROOT))


def _add_python(image):
    real = os.path.realpath(sys.executable)
    image.program(real)
    image.link(BIN + "/python3", real)
    for path in _python_files():
        (image.program if path.endswith(".so") else image.file)(path)
    image.tree(os.path.dirname(__import__("encodings").__file__),
               os.path.dirname(__import__("encodings").__file__))
    return real


def where(name=""):
    """What stands for lit's words in the guest."""
    return {"%mountc": BIN + "/mountc", "%mountrun": BIN + "/mountrun", "%python": BIN + "/python3",
            "%sysinject": BIN + "/sysinject", "%s": f"{GUEST}/test/{name}"}


def run_tests(pattern):
    tests = []
    folder = os.path.join(ROOT, "test", "run")
    for name in sorted(os.listdir(folder)):
        if name.endswith((".mnt", ".test")) and pattern.search(name):
            tests.append(lines.read(os.path.join(folder, name), name, where("run/" + name)))
    return [test for test in tests if test.commands]


def write_modules(path, modules):
    """A second archive, appended to the first: what one kernel has as modules."""
    image = Image()
    for name, data in modules.items():
        image.text("/modules/" + name, data)
    with open(path, "ab") as out:
        image.write_to(out)


def write(path, build, tests, suites, limit):
    image = Image()
    busybox = os.path.realpath(shutil.which("busybox", path="/bin:/usr/bin"))
    image.program(busybox, "/bin/busybox")
    for name in applets(busybox):
        image.link(f"{BIN}/{name}", "/bin/busybox")
    for name in _PROGRAMS:
        image.program(shutil.which(name), f"{BIN}/{name}")
    for name in filter(shutil.which, _IF_INSTALLED):
        image.program(shutil.which(name), f"{BIN}/{name}")
    image.program("/bin/sh" if os.path.exists("/bin/dash") else busybox, "/bin/sh")
    for program in ("mountc", "mountrun"):
        image.program(os.path.join(build, program), f"{BIN}/{program}")
    image.program(os.path.join(build, "test", "kernel", "differential"), f"{BIN}/differential")
    for program in ("sysinject", "apply_in_process"):
        image.program(os.path.join(build, "test", "tools", program), f"{BIN}/{program}")
    python = _add_python(image)
    for folder in ("test/run", "test/property", "test/vm", "examples"):
        image.tree(os.path.join(ROOT, folder), f"{GUEST}/{folder}")
    image.file(os.path.join(ROOT, "runtime/features.def"), GUEST + "/runtime/features.def")
    image.text("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    for name in ("hostname", "hosts"):
        image.text("/etc/" + name, "guest\n")
    for directory in ("/new", "/proc", "/sys", "/dev", "/root", "/opt"):
        image.directory(directory)
    image.text(BIN + "/not", NOT, 0o100755)
    image.text("/init", INIT, 0o100755)
    image.text("/stage2", STAGE2 % (python, GUEST), 0o100755)
    work = {"mountc": BIN + "/mountc", "limit": limit, "suites": suites, "tests": [
        {"name": t.name, "requires": t.requires, "commands": [c.guest for c in t.commands],
         "checked": [c.check is not None for c in t.commands]} for t in tests]}
    image.text(GUEST + "/test/vm/work.json", json.dumps(work))
    with open(path, "wb") as out:
        image.write_to(out)
