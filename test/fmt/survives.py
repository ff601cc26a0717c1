#!/usr/bin/python3
"""Formats copies of all layouts in the repository and compares what they say before and after.

    survives.py ROOT MOUNTC

Layouts are the .mnt files of test/ and examples/ and the ```mnt blocks of the pages. The syntax
tree (without places) and the stripped plan must stay what they were, and formatting again must
change nothing. A layout that the parser refuses must be left alone.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path


def layouts(root):
    for folder in ("test", "examples"):
        for path in sorted((root / folder).rglob("*.mnt")):
            yield str(path.relative_to(root)), path.read_bytes()
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for match in re.finditer(r"^```mnt[^\n]*\n(.*?)^```$", page.read_text(),
                                 re.MULTILINE | re.DOTALL):
            yield f"pages/{page.name}-{match.start()}.mnt", match[1].encode()


def form(mountc, path, *options):
    done = subprocess.run([mountc, "compile", path, "-o", "-", *options], capture_output=True)
    return done.stdout if done.returncode == 0 else None


def tree(mountc, path):
    dump = form(mountc, path, "--emit=ast")
    return dump and re.sub(rb"(?m)^( *\S+) \d+:\d+", rb"\1", dump)


def plan(mountc, path, text):
    parameters = re.findall(rb"(?m)^\s*param\s+([\w-]+)", text)
    defined = [option for name in parameters for option in ("-D", name.decode() + "=/srv")]
    return form(mountc, path, "--strip", *defined)


def main():
    root, mountc = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, text in layouts(root):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            files.append((name, path, text))
        files = [(name, path, text, tree(mountc, path), plan(mountc, path, text))
                 for name, path, text in files]
        paths = [path for _, path, *_ in files]
        subprocess.run([mountc, "fmt", *paths], capture_output=True)
        again = subprocess.run([mountc, "fmt", "--check", *paths], capture_output=True, text=True)
        wrong = [f"{name}: changes again" for name, path, *_ in files
                 if str(path) in again.stdout.split()]
        for name, path, text, old_tree, old_plan in files:
            if old_tree is None:
                if path.read_bytes() != text:
                    wrong.append(f"{name}: has errors and was changed")
            elif tree(mountc, path) != old_tree:
                wrong.append(f"{name}: another tree")
            elif plan(mountc, path, text) != old_plan:
                wrong.append(f"{name}: another plan")
    print("\n".join(wrong) or f"{len(files)} layouts survive")
    plans = sum(old_plan is not None for *_, old_plan in files)
    return 1 if wrong or plans < 150 else 0


if __name__ == "__main__":
    sys.exit(main())
