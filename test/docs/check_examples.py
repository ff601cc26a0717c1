#!/usr/bin/python3
"""Checks the examples in README.md and docs/.

    check_examples.py ROOT MOUNTC           layouts, with `mountc check` and `mountc fmt`
    check_examples.py ROOT MOUNTC --write   writes the layouts in canonical form
    check_examples.py ROOT MOUNTC --run     good layouts, run on a machine like that of SCENE
    check_examples.py ROOT MOUNTC --kernel  plans, run in a mount namespace of their own

A layout is checked and run where the page's other layouts lie that have a name, which is how the
line above them ends: `NAME.mnt`:

The words after the fence say what a block is, and what must come of it:

    ```mnt              a layout without errors and warnings, which runs
    ```mnt included     a part of one that has a name and is included by others
    ```mnt elsewhere    one that takes another machine than the test's
    ```mnt M301         a layout that is refused, or warned of, with M301 and nothing else
    ```asm              text assembly of a plan that runs
    ```asm EINVAL       text assembly of a plan whose last step fails with EINVAL
    ```asm harm         text assembly of a plan that runs and leaves the mounts that the next block
                        shows; with an errno, a kernel may also refuse its last step so

The number of a diagnostic may follow: the plan does what the compiler refuses with it.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path


PRIVATE = ["unshare", "--mount", "--propagation", "private"]
# What the pages suppose: the usual directories, and nothing of the host in them.
SCENE = r"""set -e
for dir in /mnt /srv /opt /media /home /run; do mount -t tmpfs none $dir; done
mount --make-shared /home
mkdir -p /srv/www /srv/logs /srv/root /srv/web/rootfs /srv/web/logs /srv/mail /srv/disk
mkdir -p /media/disk /home/user /mnt/dev '/mnt/a#b'
mount --bind / /srv/root
mount --bind / /srv/web/rootfs
"""


def blocks(page, language):
    """(line, the words after the fence, text, the text block that follows) of each block."""
    fence = re.compile(rf"^```{language}([ \w]*)\n(.*?)^```$"
                       r"(?:(?:(?!```).)*?^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
    text = page.read_text()
    for match in fence.finditer(text):
        yield text[: match.start()].count("\n") + 1, match[1].split(), match[2], match[3]


def save_named(page):
    """Writes the layouts with a name into the working directory."""
    named = r"`([\w-]+\.mnt)`:\n\n```mnt[ \w]*\n(.*?)^```$"
    for name, text in re.findall(named, page.read_text(), re.MULTILINE | re.DOTALL):
        Path(name).write_text(text)


def run(command, text):
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def defect_of_layout(mountc, expected, text, _):
    if "included" not in expected:
        found = defect_of_check(mountc, expected, text)
        if found is not None:
            return found
    if run([mountc, "fmt", "--check", "-"], text).stdout == b"<stdin>\n":
        return "another form: run check_examples.py ROOT MOUNTC --write"
    return None


def defect_of_check(mountc, expected, text):
    done = run([mountc, "check", "-"], text)
    output = done.stdout.decode(errors="replace")
    found = set(re.findall(r"^\S+: (?:error|warning): .*\[(M\d+)\]", output, re.MULTILINE))
    if found == set(expected) - {"elsewhere"} and done.returncode in (0, 1):
        return None
    return output or f"status {done.returncode}"


def write(mountc, page):
    def canonical(match):
        done = subprocess.run([mountc, "fmt", "-"], input=match[1].encode(), capture_output=True)
        text = done.stdout.decode() if done.returncode == 0 else match[1]
        return match[0].replace(match[1] + "```", text + "```")

    old = page.read_text()
    new = re.sub(r"^```mnt[ \w]*\n(.*?)^```$", canonical, old, flags=re.MULTILINE | re.DOTALL)
    if new != old:
        page.write_text(new)


def defect_of_run(mountc, expected, text, _):
    if expected:
        return None
    command = " -- true" if re.search(r"^namespace ", text, re.MULTILINE) else ""
    script = f'{SCENE}exec "$0" run -{command}'
    done = run([*PRIVATE, "sh", "-c", script, mountc], text)
    if done.returncode == 0 and not done.stdout:
        return None
    return done.stdout.decode(errors="replace") or f"status {done.returncode}"


def defect_of_plan(mountc, expected, text, mounts):
    plan = run([mountc, "asm", "-", "-o", "-"], text)
    if plan.returncode != 0:
        return plan.stdout.decode(errors="replace")
    script = '"$0" run - && findmnt -rn -R /mnt -o TARGET,PROPAGATION'
    if "harm" not in expected:
        script = '"$0" run -'
    command = [*PRIVATE, "sh", "-c", script, mountc]
    done = subprocess.run(command, input=plan.stdout, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    output = done.stdout.decode(errors="replace")
    last = len([line for line in text.splitlines() if line and line[0] != "@"]) - 3 - 1
    errnos = [word for word in expected if word.startswith("E")]
    if done.returncode == 4 and f"  step {last}: " in output and any(
            f": {errno}: " in output or f": {errno}\n" in output for errno in errnos):
        return None
    if done.returncode == 0 and (output == mounts if "harm" in expected else not errnos):
        return None
    return output or f"status {done.returncode}"


def main():
    root, mountc = Path(sys.argv[1]).resolve(), os.path.abspath(sys.argv[2])
    pages = [root / "README.md", *sorted((root / "docs").glob("*.md"))]
    language, defect = "mnt", defect_of_layout
    if "--kernel" in sys.argv:
        language, defect = "asm", defect_of_plan
    elif "--run" in sys.argv:
        # Repairs of diagnostics need not run: they are right when nothing is said of them.
        pages, defect = [p for p in pages if p.name != "diagnostics.md"], defect_of_run
    elif "--write" in sys.argv:
        for page in pages:
            write(mountc, page)
    checked, wrong = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for page in pages:
            save_named(page)
            for line, expected, text, after in blocks(page, language):
                checked += 1
                found = defect(mountc, expected, text, after)
                if found is not None:
                    wrong += 1
                    wanted = " ".join(expected) or "success"
                    print(f"{page}:{line}: expected {wanted}, got:\n{found}")
        os.chdir(root)
    print(f"{checked - wrong} of {checked} examples are right")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
