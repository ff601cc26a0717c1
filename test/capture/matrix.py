"""The tables of bind and move in the kernel's description of shared subtrees
(Documentation/filesystems/sharedsubtree), case by case: each kind of mount is bound, bound
recursively and moved into each kind of parent. The parent has a peer or receiver where its kind
allows one, so that what propagates can be seen."""

KINDS = ("shared", "private", "slave", "unbindable")
_ACTIONS = {"bind": "bind", "rbind": "rbind", "move": "move"}


def _parent(kind):
    """/b is the parent; /c shows it as well."""
    calls = ["tmpfs /b", "make shared /b", "bind /b /c"]
    if kind == "slave":
        calls.append("make slave /b")
    elif kind != "shared":
        calls += ["make private /c", f"make {kind} /b"]
    return calls


def _child(kind):
    """/a is the child that is bound or moved; /d of it where it is shared or a slave."""
    calls = ["mkdir /d", "tmpfs /a", "tmpfs /a/c", "make private /a/c"]
    if kind in ("shared", "slave"):
        calls += ["make shared /a", "bind /a /d"]
    if kind == "slave":
        calls.append("make slave /a")
    if kind == "unbindable":
        calls.append("make unbindable /a")
    return calls


def _facts(action, child, parent):
    """What the tables say of /b/a."""
    into_shared = parent == "shared"
    kind = child
    if child == "unbindable" and not into_shared:
        return ["unbindable /b/a"]
    facts = []
    if kind == "shared":
        facts.append("peers /b/a /d")
    elif kind == "slave":
        facts.append("slave /b/a /d")
        facts.append("shared /b/a" if into_shared else "unshared /b/a")
    else:
        facts.append("shared /b/a" if into_shared else "private /b/a")
    facts.append("peers /b/a /c/a" if into_shared else "nothing /c/a")
    if action != "bind":
        facts.append("shared /b/a/c" if into_shared else "private /b/a/c")
    else:
        facts.append("nothing /b/a/c")
    return facts


def cases():
    """(name, lines)"""
    for action in _ACTIONS:
        for child in KINDS:
            for parent in KINDS:
                call = f"{action} /a /b/a"
                refused = child == "unbindable" and (action != "move" or parent == "shared")
                lines = _child(child) + _parent(parent)
                lines.append(f"refused {call}" if refused else call)
                if not refused:
                    lines += ["= " + fact for fact in _facts(action, child, parent)]
                yield f"{action}: a {child} mount into a {parent} one", lines
