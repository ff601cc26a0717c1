#!/usr/bin/python3
"""Holds the tables in docs/ against the tables of the code they show.

    tables.py ROOT           fails when a page shows something else than the code
    tables.py ROOT --write   writes them anew

A table stands between `<!-- table: NAME -->` and `<!-- end -->`.
"""

import re
import sys
import textwrap
from pathlib import Path

from grammar import sections

WIDTH = 98


def rows(path, macro):
    """The rows of a .def file: lists of their arguments as they are written."""
    text = re.sub(r"(?m)^\s*(//|#).*$", "", path.read_text())
    text = re.sub(r"(?m)\)\s*//.*$", ")", text)
    for begin in re.finditer(rf"(?m)^{macro}\(", text):
        arguments, depth, quoted, argument = [], 1, False, ""
        for at in range(begin.end(), len(text)):
            c = text[at]
            if c == '"' and text[at - 1] != "\\":
                quoted = not quoted
            elif not quoted and c in "()":
                depth += 1 if c == "(" else -1
                if depth == 0:
                    break
            if c == "," and depth == 1 and not quoted:
                arguments.append(argument)
                argument = ""
            else:
                argument += c
        yield [re.sub(r"\s+", " ", part).strip() for part in arguments + [argument]]


def plain(text):
    return text.strip('"')


def release(number):
    """`615` is Linux 6.15; up to 2.6 the second number stood still."""
    major, minor = divmod(int(number), 100)
    return f"2.6.{minor}" if major == 2 else f"{major}.{minor}"


def code_block(lines):
    return ["```text", *lines, "```"]


def indented(text, indent):
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def exits(root):
    table = ["| status | meaning |", "| ---: | --- |"]
    for status, _, meaning in rows(root / "runtime/exits.def", "EXIT"):
        table.append(f"| {status} | {plain(meaning)} |")
    return table


def features(root):
    table = ["| bit | name | Linux | what |", "| ---: | --- | --- | --- |"]
    for bit, name, since, what in rows(root / "runtime/features.def", "FEATURE"):
        table.append(f"| {bit} | `{name}` | {release(since)} | {plain(what)} |")
    return table


def operand(text):
    kind, inside = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
    name, _, bits = inside.partition(",")
    if bits:
        kind = f"[{bits.strip().removesuffix('_bits')}]"
    return f"{plain(name)}:{kind}"


def ops(root):
    lines = []
    for code, name, since, effect, summary, *operands in rows(root / "runtime/ops.def", "OP"):
        lines.append(f"{code:>2} {name:<16} {' '.join(map(operand, operands))}")
        where = f", Linux {release(since)}" if int(since) > 100 else ""
        lines += indented(f"{plain(summary)}; {effect}{where}", " " * 20)
    return code_block(lines)


def bits(root):
    sets = {}
    for name, bit, value in rows(root / "runtime/bits.def", "BIT"):
        sets.setdefault(name, []).append(f"{bit}={value}")
    lines = []
    for name, words in sets.items():
        name = name.rstrip("_")
        first, *more = textwrap.wrap(" ".join(words), WIDTH - 12)
        lines += [f"{name:<12}{first}", *(" " * 12 + line for line in more)]
    return code_block(lines)


def parts(root):
    words = (f"{number}={name}" for number, name, *_ in rows(root / "runtime/parts.def", "PART"))
    return code_block(textwrap.wrap(" ".join(words), WIDTH))


def reasons(root):
    lines = []
    for number, _, op, errno, text in rows(root / "runtime/reasons.def", "REASON"):
        lines.append(f"M{number}  {op}{'' if errno == '0' else ' ' + errno}")
        lines += indented(plain(text), " " * 6)
    return code_block(lines)


def warning_groups(root):
    groups = {}
    for name, rule in rows(root / "compiler/diag/groups.def", "GROUP"):
        groups.setdefault(name, []).append(f"`{rule}`")
    return ["| group | its warnings |", "| --- | --- |",
            *(f"| `{name}` | {', '.join(rules)} |" for name, rules in groups.items())]


def words(root):
    table = ["| word | sets | clears |", "| --- | --- | --- |"]
    for word, sets, clears in rows(root / "compiler/layout/words.def", "WORD"):
        cell = lambda bit: "" if bit == "0" else f"`{bit}`"
        table.append(f"| `{word}` | {cell(sets)} | {cell(clears)} |")
    return table


def grammar(root):
    lines = []
    for _, rules in reversed(sections(root / "grammar/layout.h")):
        lines += ["", *rules]
    return code_block(lines[1:])


def kernel_rules(root):
    lines = []
    for name, errno, function, text in rows(root / "compiler/kernel/rules.def", "KERNEL_RULE"):
        lines.append(f"{errno:<8} {name}: {plain(function)}")
        lines += indented(plain(text), " " * 9)
    return code_block(lines)


def changes(root):
    table = ["| since Linux | where | what |", "| --- | --- | --- |"]
    for _, since, function, what in rows(root / "compiler/kernel/changes.def", "CHANGE"):
        what = re.sub('" "', "", what)
        table.append(f"| {release(since)} | `{plain(function)}` | {plain(what)} |")
    return table


TABLES = {
    "runtime/exits.def": exits,
    "runtime/features.def": features,
    "runtime/ops.def": ops,
    "runtime/bits.def": bits,
    "runtime/parts.def": parts,
    "runtime/reasons.def": reasons,
    "compiler/layout/words.def": words,
    "compiler/diag/groups.def": warning_groups,
    "grammar/layout.h": grammar,
    "compiler/kernel/rules.def": kernel_rules,
    "compiler/kernel/changes.def": changes,
}


def main():
    root = Path(sys.argv[1])
    write = "--write" in sys.argv
    seen, wrong = set(), []
    for page in sorted((root / "docs").glob("*.md")):
        def table(match):
            seen.add(match[1])
            rows = TABLES[match[1]](root)
            return "\n".join([f"<!-- table: {match[1]} -->", *rows, "<!-- end -->"])

        old = page.read_text()
        new = re.sub(r"<!-- table: (\S+) -->\n.*?<!-- end -->", table, old, flags=re.DOTALL)
        if new != old and write:
            page.write_text(new)
        elif new != old:
            wrong.append(f"{page}: a table is not what the code says: run tables.py ROOT --write")
    wrong += [f"no page shows {name}" for name in TABLES.keys() - seen]
    print("\n".join(wrong) or f"{len(seen)} tables as in the code")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
