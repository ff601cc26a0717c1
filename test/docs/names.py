#!/usr/bin/python3
"""Checks that the files and functions which the pages name are there.

    names.py ROOT

`DIRECTORY/FILE` is a file of the project, `FILE.cc` one somewhere in it; where a name follows a
file in the same cell of a table, `FILE` `FUNCTION()`, the file has a function or a rule of that
name.
"""

import re
import subprocess
import sys
from pathlib import Path

SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"[\w./-]*\w\.(?:cc|h|def|py|sh|mnt|txt|in)")
PAIR = re.compile(r"^\| `(?P<file>[\w./-]+)` `(?P<name>\w+)(?:\(\))?` \|", re.MULTILINE)
# Layouts and scripts of these names are examples of the pages, not of the project.
TOP = re.compile(r"(?:bench|compiler|docs|examples|grammar|integration|runtime|test)/")


def defects_of(page, files, root):
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    names = {file.rsplit("/", 1)[-1] for file in files}
    for span in SPAN.findall(text):
        if not FILE.fullmatch(span) or "NAME" in span:
            continue
        if TOP.match(span) and span not in files:
            yield f"{page}: there is no {span}"
        elif span.endswith((".cc", ".h", ".def")) and span.rsplit("/", 1)[-1] not in names:
            yield f"{page}: there is no {span}"
    for file, name in PAIR.findall(text):
        if file not in files:
            continue  # told above
        # A definition: where a line begins, or after `::`.
        defined = rf"^(?:struct |[\w:<>&*\" ]+[ :&*\"]){name}\b *[(:]"
        if not re.search(defined, (root / file).read_text(), re.MULTILINE):
            yield f"{page}: {file} has no {name}"


def folders_without_a_word(root):
    """Each folder of the compiler and of the tests has its place in the tables of design.md."""
    words = set(SPAN.findall((root / "docs/design.md").read_text()))
    for top in ("compiler", "test"):
        for folder in sorted(path.name for path in (root / top).iterdir() if path.is_dir()):
            if not {folder, f"{top}/{folder}"} & words and folder != "__pycache__":
                yield f"docs/design.md: nothing is said of {top}/{folder}"


def main():
    root = Path(sys.argv[1]).resolve()
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=False)
    files = set(listed.stdout.split()) or {
        str(path.relative_to(root)) for path in root.rglob("*")}
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").glob("*.md"))]
    wrong = [defect for page in pages for defect in defects_of(page, files, root)]
    wrong += folders_without_a_word(root)
    print("\n".join(wrong) or f"what {len(pages)} pages name is there")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
