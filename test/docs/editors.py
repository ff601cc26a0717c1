#!/usr/bin/python3
"""Holds the lists of words in integration/editors/ against the compiler's.

    editors.py ROOT           fails when a list is another
    editors.py ROOT --write   writes the lists anew
"""

import json
import re
import sys
from pathlib import Path

EDITORS = "integration/editors"


def words_of(root):
    """Statements, clauses, attributes and flags: grammar/layout.h and the tables of attributes."""
    grammar = (root / "grammar/layout.h").read_text()
    keyword = r'struct (kw_\w+) *: keyword< TAO_PEGTL_STRING\( *"(\w+)" *\)'
    spelled = dict(re.findall(keyword, grammar))
    begin = re.search(r"struct statement_keyword : sor<(.*?)>", grammar, re.DOTALL)[1]
    statements = {spelled[name] for name in re.findall(r"kw_\w+", begin)}
    attributes = set(re.findall(r'\{"(\w+)", OtherWord::',
                                (root / "compiler/layout/attributes.cc").read_text()))
    flags = set(re.findall(r"(?m)^WORD\((\w+),", (root / "compiler/layout/words.def").read_text()))
    return {"statements": statements, "attributes": attributes, "flags": flags,
            "clauses": set(spelled.values()) - statements - attributes}


def vim(text, words):
    for name, each in words.items():
        text = re.sub(rf'(?m)^(" words: {name}\nsyntax keyword \w+).*$',
                      lambda m: " ".join([m[1], *sorted(each)]), text)
    return text


def textmate(text, words):
    for name, each in words.items():
        text = re.sub(rf'(?m)^( +"{name}": .*?\]?\))\([\w|]*\)(\(\?!)',
                      lambda m: f"{m[1]}({'|'.join(sorted(each))}){m[2]}", text)
    return text


def scope_of(grammar, line, word):
    """What the TextMate grammar makes of a word of a line."""
    begin = line.index(word)
    for pattern in grammar["patterns"]:
        rule = grammar["repository"][pattern["include"][1:]]
        for match in re.finditer(rule.get("match", "$^"), line):
            if match.span() == (begin, begin + len(word)):
                return rule["name"].split(".")[0]
    return ""


EXAMPLES = [("mount /mnt tmpfs ro;", "mount", "keyword"), ("mount /mnt tmpfs ro;", "ro", "storage"),
            ("}group x;", "group", "keyword"), ("group bind;", "mount", ""),
            ("mount /srv/file tmpfs;", "file", ""), ("mount /a bind /b;", "bind", "keyword"),
            ("mount /a tmpfs shared g;", "shared", "storage"), ("dir /a;# no", "# no", "comment"),
            ("dir /a#b;", "#b;", "")]


def main():
    root = Path(sys.argv[1])
    words, wrong = words_of(root), []
    for name, rewrite in (("vim/syntax/mnt.vim", vim), ("textmate/mnt.tmLanguage.json", textmate)):
        path = root / EDITORS / name
        text = path.read_text()
        new = rewrite(text, words)
        if new != text and "--write" in sys.argv:
            path.write_text(new)
        elif new != text:
            wrong.append(f"{path}: other words than the compiler's: run editors.py ROOT --write")
        for word in set().union(*words.values()):
            if not re.search(rf"[ (|]{word}[\n |)]", new):
                wrong.append(f"{path}: `{word}` is missing")
    grammar = json.loads((root / EDITORS / "textmate/mnt.tmLanguage.json").read_text())
    for line, word, scope in EXAMPLES:
        if word in line and scope_of(grammar, line, word) != scope:
            wrong.append(f"`{word}` in `{line}` is {scope_of(grammar, line, word)}")
    print("\n".join(wrong) or f"{sum(map(len, words.values()))} words are the compiler's")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
