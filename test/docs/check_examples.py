#!/usr/bin/python3
"""Checks the examples in README.md and docs/.

    check_examples.py ROOT MOUNTC           layouts, with `mountc check`
    check_examples.py ROOT MOUNTC --kernel  plans, run in a mount namespace of their own

The word after the fence says what a block is, and what must come of it:

    ```mnt              a layout without errors and warnings
    ```mnt M301         a layout that is refused, or warned of, with M301 and nothing else
    ```asm              text assembly of a plan that runs
    ```asm EINVAL       text assembly of a plan whose last step fails with EINVAL
"""

import re
import subprocess
import sys
from pathlib import Path


def blocks(page, language):
    """(line, what is expected, text) of each fenced block."""
    fence = re.compile(rf"^```{language}(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    text = page.read_text()
    for match in fence.finditer(text):
        yield text[: match.start()].count("\n") + 1, match[1], match[2]


def run(command, text):
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def defect_of_layout(mountc, expected, text):
    done = run([mountc, "check", "-"], text)
    output = done.stdout.decode(errors="replace")
    found = set(re.findall(r"^\S+: (?:error|warning): .*\[(M\d+)\]", output, re.MULTILINE))
    if found == ({expected} if expected else set()) and done.returncode in (0, 1):
        return None
    return output or f"status {done.returncode}"


def defect_of_plan(mountc, expected, text):
    plan = run([mountc, "asm", "-", "-o", "-"], text)
    if plan.returncode != 0:
        return plan.stdout.decode(errors="replace")
    command = ["unshare", "--mount", "--propagation", "private", mountc, "run", "-"]
    done = subprocess.run(command, input=plan.stdout, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    output = done.stdout.decode(errors="replace")
    last = len([line for line in text.splitlines() if line and line[0] != "@"]) - 3 - 1
    if expected is None and done.returncode == 0:
        return None
    if (expected and done.returncode == 4 and f": {expected}: " in output
            and f"  step {last}: " in output):
        return None
    return output or f"status {done.returncode}"


def main():
    root, mountc = Path(sys.argv[1]), sys.argv[2]
    language, defect = "mnt", defect_of_layout
    if "--kernel" in sys.argv:
        language, defect = "asm", defect_of_plan
    checked, wrong = 0, 0
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for line, expected, text in blocks(page, language):
            checked += 1
            found = defect(mountc, expected, text)
            if found is not None:
                wrong += 1
                print(f"{page}:{line}: expected {expected or 'success'}, got:\n{found}")
    print(f"{checked - wrong} of {checked} examples are right")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
