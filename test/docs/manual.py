#!/usr/bin/python3
"""Holds the manual pages against the tables of the code, the compiler, and the formatters.

    manual.py ROOT MOUNTC            fails when a page shows something else than the code
    manual.py ROOT MOUNTC --write    writes the tables anew

A table stands between the lines `.\\" table: NAME` and `.\\" end`. Layouts, between `.Bd -literal`
and `.Ed` in mountc-layout(5), are checked, and man(1) and mandoc(1) find nothing to warn of, where
they are installed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from grammar import sections
from tables import plain, rows

# Options of mountrun that mountc has as commands, or not at all.
OF_MOUNTRUN = {"probe": "print which features of the kernel a plan may need it has",
               "help": "print the usage", "version": "print the versions of program and plans"}


def quoted(text):
    """Text of a table as mdoc: `words` in backticks are literal."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"`(.*?)`", r"\\fB\1\\fR", text)


def line(text):
    return "\\&" + text if text[:1] in (".", "'") else text


def joined(text):
    return plain(re.sub(r'" "', "", text))


def spelling(letter, word, argument):
    """An option as mdoc: `-o FILE`, `--at=DIR`."""
    argument = argument.replace("|", " | ").replace(" | ", "|")
    if letter != "0":
        return f"Fl {letter[1]}" + (f" Ar {argument}" if argument else "")
    if not word:
        return f"Fl - Ar {argument}"
    return f"Fl \\-{word}" + (f" Ns = Ns Ar {argument}" if argument else "")


def options_of(root):
    return {name: (spelling(letter, plain(word), plain(argument)), plain(help), plain(word))
            for name, letter, word, argument, help
            in rows(root / "compiler/tool/options.def", "OPTION")}


def commands_of(root):
    for name, operand, _, summary, *options in rows(root / "compiler/tool/commands.def", "COMMAND"):
        yield name, plain(operand), joined(summary), options


def commands(root):
    known = options_of(root)
    text = [".Bl -tag -width Ds"]
    for name, operand, summary, options in commands_of(root):
        text.append(f".It Ic {name}" + (f" Ar {operand}" if operand else ""))
        text.append(line(quoted(summary[0].upper() + summary[1:] + ".")))
        if options:
            text.append("Options:")
            text += [f".{known[o][0]}" + (" ," if o != options[-1] else " .") for o in options]
    return [*text, ".El"]


def options(root):
    users = {}
    for name, _, _, chosen in commands_of(root):
        for option in chosen:
            users.setdefault(option, []).append(name)
    text = [".Bl -tag -width Ds"]
    for name, (spelled, help, _) in options_of(root).items():
        help = help[0].upper() + help[1:]
        text += [f".It {spelled}", line(quoted(help)), f"({', '.join(users[name])})"]
    return [*text, ".El"]


def mountrun_options(root):
    # Two options of mountc may have one name; those of mountrun are those of `mountc run`.
    known = options_of(root)
    helps = {known[option][2]: known[option][:2] for name, _, _, chosen in commands_of(root)
             if name == "run" for option in chosen}
    usage = next(joined(text) for name, text in rows(root / "runtime/texts.def", "TEXT")
                 if name == "usage")
    text = [".Bl -tag -width Ds"]
    for word in dict.fromkeys([*re.findall(r"--([a-z-]+)", usage), "help", "version"]):
        spelled, help = helps.get(word, (f"Fl \\-{word}", OF_MOUNTRUN.get(word, "")))
        text += [".It " + spelled.replace(" Ns = Ns", ""), line(quoted(help[0].upper() + help[1:]))]
    return [*text, ".El"]


def exits(root):
    text = [".Bl -tag -width 000"]
    for status, _, meaning in rows(root / "runtime/exits.def", "EXIT"):
        text += [f".It {status}", line(quoted(plain(meaning)))]
    return [*text, ".El"]


def words(root):
    return [".Bl -column nosymfollow STRICTATIME NOSYMFOLLOW", ".It word Ta sets Ta clears",
            *(" Ta ".join([f".It {word}", *(bits.replace("0", r"\&") for bits in cells)])
              for word, *cells in rows(root / "compiler/layout/words.def", "WORD")), ".El"]


def grammar(root):
    lines = []
    for _, found in reversed(sections(root / "grammar/layout.h")):
        lines += ["", *(line(rule.replace("\\", "\\e").replace("-", "\\-")) for rule in found)]
    return [".Bd -literal -compact", *lines[1:], ".Ed"]


TABLES = {"compiler/tool/commands.def": commands, "compiler/tool/options.def": options,
          "runtime/texts.def": mountrun_options, "runtime/exits.def": exits,
          "compiler/layout/words.def": words, "grammar/layout.h": grammar}


def hold_tables(root, page, write):
    old = page.read_text()
    new = re.sub(r'\.\\" table: (\S+)\n.*?\.\\" end\n', lambda m: "\n".join(
        [f'.\\" table: {m[1]}', *TABLES[m[1]](root), '.\\" end', ""]), old, flags=re.DOTALL)
    if new != old and write:
        page.write_text(new)
    elif new != old:
        return [f"{page}: a table is not what the code says: run manual.py ROOT MOUNTC --write"]
    return []


def check_layouts(page, mountc):
    text = re.sub(r'\.\\" table.*?\.\\" end\n', "", page.read_text(), flags=re.DOTALL)
    for layout in re.findall(r"\.Bd -literal.*?\n(.*?)\.Ed", text, re.DOTALL):
        layout = layout.replace("\\-", "-").replace("\\e", "\\")
        done = subprocess.run([mountc, "check", "-"], input=layout, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            yield f"{page}: {done.stderr}"


def lint(page):
    for program, *line in (["man", "--warnings=w", "-l"],
                           ["mandoc", "-T", "lint", "-W", "warning"]):
        if shutil.which(program):
            done = subprocess.run([program, *line, str(page)], capture_output=True, text=True,
                                  check=False, env={**os.environ, "MANPAGER": "cat", "LC_ALL": "C"})
            said = done.stderr if program == "man" else done.stdout
            if said.strip() or done.returncode:
                yield f"{page}: {program}: {said}"


def main():
    root, mountc, write = Path(sys.argv[1]), sys.argv[2], "--write" in sys.argv
    pages = sorted((root / "docs/man").glob("*.[1-8]"))
    wrong = []
    for page in pages:
        wrong += hold_tables(root, page, write)
        wrong += lint(page)
        if page.suffix == ".5":
            wrong += check_layouts(page, mountc)
    shown = set(re.findall(r'\.\\" table: (\S+)', "".join(p.read_text() for p in pages)))
    wrong += [f"no page shows {name}" for name in TABLES.keys() - shown]
    print("\n".join(wrong) or f"{len(pages)} pages as the code says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
