#!/usr/bin/python3
"""Fails each system call of a run, with the errnos that it can give: nothing is left, and the
report names the line and the step.

Which step a call belongs to is read off a run with --trace, which asks for the time before and
after each step. Then the calls of the undoing are failed too (status 5, and the report lists
what is left), and the library is run in a process that counts its file descriptors.
"""

import re
import sys
from typing import NamedTuple

import errnos
import faults
import published
import stage

STATUS_LEAK = 99  # of apply_in_process
STATUS_SHIFTED = 75  # of sysinject
ATTEMPTS = 10


class Origin(NamedTuple):
    part: str  # load, step, end
    step: int
    text: str  # of the step, as --trace prints it

    @property
    def instruction(self):
        return self.text.split()[0].rstrip("_") if self.text else ""


def steps_of(report):
    """The texts of the steps of a --trace, in their order."""
    found = re.finditer(r"^ *(\d+)  (\S.*?)  = \S.*$", report, re.MULTILINE)
    return [text for _, text in sorted((int(m[1]), m[2]) for m in found)]


def clocks_of(texts):
    """For each time that a --trace asks for: the step that is done from then on, and whether one is
    being done. A `stage` ends after the steps that are played on it."""
    clocks = []
    for step, text in enumerate(texts):
        name = text.split()[0]
        clocks += [(step, True)] + [(step, False)] * {"stage": 0, "unstage": 2}.get(name, 1)
    return clocks


def origins(plain, traced, texts):
    """For each call of `plain`, where it comes from, as the calls and texts of a --trace tell."""
    found, step, inside, clocks = [], -1, False, iter(clocks_of(texts))
    for call in traced:
        if call.name == "clock_gettime":
            step, inside = next(clocks, (len(texts), False))
        elif inside or call.name != "write":
            last = step == len(texts) - 1 and not inside
            part = "load" if step < 0 else "end" if last else "step"
            found.append((call.name, Origin(part, step, texts[step] if part == "step" else "")))
    names = [call.name for call in plain]
    if names != [name for name, _ in found] or next(clocks, None):
        raise RuntimeError("--trace changes which system calls a run makes")
    return [origin for _, origin in found]


def defects_of(run, status, origin, whole, layout):
    defects = [] if run.status == status else [f"status {run.status}, not {status}"]
    if run.status == 0:
        return defects + published.defects_of_success(run.published, whole.published)
    defects += published.defects_of_nothing(run.published)
    if run.status in (2, 3, 4) and not run.report.strip():
        defects.append("no report")
    if run.status == 4 and origin.part == "step":
        if not re.search(rf"{re.escape(layout)}:\d+:\d+: error: ", run.report):
            defects.append("no line in the report")
        if f"  step {origin.step}: " not in run.report:
            defects.append(f"the report does not name step {origin.step}")
    return defects


def run_failing(place, inject, command, keep_calls=False):
    """A run whose calls are those that were counted: where the rest of the machine makes another
    one of it - a namespace that has to be younger is made again -, it is run again."""
    for _ in range(ATTEMPTS):
        run = place.run(inject, command, keep_calls)
        if run.status != STATUS_SHIFTED:
            break
    return run


def run_counted(place, command):
    """A run with the calls that runs make when nothing else happens: two in a row make the same."""
    def names(run):
        return [call.name for call in stage.own_calls(run.calls)]
    run = place.run(["list"], command, keep_calls=True)
    for _ in range(ATTEMPTS):
        before, run = run, place.run(["list"], command, keep_calls=True)
        if names(before) == names(run):
            break
    return run


def fail_everywhere(args, place, tally, sharing):
    command = faults.command_of(args, place)
    whole = run_counted(place, command)
    at = command.index("--") if "--" in command else len(command)
    traced = run_counted(place, command[:at] + ["--trace"] + command[at:])
    if not faults.works(tally, f"{sharing} parent, nothing failed", whole):
        return
    calls, traced_calls = stage.own_calls(whole.calls), stage.own_calls(traced.calls)
    texts = steps_of(traced.report)
    for call, origin in zip(calls, origins(calls, traced_calls, texts)):
        optional = "OPTIONAL" in origin.text or origin.instruction == "mask"
        try:
            tries = errnos.expected(origin.part, origin.instruction, optional, call.name)
        except KeyError:
            tally.note(f"call {call.index}", [f"no errnos for {call.name}, {origin.part}"], whole)
            continue
        for number, (error, status) in enumerate(tries):
            what = f"{sharing} parent, call {call.index} {call.name}: {error}"
            inject = ["fail", f"{call.index}:{call.name}", error]
            run = run_failing(place, inject, command, keep_calls=number == 0)
            tally.note(what, defects_of(run, status, origin, whole, tally.name), run)
            if number == 0 and run.status == 4:
                fail_undo(place, tally, command, what, inject, run)


def fail_undo(place, tally, command, what, inject, failed):
    """Fails the calls that the undoing of `failed` makes, one at a time."""
    for _ in range(ATTEMPTS):
        if fail_calls_of_undo(place, tally, command, what, inject, failed):
            return
        # It was that run that made a call more than others: the calls are counted anew.
        failed = run_failing(place, inject, command, keep_calls=True)
    tally.note(what, ["no two runs make the same calls"], failed)


def fail_calls_of_undo(place, tally, command, what, inject, failed):
    """False: other runs do not make the calls of `failed`."""
    first = next(at for at, call in enumerate(failed.calls) if call.injected)
    later = failed.calls[first + 1:]
    visible = next((at for at, call in enumerate(later) if call.name in errnos.UNDO), None)
    if visible is None:
        return True
    for name in ("write", "close", "close_range"):
        run = run_failing(place, inject + [name, "EIO"], command)
        tally.note(f"{what}, then each {name}: EIO",
                   published.defects_of_nothing(run.published), run)
    tables = ((errnos.UNDO, (5,)), (errnos.UNDO_LOOKS, (4, 5)), (errnos.UNDO_AGAIN, (4,)))
    for call in later:
        for table, statuses in tables:
            error = table.get(call.name)
            if not error or call.result.startswith("-1"):
                continue
            run = run_failing(place, inject + [f"{call.index}:{call.name}", error], command)
            if run.status == STATUS_SHIFTED:
                return False
            tally.note(f"{what}, then call {call.index} {call.name}: {error}",
                       defects_of_undo(run, statuses), run)
    return True


def defects_of_undo(run, statuses):
    defects = [] if run.status in statuses else [f"status {run.status}, not {statuses}"]
    left = published.defects_of_nothing(run.published)
    if run.status != 5:
        return defects + left
    # What cannot be taken back in a copy of the namespace goes with it.
    if not left and "copies.mnt" not in run.report:
        defects.append("status 5, but nothing is left")
    if "this is left behind" not in run.report:
        defects.append("the report does not say what is left")
    return defects


def fail_in_process(args, place, tally):
    """The library must close what it opens, whichever call fails."""
    options = faults.options_of(place)
    if "--" in options:
        return
    command = [args.apply_in_process, place.plan, *options]
    whole = place.run(["list"], command, keep_calls=True)
    if not faults.works(tally, "in process, nothing failed", whole):
        return
    marks = [call.index for call in whole.calls if call.name == "getppid"]
    for call in whole.calls:
        if not marks or not marks[0] < call.index < marks[-1] or call.name in errnos.NEVER:
            continue
        for error in errnos.ERRNOS[call.name][:1]:
            run = place.run(["fail", str(call.index), error], command)
            defects = ["a descriptor leaked"] if run.status == STATUS_LEAK else []
            if run.status not in (0, STATUS_LEAK):
                defects += published.defects_of_nothing(run.published)
            tally.note(f"in process, call {call.index} {call.name}: {error}", defects, run)


def test(args, place, tally):
    fail_everywhere(args, place, tally, "private")
    fail_in_process(args, place, tally)
    if faults.share_targets(args, place):
        fail_everywhere(args, place, tally, "shared")


if __name__ == "__main__":
    sys.exit(faults.main(faults.arguments(__doc__), test))
