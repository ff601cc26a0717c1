"""foreign_odd.py MOUNTC CONFIG - configurations and command lines with odd bytes in odd places:
each is refused, or becomes a layout that can be read again."""

import json
import random
import subprocess
import sys

SEEDS = 150
ODD = ['"', ";", "${x}", "$", "\n", "\t", "é", "{", "}", "(", ")", "[", "]", ",", "=", "\\", "#",
       " ", "..", "/", "\x7f", "\x01", "", "a" * 300, "on", "at", "in", "to", "mount", "-", "0"]
OPTIONS = ["--ro-bind", "--bind-try", "--tmpfs", "--dir", "--symlink", "--proc", "--dev",
           "--overlay-src", "--tmp-overlay", "--overlay", "--perms", "--size", "--remount-ro",
           "--file", "--args", "--", "--x"]
WORDS = ["/", "/usr", "/a/b", "a", "../x", "$HOME/x", "${A:-b}/c", "/p q", ""]


def with_odd(chance, text):
    if chance.random() >= 0.15:
        return text
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(ODD) + text[at:]


def changed(chance, value):
    if isinstance(value, dict):
        return {key: changed(chance, one) for key, one in value.items() if chance.random() > 0.01}
    if isinstance(value, list):
        return [changed(chance, one) for one in value]
    if chance.random() < 0.01:
        return chance.choice([None, 1, -5, 1e300, "x", [], {}, True])
    return with_odd(chance, value) if isinstance(value, str) else value


def command_line(chance):
    def word():
        return "'" + with_odd(chance, chance.choice(WORDS)).replace("'", "'\\''") + "'"
    parts = [" ".join([chance.choice(OPTIONS), *(word() for _ in range(chance.randrange(4)))])
             for _ in range(8)]
    return "bwrap " + " ".join(parts) + "\n"


def defect(mountc, text):
    done = subprocess.run([mountc, "translate", "-"], input=text.encode(), capture_output=True)
    if done.returncode not in (0, 1):
        return f"translate ends with {done.returncode}: {done.stderr[-200:]}"
    if done.returncode == 0:
        read = subprocess.run([mountc, "fmt", "--check", "-"], input=done.stdout,
                              capture_output=True)
        if read.returncode != 0:
            return f"the layout is not what fmt makes of it: {read.stderr[:200]}"
    return None


def main():
    mountc, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    defects = 0
    for seed in range(SEEDS):
        chance = random.Random(seed)
        for text in (json.dumps(changed(chance, config)), command_line(chance)):
            found = defect(mountc, text)
            if found:
                defects += 1
                print(f"seed {seed}: {found}\n{text}")
    print("no defects" if not defects else f"{defects} defects")
    return 1 if defects else 0


if __name__ == "__main__":
    sys.exit(main())
