#!/usr/bin/python3
"""Writes pieces.def: the pairs of letters and pieces that are most frequent in the runtime's
texts (byte pair encoding). Worth a run when many texts have changed; pack.h needs no newest one.
"""

import collections
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = 128
STUB = """
#define TEXT(name, text) text;
#include "runtime/texts.def"
#define ERRNO(number, name, text) #name text;
#include "runtime/errnos.def"
#define FEATURE(bit, name, since, what) #name;
#include "runtime/features.def"
"""
HEAD = """// runtime/pieces.def - frequent pieces of the runtime's texts, each of them two letters or pieces
// above it. Written by pieces.py, in the order in which pack.h packs them.
//
//   PIECE(text)

#ifndef PIECE
#error "define PIECE(text) before including pieces.def"
#endif

"""


def texts():
    code = subprocess.run(["c++", "-E", "-P", "-x", "c++", f"-I{HERE.parent}", "-"], input=STUB,
                          check=True, text=True, stdout=subprocess.PIPE).stdout
    for group in re.finditer(r'(?:"(?:[^"\\]|\\.)*"\s*)+', code):
        text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', group[0])).replace("\\n", "\n")
        yield re.sub(r"%(.)", lambda m: "%" if m[1] == "%" else chr("sdxet".index(m[1]) + 1), text)


def pieces(codes):
    """Merges the most frequent pair, again and again; yields what each pair stands for."""
    meaning = {code: chr(code) for code in range(FIRST)}
    for code in range(FIRST, 256):
        # A piece is written down as it is: it can hold neither a sign nor the end of a text.
        counts = collections.Counter(pair for pair in zip(codes, codes[1:])
                                     if all(part >= 32 or part == 10 for part in pair))
        pair, count = max(counts.items(), key=lambda item: (item[1], item[0]))
        if count < 4:
            return
        merged, at = [], 0
        while at < len(codes):
            both = tuple(codes[at:at + 2]) == pair
            merged.append(code if both else codes[at])
            at += 1 + both
        codes = merged
        meaning[code] = meaning[pair[0]] + meaning[pair[1]]
        yield meaning[code]


def main():
    codes = list("".join(text + "\0" for text in texts()).encode())
    rows = []
    for piece in pieces(codes):
        quoted = piece.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        rows.append(f'PIECE("{quoted}")\n')
    (HERE / "pieces.def").write_text(HEAD + "".join(rows) + "\n#undef PIECE\n")


if __name__ == "__main__":
    main()
