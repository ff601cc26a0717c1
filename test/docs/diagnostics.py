#!/usr/bin/python3
"""Holds what `mountc explain` says against the compiler and the kernel, and docs/diagnostics.md
against what it says.

    diagnostics.py ROOT MOUNTC           the page, and the examples that the compiler refuses
    diagnostics.py ROOT MOUNTC --write   writes the page anew
    diagnostics.py ROOT MOUNTC --kernel  the examples that fail when they run
"""

import re
import subprocess
import sys
from pathlib import Path

PAGE = "docs/diagnostics.md"
INTRODUCTION = """# Diagnostics

Every error and warning of the compiler, and every reason that a run can give for a failure, by its
number, which stays the same for ever. `mountc explain M301` prints the same. An error of the
kernel is named where the kernel would have answered with it. "Shown" says how a test shows the
kernel's rule on the running kernel: by a plan that does what the compiler refuses.

Every bad example on this page is refused with its number and no other, and every repair is
accepted: a test checks them all.
"""


def capital(text):
    return text[0].upper() + text[1:]


class Explained:
    """What `mountc explain` says of one diagnostic, taken apart."""

    def __init__(self, mountc, number):
        done = subprocess.run([mountc, "explain", number],
                              capture_output=True, text=True, check=True)
        self.number = number
        self.head, _, rest = done.stdout.partition("\n")
        self.sections, self.prose = {}, []
        for part in re.split(r"\n\n(?! )", rest.strip("\n")):
            title, _, block = part.partition(":\n")
            if block.startswith("    "):
                self.sections[title] = re.sub(r"(?m)^    ", "", block) + "\n"
            else:
                self.prose.append(part)
        self.bad, self.repair = self.sections.get("bad"), self.sections.get("repair")
        self.at_run = "found when a plan runs" in self.head

    def page(self):
        lines = [f"## {self.head.split(':')[0]}", "", capital(self.head.partition(": ")[2]) + "."
                 if "found" in self.head else self.head.partition(": ")[2] + ".", ""]
        shown = [part for part in self.prose if part.startswith("shown: ")]
        lines += ["\n\n".join(part for part in self.prose if part not in shown), ""]
        others = "mountc-plan", "# namespace", "{"
        layout = not self.at_run and self.bad and not self.bad.startswith(others)
        fences = {"bad": f"mnt {self.number}", "repair": "mnt"} if layout else {}
        titles = {"bad": "Bad:", "says": "This says:", "repair": "Repair:",
                  "on a machine where": "On a machine that was made so:"}
        for title, block in self.sections.items():
            fence = "```" + fences.get(title, "text")
            lines += [titles[title], "", fence, block.rstrip("\n"), "```", ""]
        if shown:
            lines += [capital(shown[0]) + ".", ""]
        return "\n".join(lines)


def numbers(mountc):
    done = subprocess.run([mountc, "explain"], capture_output=True, text=True, check=True)
    return re.findall(r"^(M\d+) ", done.stdout, re.MULTILINE)


def compiled(mountc, text):
    command = ["check", "-"]
    if text.startswith("mountc-plan"):
        command = ["asm", "-", "-o", "/dev/null"]
    if text.startswith("# namespace"):
        command = ["capture", "--mountinfo", "-", "-o", "/dev/null"]
    if text.startswith("{"):
        command = ["translate", "-", "-o", "/dev/null"]
    done = subprocess.run([mountc, *command], input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return set(re.findall(r"(?:error|warning): .*\[(M\d+)\]", done.stdout)), done.stdout


def run(mountc, text, before):
    """(status, output) of a run in a mount namespace of its own, with an empty tmpfs on /mnt."""
    plan = text.encode()
    if text.startswith("mountc-plan"):
        done = subprocess.run([mountc, "asm", "-", "-o", "-"], input=plan, capture_output=True)
        plan = done.stdout
    script = f"set -e\nmount -t tmpfs none /mnt\n{before}exec \"$0\" run -"
    private = ["unshare", "--mount", "--propagation", "private"]
    done = subprocess.run([*private, "sh", "-c", script, mountc],
                          input=plan, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.decode(errors="replace")


def defects_of_compiler(mountc, one):
    found, output = compiled(mountc, one.bad)
    if found != {one.number}:
        yield f"{one.number}: the bad example says {found or 'nothing'}:\n{output}"
    found, output = compiled(mountc, one.repair)
    if output:
        yield f"{one.number}: the repair says:\n{output}"


def defects_of_run(mountc, one):
    before = one.sections.get("on a machine where", "")
    status, output = run(mountc, one.bad, before)
    if status not in (1, 4) or f"[{one.number}]" not in output:
        yield f"{one.number}: the bad example ends with {status}:\n{output}"
    status, output = run(mountc, one.repair, before)
    if status != 0 or output:
        yield f"{one.number}: the repair ends with {status}:\n{output}"


def main():
    root, mountc = Path(sys.argv[1]), sys.argv[2]
    all_ = [Explained(mountc, number) for number in numbers(mountc)]
    wrong, checked = [], 0
    at_run = "--kernel" in sys.argv
    for one in all_:
        if one.bad and one.at_run == at_run:
            checked += 1
            wrong += defects_of_run(mountc, one) if at_run else defects_of_compiler(mountc, one)
    page = INTRODUCTION + "\n" + "\n".join(one.page() for one in all_).rstrip("\n") + "\n"
    if "--write" in sys.argv:
        (root / PAGE).write_text(page)
    elif (root / PAGE).read_text() != page:
        wrong.append(f"{PAGE} is not what `mountc explain` says: "
                     "run diagnostics.py ROOT MOUNTC --write")
    print("\n".join(wrong) or f"{checked} examples and the page are right")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
