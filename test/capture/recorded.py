"""Recorded sets of namespaces: sections of mountinfo, and when two of them are equal."""

import os
import sys
from dataclasses import replace

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "run"))

import canonical  # noqa: E402
import mountinfo  # noqa: E402

_SECTION = b"# namespace "


def sections(recording):
    """Namespace -> its mounts."""
    found, lines = {}, None
    for line in recording.split(b"\n"):
        if line.startswith(_SECTION):
            lines = found.setdefault(os.fsdecode(line[len(_SECTION):]), [])
        elif line:
            lines.append(line)
    return {name: mountinfo.parse(b"\n".join(lines)) for name, lines in found.items()}


def _stand_in(root):
    """A directory that is gone has no name; docs/capture.md says what stands in for it."""
    return root.removesuffix("//deleted") + ".removed" if root.endswith("//deleted") else root


def nodes(recording, leave_out=()):
    """The canonical form; types and superblock options are those of stand-ins and do not count."""
    all_ = []
    for name, mounts in sections(recording).items():
        if name not in leave_out:
            all_ += [replace(node, fstype=None, super_options=None, root=_stand_in(node.root))
                     for node in canonical.from_mounts(name, mounts)]
    return all_


def differences(wanted, found, leave_out=("(caller)", "outside")):
    return canonical.compare(nodes(wanted), nodes(found, leave_out))
