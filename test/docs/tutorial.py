#!/usr/bin/python3
"""Does what the pages with ```console blocks say, each in a shell of its own in a mount namespace
of its own, and compares what comes of it.

    tutorial.py ROOT MOUNTC           fails when a command prints something else
    tutorial.py ROOT MOUNTC --write   writes what the commands print into the pages

In a ```console block, a line that begins with `# ` is typed, and what follows is what it prints;
`...` stands for any lines. A ```mnt block is saved in the working directory, under the name that
the line above ends with.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"`(?P<name>[\w.-]+)`[^`\n]*\n\n```mnt[ \w]*\n(?P<layout>.*?)^```$"
                   r"|^```console\n(?P<console>.*?)^```$", re.MULTILINE | re.DOTALL)
END = "-- end of output --"
PAGES = "README.md", "docs/tutorial.md", "docs/design.md"


class Shell:
    def __init__(self, build, folder):
        environment = dict(os.environ, LC_ALL="C.UTF-8", PATH=f"{build}:{os.environ['PATH']}")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "bash", "--norc", "--noprofile"],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=environment)

    def does(self, command):
        self.process.stdin.write(f"{command}\nstatus=$?; echo '{END}'; (exit $status)\n")
        self.process.stdin.flush()
        output = ""
        for line in self.process.stdout:
            if line == END + "\n":
                return output
            output += line
        raise RuntimeError(f"the shell ended in `{command}`: {output}")

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def matches(expected, output):
    parts = [re.escape(part) for part in re.split(r"(?m)^\.\.\.\n", expected)]
    return re.fullmatch(r"(?:.*\n)*".join(parts), output)


def commands(console):
    """[(command, output)]; a command goes on in the next line after a backslash."""
    for part in re.split(r"(?m)^(?=# )", console)[1:]:
        command = re.match(r"# ((?:.*\\\n)*.*\n)", part)[1]
        yield command, part[len(command) + 2:]


def follow(page, shell):
    """(the page as it should be, what is wrong with it, how many commands it has)"""
    wrong, count = [], 0

    def done(match):
        nonlocal count
        if match["layout"] is not None:
            shell.does(f"cat > {match['name']} <<'END'\n{match['layout']}END")
            return match[0]
        shown = []
        for command, expected in commands(match["console"]):
            count += 1
            output = shell.does(command.rstrip("\n"))
            if matches(expected, output):
                output = expected
            else:
                wrong.append(f"{page}: # {command}expected:\n{expected}got:\n{output}")
            shown.append(f"# {command}{output}")
        return "```console\n" + "".join(shown) + "```"

    return BLOCK.sub(done, page.read_text()), wrong, count


def main():
    root, build = Path(sys.argv[1]), Path(sys.argv[2]).resolve().parent
    wrong, count = [], 0
    for page in [root / name for name in PAGES]:
        with tempfile.TemporaryDirectory() as folder:
            shell = Shell(build, folder)
            text, defects, commands_ = follow(page, shell)
            shell.end()
        wrong, count = wrong + defects, count + commands_
        if "--write" in sys.argv:
            page.write_text(text)
    if wrong:
        wrong.append("`tutorial.py ROOT MOUNTC --write` writes what the commands print")
    print("\n".join(wrong) or f"{count} commands do what the pages say")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
