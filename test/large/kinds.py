"""Layouts with very many statements of one kind, and chains of them that are as long.

`KINDS` has them by name: (text, exit status of `mountc check`). 1: there is something wrong with
it, which is found, or the plan's format has no room for it.
"""

MANY = 100000
SOME = MANY // 2  # of what has two statements each


def each(line, count=MANY, first=0):
    return "".join(line(i) for i in range(first, count))


def listed(value, count=MANY):
    return ", ".join(value(i) for i in range(count))


def below(text):
    return "mount /m tmpfs;\n" + text


def chain(forward, count=MANY):
    """Groups each a slave of the next one, or of the one before, and a member of each."""
    other = (lambda i: i - 1) if forward else (lambda i: i + 1)
    top = 0 if forward else count - 1
    return ("filesystem fs tmpfs;\n" +
            each(lambda i: f"group g{i}{'' if i == top else f' slave of g{other(i)}'};\n", count) +
            below(each(lambda i: f"mount /m/{i} fs shared g{i} mkdir;\n", count)))


def clones(word, forward):
    target = (lambda i: i - 1) if forward else (lambda i: i + 1)
    first = 0 if forward else MANY - 1
    return below(each(lambda i: f"mount /m/{i} " + ("tmpfs" if i == first else
                                                    f"{word} /m/{target(i)}") + " mkdir;\n"))


def values(forward):
    target = (lambda i: i - 1) if forward else (lambda i: i + 1)
    first = 0 if forward else MANY - 1
    return each(lambda i: f"let v{i:06} = " + ("x" if i == first else
                                               f"${{v{target(i):06}}}") + ";\n")


FINE = {
    "mounts": below(each(lambda i: f"mount /m/{i} bind /s/{i} mkdir;\n")),
    "mounts in a block": "mount /m tmpfs {\n" + each(lambda i: f"mount {i} tmpfs mkdir;\n") + "}\n",
    "mounts with blocks": below(each(
        lambda i: f"mount /m/{i} tmpfs mkdir {{ mount a tmpfs mkdir; }}\n", SOME)),
    "binds of deep paths": below(each(
        lambda i: f"mount /m/{i} bind /{'/'.join(['deep'] * 100)}/{i} mkdir;\n", SOME)),
    "members of a group": "filesystem fs tmpfs;\ngroup g;\n" + below(each(
        lambda i: f"mount /m/{i} fs shared g mkdir;\n")),
    "members with children": "filesystem fs tmpfs;\ndir fs:/c;\ngroup g;\n" + below(each(
        lambda i: f"mount /m/{i} fs shared g mkdir;\nmount /m/{i}/c tmpfs;\n", SOME)),
    "receivers of a group": "filesystem fs tmpfs;\ngroup g;\n" + below(
        "mount /m/x fs shared g mkdir;\n" + each(lambda i: f"mount /m/{i} fs slave g mkdir;\n")),
    "slave groups of one": "filesystem fs tmpfs;\ngroup g;\n" +
        each(lambda i: f"group g{i} slave of g;\n") + below("mount /m/x fs shared g mkdir;\n" +
        each(lambda i: f"mount /m/{i} fs shared g{i} mkdir;\n")),
    "a chain of slave groups": chain(True),
    "a chain of clones": clones("clone", True),
    "clones of one": below("mount /m/s tmpfs mkdir;\n" + each(
        lambda i: f"mount /m/{i} clone /m/s mkdir;\n")),
    "filesystems": below(each(
        lambda i: f"filesystem f{i} tmpfs;\nmount /m/{i} f{i} mkdir;\n", SOME)),
    "entries": below(each(lambda i: f"dir /m/d{i};\nnode /m/n{i} c 1:3;\n", SOME)),
    "masks": "mount /m bind /s;\n" + each(lambda i: f"mask /m/{i};\n"),
    "id maps": below(each(
        lambda i: f"mount /m/{i} bind /s idmap(uid=0:{i + 1}:1, gid=0:1:1) mkdir;\n", SOME)),
    "parameters": each(lambda i: f"param p{i} = /a/{i};\n") + "mount /m bind ${p5};\n",
    "a chain of values": values(True),
    "a chain of values, backwards": values(False),
    "a loop of many values": below(
        f"for i in [{listed(str)}] {{ mount /m/${{i}} bind /s mkdir; }}\n"),
    "loops": below(each(lambda i: f"for i in [{i}] {{ mount /m/${{i}} bind /s mkdir; }}\n")),
    "the same file included": "include one.part;\n" * MANY,
    "options": f"mount /m tmpfs({listed(lambda i: f'o{i}=1')});\n",
    "attributes": "mount /m rbind /s " + "ro nosuid ro(top) nodev(top) " * SOME + ";\n",
    "layers": f"mount /m overlay(lowerdir=[{listed(lambda i: f'/l{i}')}]);\n",
    "comments": "# comment\n" * MANY + "mount /m tmpfs;\n",
}

WRONG = {
    "a chain of rclones, backwards": clones("rclone", False),
    "a chain of clones, backwards": clones("clone", False),
    "a chain of slave groups, backwards": chain(False),
    "topmost mounts": each(lambda i: f"mount /t/{i} bind /s/{i};\n"),
    "groups of the host": each(lambda i: f"group g{i} peers of /p/{i};\n", SOME) + below(each(
        lambda i: f"mount /m/{i} bind /p/{i} shared g{i} mkdir;\n", SOME)),
    "namespaces with pins": each(
        lambda i: f"namespace n{i} {{ pin /run/n{i}; mount / tmpfs; }}\n", SOME),
    "a high stack": "mount /m tmpfs;\n" + "mount /m tmpfs over;\n" * MANY,
    "a chain of layers": "filesystem f0 tmpfs;\n" + each(
        lambda i: f"filesystem f{i} overlay(lowerdir=[in(f{i - 1}), /usr]);\n", SOME, 1) +
        f"mount /m f{SOME - 1};\n",
    "nested blocks": "mount /m tmpfs " + "{ mount a tmpfs mkdir " * MANY,
    "nested loops": "for i in [1] { " * MANY,
    "ranges of ids":
        f"mount /m bind /s idmap(uid=[{listed(lambda i: f'{i}:{i}:1')}], gid=0:0:1);\n",
    "a circle of groups": each(lambda i: f"group g{i} slave of g{(i + 1) % MANY};\n"),
    "a circle of clones": each(lambda i: f"mount /m{i} clone /m{(i + 1) % MANY};\n"),
    "a circle of values": each(lambda i: f"let v{i} = ${{v{(i + 1) % MANY}}};\n"),
    "a circle of layers": each(lambda i: f"filesystem f{i} overlay(lowerdir=[in(f{(i + 1) % MANY}),"
                                         f" /usr]);\n") + "mount /m f0;\n",
    "syntax errors": each(lambda i: f"mount /m{i} bind\n"),
    "unknown groups": each(lambda i: f"mount /m{i} bind /x shared g{i};\n"),
    "unknown attributes": each(lambda i: f"mount /m{i} tmpfs foo{i};\n"),
    "contradictions": each(lambda i: f"mount /m{i} tmpfs ro rw;\n"),
    "twice the same target": "mount /m tmpfs;\n" * MANY,
    "twice the same group": "group g;\n" * MANY,
    "sources under a target": below(each(lambda i: f"mount /n{i} bind /m/{i};\n")),
    "hidden mounts": "mount /m tmpfs {\nmount a tmpfs mkdir;\n" + each(
        lambda i: f"mount a/{i} tmpfs;\n") + "}\n",
    "misplaced options": each(lambda i: f"mount /m{i} tmpfs(noatime);\n"),
}

KINDS = {**{name: (text, 0) for name, text in FINE.items()},
         **{name: (text, 1) for name, text in WRONG.items()}}
