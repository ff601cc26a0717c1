#!/usr/bin/python3
"""Holds the grammar in the comments of grammar/layout.h, which docs/language.md shows, against
the parser.

    grammar.py ROOT MOUNTC

Random texts written by the grammar are formatted: the parser takes them, nothing but blanks
changes, and formatting again changes nothing. The grammar and the parser know the same keywords.
"""

import random
import re
import subprocess
import sys
from pathlib import Path

# What is a token here; the unit tests take words apart further.
TOKENS = {
    "string": ['""', '"a b"', '"; { } # ( ] = ,"', r'"\"\\\n\x41\$"', '"${v}"', '"ü"'],
    "word": ["tmpfs", "/a#b", "x=y", "${v}", "a${v}b", "ü", "=", "$", "9p", "/mnt/a"],
    "key": ["size", '"a=b"', "${v}", "a#b"],
    "name": ["g", "bind", "a-b_c", "_1"],
    "digits": ["755", "0"],
}
BLANKS = [" ", " ", " ", "\n", "\t", "\n\n", " # a comment; {\n", "\n  # above\n\n\n"]


def sections(header):
    """[(title, lines)] of the grammar in the header's comments, in its order."""
    found, goes_on = [], False
    for line in header.read_text().splitlines():
        if title := re.match(r"// -- (.*?) -+$", line):
            found.append((title[1], []))
        rule = re.match(r"// [a-z][a-z, -]*? +:= ", line) or goes_on and re.match(r"// +\|", line)
        if rule:
            found[-1][1].append(line[3:])
        goes_on = bool(rule)
    return [(title, lines) for title, lines in found if lines]


class Grammar:
    def __init__(self, lines):
        self.rules = {}
        for definition in re.split(r"\n(?! )", "\n".join(lines)):
            names, _, body = definition.partition(":=")
            tokens = re.findall(r'"[^"]*"|\'[^\']*\'|[\w-]+|[\[\]{}()|]', body)
            rule, rest = self.alternatives(tokens)
            assert not rest, definition
            for name in re.split(", *", names.strip()):
                self.rules[name] = rule

    def alternatives(self, tokens):
        choices = [[]]
        while tokens and tokens[0] not in ("]", "}", ")"):
            token, tokens = tokens[0], tokens[1:]
            if token == "|":
                choices.append([])
            elif token in ("[", "{", "("):
                inner, tokens = self.alternatives(tokens)
                choices[-1].append((token, inner))
                tokens = tokens[1:]
            else:
                choices[-1].append(token)
        return choices, tokens

    def literals(self, rule=None):
        if rule is None:
            return set().union(*(self.literals(each) for each in self.rules.values()))
        found = set()
        for part in (part for choice in rule for part in choice):
            if isinstance(part, tuple):
                found |= self.literals(part[1])
            elif part[0] in "\"'":
                found.add(part[1:-1])
        return found

    def reachable(self, name, found):
        """What texts can be made of, from a rule on."""
        def names(rule):
            for part in (part for choice in rule for part in choice):
                yield from names(part[1]) if isinstance(part, tuple) else [part]

        if name in self.rules and name not in found:
            found.add(name)
            for part in names(self.rules[name]):
                self.reachable(part, found)
        return found

    def write(self, rnd, rule, depth, out):
        for part in rnd.choice(rule):
            if isinstance(part, tuple):
                times = {"(": 1, "[": rnd.randrange(2), "{": rnd.randrange(3)}[part[0]]
                for _ in range(times):
                    self.write(rnd, part[1], depth, out)
            elif part[0] in "\"'":
                out.append(part[1:-1])
            elif part in TOKENS:
                out.append(rnd.choice(TOKENS[part]))
            elif part == "statement" and depth == 3:
                out += ["mount", "/a", "tmpfs", ";"]
            else:
                self.write(rnd, self.rules[part], depth + (part == "statement"), out)


def essence(text):
    """All but blanks; comments apart, for they may pass a comma."""
    pieces = re.findall(r'"(?:[^"\\]|\\.)*"|(?<!\S)#[^\n]*|(?:[^\s"])+', text)
    comments = [p.rstrip() for p in pieces if p[0] == "#"]
    return comments, "".join(p for p in pieces if p[0] != "#")


def mistake(mountc, text):
    done = [subprocess.run([mountc, "fmt", "-"], input=text, capture_output=True, text=True)]
    done.append(subprocess.run([mountc, "fmt", "--check", "-"], input=done[0].stdout,
                               capture_output=True, text=True))
    if done[0].returncode or done[1].returncode:
        return (done[0].stderr or done[1].stdout)[:2000]
    return "" if essence(text) == essence(done[0].stdout) else done[0].stdout


def main():
    root, mountc = Path(sys.argv[1]), sys.argv[2]
    header = root / "grammar/layout.h"
    grammar = Grammar([line for _, lines in sections(header) for line in lines])
    spelled = set(re.findall(r'TAO_PEGTL_STRING\( *"(\w+)" *\)', header.read_text()))
    shown = {word for word in grammar.literals() if word.isalpha() and len(word) > 1}
    wrong = [f"keyword `{word}`: only in the {'rules' if word in spelled else 'comments'}"
             for word in sorted(spelled ^ shown)]
    used = grammar.reachable("skip", grammar.reachable("file", set()))
    wrong += [f"rule `{name}`: no layout has it" for name in sorted(grammar.rules.keys() - used)]
    for seed in range(40):
        rnd, out = random.Random(seed), []
        for _ in range(200):
            grammar.write(rnd, grammar.rules["statement"], 1, out)
        text = "".join(token + rnd.choice(BLANKS) for token in out)
        if found := mistake(mountc, text):
            wrong.append(f"seed {seed}: {found}")
            break
    print("\n".join(wrong) or f"{len(grammar.rules)} rules are the parser's")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
