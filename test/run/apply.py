#!/usr/bin/python3
"""Applies a layout in a private mount namespace and compares the result with its EXPECT lines.

    apply.py LAYOUT.mnt                  the file's own SCENE and EXPECT lines
    apply.py LAYOUT.mnt --shared-parent  /mnt is shared and has a peer, as on systemd machines
    apply.py LAYOUT.mnt --status 4       must fail with 4 and change nothing at all
    apply.py LAYOUT.mnt --command "/bin/busybox sh -c 'echo ready; cat'"

Prints `equal`, or the differences; what mountc and mountrun print goes through. Every namespace
of the layout that does not pin itself is pinned for the test, unless a COMMAND is given: that
must print a line and then wait for the end of its input, and only what it sees is compared,
beside the namespaces that are pinned.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys

import expect
import mountinfo
import syscalls
from canonical import compare, from_mounts
from exact import known_from, new_mounts
from features import TARGET
from namespaces import read_pinned, stay_on_one_processor
from scene import OWN, TOP, Scene

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
_NAMESPACE = re.compile(r"^[^#\n]*?\bnamespace\s+(?P<name>[\w-]+)[^{#\n]*\{", re.MULTILINE)
_NO_WAY_BACK = r"^mount +/ |^[^#\n]*\b(beneath|copy)\b"  # a new root, a copy
_PIN = re.compile(r"^[^#\n]*?\bpin\s+\"?(?P<path>[^\s\";]+)", re.MULTILINE)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layout")
    parser.add_argument("--mountc", default=os.environ.get("MOUNTC", ROOT + "/build/mountc"))
    parser.add_argument("--mountrun", default=os.environ.get("MOUNTRUN", ROOT + "/build/mountrun"))
    parser.add_argument("--engine", choices=("mountc", "mountrun", "both"), default="both")
    parser.add_argument("--scene", help="a file of further SCENE lines, carried out first")
    parser.add_argument("--expect", help="take the EXPECT lines (or .json) from this file")
    parser.add_argument("--shared-parent", action="store_true")
    parser.add_argument("--at", metavar="DIR")
    parser.add_argument("--in", dest="in_", metavar="NAMESPACE")
    parser.add_argument("--command")
    parser.add_argument("--no-replace", action="store_true",
                        help="what is there stands in the way of making it anew")
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("-D", dest="define", action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args()


def prepare(args, text):
    """Sets the scene and gives (mounts before, known names)."""
    stay_on_one_processor()
    syscalls.private_namespace()
    scene = Scene()
    if args.scene:
        with open(args.scene, encoding="utf-8") as file:
            scene.run(file.read())
    scene.run(text)
    if args.shared_parent:
        syscalls.mount(None, TOP, None, syscalls.MS_SHARED)
        scene.bind(TOP, OWN + "/peer")
    before = scene.finish()
    return before, known_from(before, scene.superblocks, scene.groups)


def pinned_copy(args, text):
    """Writes the layout with a pin in every namespace; gives (path, {namespace: pin})."""
    found = list(_NAMESPACE.finditer(text))
    pins, copy, position = {}, "", 0
    for match, following in zip(found, found[1:] + [None]):
        own = _PIN.search(text, match.end(), following.start() if following else len(text))
        copy += text[position:match.end()]
        position = match.end()
        if own:
            pins[match["name"]] = with_variables(args, own["path"])
        elif not args.command:
            pins[match["name"]] = f"{OWN}/{match['name']}"
            copy += f" pin {pins[match['name']]};"
            os.close(os.open(pins[match["name"]], os.O_CREAT | os.O_WRONLY))
    path = f"{OWN}/{os.path.basename(args.layout)}"
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(copy + text[position:])
    return path if found else args.layout, pins


def with_variables(args, path):
    for define in args.define:
        name, _, value = define.partition("=")
        path = path.replace("${" + name + "}", value)
    return path


def command_line(args, engine, layout):
    defines = [word for define in args.define for word in ("-D", define)]
    options = (["--at", args.at] if args.at else []) + (["--in", args.in_] if args.in_ else [])
    command = ["--", *shlex.split(args.command)] if args.command else []
    if engine == "mountc":
        return [args.mountc, "run", layout, *TARGET, *defines, *options, *command], 0
    plan = f"{OWN}/layout.plan"
    compiled = subprocess.run([args.mountc, "compile", layout, "-o", plan, *TARGET, *defines],
                              check=False)
    return [args.mountrun, plan, *options, *command], compiled.returncode


def run(line, args, read_command):
    """Runs the engine; `read_command` gets the pid while COMMAND waits."""
    if not args.command or args.status:
        return subprocess.run(line, check=False).returncode
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout.readline():
            read_command(process.pid)
        process.stdin.close()
        return process.wait()


def declared(mounts, before):
    """Of a copy of the caller's namespace what the layout has added; else all."""
    places = {(m.target, m.device, m.root) for m in before}
    is_copy = any(m.target == TOP and (m.target, m.device, m.root) in places for m in mounts)
    return [m for m in mounts if not is_copy or (m.target, m.device, m.root) not in places]


def listing():
    """Every name below the scene, to see that a failed run left none."""
    return sorted(os.path.join(directory, name) for directory, folders, files in os.walk(TOP)
                  for name in folders + files if not directory.startswith(OWN))


def attempt(args, engine, text):
    """One run in this process, which is not used again; gives the differences."""
    before, known = prepare(args, text)
    layout, pins = pinned_copy(args, text)
    line, status = command_line(args, engine, layout)
    names = listing()
    nodes = []

    def read_pins():
        for name, path in pins.items():
            nodes.extend(from_mounts(name, declared(read_pinned(path), before)))

    def read_command(pid):
        """While COMMAND waits: with it goes its namespace, and the groups that live there."""
        namespaces = [m["name"] for m in _NAMESPACE.finditer(text)]
        if namespaces and (args.in_ or namespaces[0]) not in pins:
            nodes.extend(from_mounts(args.in_ or namespaces[0],
                                     declared(mountinfo.read(pid), before)))
        read_pins()

    status = status or run(line, args, read_command)
    if status != args.status:
        return [f"exit status {status}, expected {args.status}"]
    added, differences = new_mounts(before, mountinfo.read(), set(pins.values()))
    nodes += from_mounts("", added)
    if status:
        differences += [f"left behind: {name}" for name in set(listing()) ^ set(names)]
        return differences + compare([], nodes, known)
    if not args.command:
        read_pins()
    if args.expect:
        expected = expect.load(args.expect, before, known.superblocks)
    else:
        expected = expect.parse(text, before, known.superblocks)
    if expected is None:
        return ["no EXPECT line"]
    differences += compare(expected, nodes, known)
    if args.command or differences or re.search(_NO_WAY_BACK, text, re.MULTILINE):
        return differences  # that can be neither replaced nor removed
    if not args.no_replace:
        differences += replaced(line, before, pins, expected, known)
    return differences or removed(line, before)


def replaced(line, before, pins, expected, known):
    """Replaces what is there: afterwards it is the same, of other mounts."""
    old = {m.id for m in mountinfo.read()} - {m.id for m in before}
    line = [*line, "--replace"]
    done = subprocess.run(line, stderr=subprocess.PIPE, text=True, check=False)
    older = done.returncode == 3 and "feature beneath" in done.stderr  # before Linux 6.5
    gap = older or "[M609]" in done.stderr  # stacked at one target
    if gap:
        done = subprocess.run([*line, "--allow-gap"], stderr=subprocess.PIPE, text=True,
                              check=False)
    if done.returncode:
        return [f"--replace ends with {done.returncode}: {done.stderr}"]
    added, differences = new_mounts(before, mountinfo.read(), set(pins.values()))
    guards = {m.id for m in mountinfo.read()} & old
    nodes = from_mounts("", added)
    for name, path in pins.items():
        nodes += from_mounts(name, read_pinned(path))
    differences += compare(expected, nodes, known)
    # A number is used again as soon as its mount is gone.
    if not gap and any(m.id in guards for m in added):
        differences.append("an old mount is still there")
    return [f"after --replace: {text}" for text in differences]


def removed(line, before):
    """Takes it away again: the namespace is what it was, to the last number."""
    done = subprocess.run([*line, "--remove"], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return [f"--remove ends with {done.returncode}: {done.stderr}"]
    after = mountinfo.read()
    return [f"--remove left {m}" for m in after if m not in before] + \
        [f"--remove took {m}" for m in before if m not in after]


def main():
    args = arguments()
    args.layout = os.path.abspath(args.layout)
    sys.stdout.reconfigure(errors="backslashreplace")
    with open(args.layout, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    failed = False
    for engine in ("mountc", "mountrun") if args.engine == "both" else (args.engine,):
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                differences = attempt(args, engine, text)
                print(f"{engine}: " + ("; ".join(differences[:1]) and "different" or "equal"))
                print("".join(f"  {line}\n" for line in differences), end="", flush=True)
                status = 1 if differences else 0
            except Exception as error:  # the child must never return into the loop
                print(f"{engine}: {type(error).__name__}: {error}", flush=True)
            finally:
                os._exit(status)
        failed |= os.waitpid(child, 0)[1] != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
