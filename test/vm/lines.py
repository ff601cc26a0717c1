"""The RUN lines of lit tests, divided into what the guest does and what is checked on the host."""

import os
import re
from typing import NamedTuple

_RUN = re.compile(r"RUN:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_REQUIRES = re.compile(r"REQUIRES:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_CHECKER = "@FileCheck@"


class Command(NamedTuple):
    guest: str  # a line of shell
    check: str | None  # arguments of FileCheck, which gets what the guest printed


class Test(NamedTuple):
    name: str
    requires: tuple
    commands: tuple


def read(path, name, where):
    """The test at `path`; `where` has the guest's paths for %mountc, %S and so on."""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    lines, whole = [], ""
    for line in _RUN.findall(text):
        whole += line.removesuffix("\\")
        if not line.endswith("\\"):
            lines.append(whole)
            whole = ""
    requires = tuple(word.strip() for line in _REQUIRES.findall(text) for word in line.split(","))
    return Test(name, requires, tuple(_divide(line, path, where) for line in lines))


def _divide(line, path, where):
    guest, _, check = line.partition("%FileCheck")
    guest = re.sub(r"\|\s*$", "", guest)
    here = {"%FileCheck": _CHECKER, **where, "%S": os.path.dirname(where["%s"]),
            "%T": "/tmp", "%t": "/tmp/test",
            "%build": os.path.dirname(where["%mountrun"])}
    # The longest names first: %s is the beginning of %sysinject.
    for key in sorted(here, key=len, reverse=True):
        guest = guest.replace(key, here[key])
    if not check:
        return Command(guest.strip(), None)
    return Command(guest.strip(), check.replace("%s", path).strip())
