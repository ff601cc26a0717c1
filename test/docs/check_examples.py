#!/usr/bin/python3
"""Checks the examples in README.md and docs/.

    check_examples.py ROOT MOUNTC           layouts, with `mountc check`
    check_examples.py ROOT MOUNTC --kernel  plans, run in a mount namespace of their own

The word after the fence says what a block is, and what must come of it:

    ```mnt              a layout without errors and warnings
    ```mnt M301         a layout that is refused, or warned of, with M301 and nothing else
    ```asm              text assembly of a plan that runs
    ```asm EINVAL       text assembly of a plan whose last step fails with EINVAL
    ```asm harm         text assembly of a plan that runs and leaves the mounts that the next block
                        shows; with an errno, a kernel may also refuse its last step so

The number of a diagnostic may follow: the plan does what the compiler refuses with it.
"""

import re
import subprocess
import sys
from pathlib import Path


def blocks(page, language):
    """(line, the words after the fence, text, the text block that follows) of each block."""
    fence = re.compile(rf"^```{language}([ \w]*)\n(.*?)^```$(?:(?:(?!```).)*?^```text\n(.*?)^```$)?",
                       re.MULTILINE | re.DOTALL)
    text = page.read_text()
    for match in fence.finditer(text):
        yield text[: match.start()].count("\n") + 1, match[1].split(), match[2], match[3]


def run(command, text):
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def defect_of_layout(mountc, expected, text, _):
    done = run([mountc, "check", "-"], text)
    output = done.stdout.decode(errors="replace")
    found = set(re.findall(r"^\S+: (?:error|warning): .*\[(M\d+)\]", output, re.MULTILINE))
    if found == set(expected) and done.returncode in (0, 1):
        return None
    return output or f"status {done.returncode}"


def defect_of_plan(mountc, expected, text, mounts):
    plan = run([mountc, "asm", "-", "-o", "-"], text)
    if plan.returncode != 0:
        return plan.stdout.decode(errors="replace")
    script = '"$0" run - && findmnt -rn -R /mnt -o TARGET,PROPAGATION'
    if "harm" not in expected:
        script = '"$0" run -'
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, mountc]
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
    root, mountc = Path(sys.argv[1]), sys.argv[2]
    language, defect = "mnt", defect_of_layout
    if "--kernel" in sys.argv:
        language, defect = "asm", defect_of_plan
    checked, wrong = 0, 0
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for line, expected, text, after in blocks(page, language):
            checked += 1
            found = defect(mountc, expected, text, after)
            if found is not None:
                wrong += 1
                print(f"{page}:{line}: expected {' '.join(expected) or 'success'}, got:\n{found}")
    print(f"{checked - wrong} of {checked} examples are right")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
