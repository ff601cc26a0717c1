#!/usr/bin/python3
"""Sends SIGTERM when each system call of a run begins: the run dies of it and nothing at all is
left, or it came after everything and the whole layout is there. Never is it a part.

It has come after everything when the run has asked whether a signal is pending, or when something
cannot be taken back and signals are held back. Of the calls before the first visible change, when
none is yet, it is tried on every tenth. Then the undoing is failed: it says what is left before the
signal is let in.
"""

import sys

import errnos
import fail_each
import faults
import published
import stage

KILLED = 128 + 15
STRIDE = 10


def is_hold(call):
    return call.name == "rt_sigprocmask" and call.args.startswith("0,")  # SIG_BLOCK


def defects_of(run, whole, late):
    defects = [] if run.status == KILLED else ["it has not died of the signal"]
    if not late:
        return defects + published.defects_of_nothing(run.published)
    return defects + published.defects_of_success(run.published, whole.published)


def signal_everywhere(args, place, tally, sharing):
    command = faults.command_of(args, place)
    whole = fail_each.run_counted(place, command)
    if not faults.works(tally, f"{sharing} parent, no signal", whole):
        return
    calls = stage.own_calls(whole.calls)
    held = next((call.index for call in calls if is_hold(call)), len(calls))
    asked = held - 1 if place.waits else next(call.index for call in calls
                                              if call.name == "rt_sigpending")
    for call in calls:
        if call.index < held and call.index % STRIDE or call.name in ("exit", "exit_group"):
            continue
        inject = ["fail", f"{call.index}:{call.name}", "SIGTERM"]
        run = fail_each.run_failing(place, inject, command)
        tally.note(f"{sharing} parent, signal at call {call.index} {call.name}",
                   defects_of(run, whole, call.index > asked), run)
    if not place.waits:
        fail_undo(place, tally, sharing, command, f"{asked}:rt_sigpending")


def fail_undo(place, tally, sharing, command, asked):
    for name, error in errnos.UNDO.items():
        run = fail_each.run_failing(place, ["fail", asked, "SIGTERM", name, error], command, True)
        if not any(call.injected for call in run.calls):
            continue
        defects = [] if run.status == KILLED else ["it has not died of the signal"]
        if "this is left behind" not in run.report:
            defects.append("the report does not say what is left")
        tally.note(f"{sharing} parent, signal, then each {name}: {error}", defects, run)


def test(args, place, tally):
    signal_everywhere(args, place, tally, "private")
    if faults.share_targets(args, place):
        signal_everywhere(args, place, tally, "shared")


if __name__ == "__main__":
    sys.exit(faults.main(faults.arguments(__doc__), test))
