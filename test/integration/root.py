"""Runs a program as process 1 of namespaces of its own, on a root made of this machine's."""

import os
import pty
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
SECONDS = 120
PREFIX = "/usr"


def install(build, stage):
    """What `cmake --install` puts in place, below the directory `stage`."""
    subprocess.run(["cmake", "--install", build, "--prefix", PREFIX], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "DESTDIR": stage})


def write_tree(directory, files):
    """`files`: path -> text, executable when it is a script; `->PATH` is a link."""
    for path, text in files.items():
        path = directory + path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if text.startswith("->"):
            os.symlink(text[2:], path)
            continue
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755 if text.startswith("#!") else 0o644)


def boot(command, trees, propagation="private", binds=()):
    """The lines on the console of `command`, a list; `trees` are laid over the machine's root, and
    of `binds` each (source, target) is bound in it."""
    master, slave = pty.openpty()
    said = b""
    # A session of its own, whose terminal is the console.
    line = ["timeout", "-k", "5", str(SECONDS), "setsid", "--ctty", "--wait", "unshare", "-m", "-p",
            "-f", "-i", "-u", "-n", "--propagation", "private", "--kill-child", "sh",
            HERE + "/init_root.sh", propagation, " ".join(trees),
            " ".join(f"{source}:{target}" for source, target in binds), *command]
    with subprocess.Popen(line, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # EIO: nobody has the terminal open any more
                break
            if not part:
                break
            said += part
        process.wait()
    os.close(master)
    return said.decode(errors="replace").replace("\r", "").split("\n")
