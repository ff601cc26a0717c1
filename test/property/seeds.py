"""One seed: generate, apply in a namespace of its own, read back, compare."""

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from posixpath import join

import mountinfo
import world
from canonical import compare, from_mounts
from exact import known_from, new_mounts
from features import TARGET
from generate import generate
from namespaces import in_child, read_pinned
from reference import Reference
from render import render


@dataclass
class Options:
    mountc: str
    mountrun: str
    engine: str = "mountc"  # mountrun, alternate, reference
    without: list = field(default_factory=list)
    timeout: float = 20


def _command(options, layout, path):
    """(command line, or None when compiling failed, its output)."""
    at = ["--at", layout.at] if layout.at else []
    engine = options.engine
    if engine == "alternate":
        # By draws of eight: the kind of layout changes with each seed.
        engine = ("mountc", "mountrun")[layout.seed // 8 % 2]
    if engine == "mountc":
        return [options.mountc, "run", path, *TARGET, *at], ""
    plan = path + ".plan"
    done = subprocess.run([options.mountc, "compile", path, "-o", plan, *TARGET], check=False,
                          stderr=subprocess.STDOUT, stdout=subprocess.PIPE, timeout=options.timeout)
    output = done.stdout.decode(errors="replace")
    return ([options.mountrun, plan, *at] if done.returncode == 0 else None), output


def _run(line, options):
    """Runs it; a failure is given as text."""
    done = subprocess.run(line, check=False, stdin=subprocess.DEVNULL, timeout=options.timeout,
                          stderr=subprocess.STDOUT, stdout=subprocess.PIPE)
    output = done.stdout.decode(errors="replace")
    return [f"exit status {done.returncode}:\n{output}"] if done.returncode else []


def _execute(options, layout, directory):
    """Applies the layout; gives (command line, failures)."""
    if options.engine == "reference":
        Reference(layout).apply()
        return None, []
    path = join(directory, "layout.mnt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(render(layout, options.without))
    line, output = _command(options, layout, path)
    if line is None:
        return None, ["compile failed:\n" + output]
    return line, _run(line, options)


def actual(layout, before):
    """(canonical nodes of all namespaces of the layout, differences elsewhere)."""
    pins = {name: join(world.PINS, name) for name in layout.namespaces}
    added, differences = new_mounts(before, mountinfo.read(), set(pins.values()))
    nodes = from_mounts("", added)
    for name, pin in pins.items():
        nodes += from_mounts(name, read_pinned(pin))
    return nodes, differences


def _go_back(line, options, layout, before, known):
    """Every fourth layout is replaced, which changes nothing; all are removed, to the last
    mount."""
    differences = []
    if layout.seed % 4 == 0:
        failure = _run([*line, "--replace"], options)
        if failure and "feature beneath" in failure[0]:  # before Linux 6.5
            failure = _run([*line, "--replace", "--allow-gap"], options)
        # What is stacked at one target cannot be.
        if failure and "[M609]" not in failure[0]:
            return [f"--replace: {text}" for text in failure]
        nodes, differences = actual(layout, before)
        differences += compare(layout.nodes(), nodes, known)
    differences += _run([*line, "--remove"], options)
    after = mountinfo.read()
    differences += [f"is left: {m}" for m in after if m not in before]
    differences += [f"is gone: {m}" for m in before if m not in after]
    return [f"taken back: {text}" for text in differences]


def differences_of(layout, options, inspect=None):
    """In the seed's own process: the differences between what is declared and what is there."""
    world.refresh(layout.parent_kind)
    before = mountinfo.read()
    known = known_from(before, world.known_superblocks(), world.known_groups(before))
    with tempfile.TemporaryDirectory(prefix="mountc.") as directory:
        line, failure = _execute(options, layout, directory)
        if failure:
            return failure
        nodes, differences = actual(layout, before)
        if inspect:
            inspect(layout.nodes(), nodes, known)
        differences += compare(layout.nodes(), nodes, known)
        if line and not differences:
            differences = _go_back(line, options, layout, before, known)
    return differences


def forget(layout):
    """Removes what `mkdir` and `touch` made in the superblocks that all seeds use."""
    for path in reversed(layout.host_directories):
        if os.path.isdir(path):
            os.rmdir(path)
        elif os.path.exists(path):
            os.unlink(path)


def run_seed(seed, options):
    """(layout, differences); none when what was declared is what is there."""
    layout = generate(seed, options.without)

    def child():
        try:
            return "\n".join(differences_of(layout, options)).encode(errors="backslashreplace")
        except Exception as error:  # reported for its seed; the next one goes on
            return f"{type(error).__name__}: {error}".encode(errors="backslashreplace")

    text = in_child(child).decode()
    forget(layout)
    return layout, text
