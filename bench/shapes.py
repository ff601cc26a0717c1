"""The layouts of the benchmarks, and the directories that they bind. floor.cc makes the same."""

import os

GROUP, CHAIN, DEPTH = 10, 8, 8

HEAD = "param base;\nmount ${base}/tree bind ${base}/target;\n"


def _bind(target, source, attributes="", place="source"):
    return f"mount ${{base}}/tree/{target} bind ${{base}}/{place}/{source}{attributes};\n"


def flat(count):
    return "".join(_bind(f"{n:04}", f"{n:04}", " ro nosuid nodev") for n in range(count))


def busy(count):
    return "".join(_bind(f"{n:04}", f"{n:04}", " ro nosuid nodev", "busy/source")
                   for n in range(count))


def peers(count):
    groups = "".join(f"group g{n:04};\n" for n in range(-(-count // GROUP)))
    return groups + "".join(_bind(f"{n:04}", f"{n // GROUP:04}", f" shared g{n // GROUP:04}")
                            for n in range(count))


def joined(count):
    groups = "".join(f"group g{n:04};\n" for n in range(-(-count // GROUP)))
    roots = [f"{n // GROUP:04}" + (f"/{n % GROUP}" if n % GROUP else "") for n in range(count)]
    return groups + "".join(_bind(f"{n:04}", root, f" shared g{n // GROUP:04}")
                            for n, root in enumerate(roots))


def chains(count):
    text = ""
    for n in range(count):
        master = f" slave of g{n - 1:04}" if n % CHAIN else ""
        text += f"group g{n:04}{master};\n"
        text += _bind(f"{n:04}", f"{n // CHAIN:04}", f" shared g{n:04}")
    return text


def nested(count):
    return "".join(_bind(f"{n // DEPTH:04}" + "/d" * (n % DEPTH), f"{n % DEPTH:04}")
                   for n in range(count))


SHAPES = {
    "flat": flat,  # binds with `ro nosuid nodev`, each of a directory of its own
    "busy": busy,  # the same out of a filesystem with as many mounts in it
    "peers": peers,  # groups of 10, whose members show one directory
    "joined": joined,  # groups of 10, whose members show different directories
    "chains": chains,  # chains of 8: each mount is shared and a slave of the one before it
    "nested": nested,  # mounts on one another, 8 deep
}


def layout(shape, count):
    return HEAD + SHAPES[shape](count)


def prepare(directory, count):
    """Makes what the layouts of up to `count` mounts bind, beneath `directory`."""
    os.mkdir(os.path.join(directory, "tree"))
    for number in range(count):
        source = os.path.join(directory, "source", f"{number:04}")
        os.makedirs(os.path.join(directory, "target", f"{number:04}"))
        os.makedirs(os.path.join(source, "d"))
        for part in range(1, GROUP):
            os.mkdir(os.path.join(source, str(part)))


def prepare_busy(directory, count):
    """The same for `busy`: `directory` is a mount of its own, and gets mounts in it."""
    for number in range(count):
        os.makedirs(os.path.join(directory, "source", f"{number:04}"))
        inner = os.path.join(directory, "mounts", f"{number:04}")
        os.makedirs(inner)
        yield inner
