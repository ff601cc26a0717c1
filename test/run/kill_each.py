#!/usr/bin/python3
"""Kills a run before and after each of its system calls: each topmost target then shows its old
state or its whole new tree.

Each layout is run under a private and under a shared mount of its topmost targets. What a kill
may leave is this, and nothing else:
- a guard that is still without its tree, private or about to become so;
- some of the topmost trees, each one whole, when the layout has several;
- mount points that `mkdir` and `touch` made on the host;
- pinned namespaces that were finished.
"""

import sys

import faults
import published
import stage

KILLED = 128 + 9


def kill_everywhere(args, place, tally, sharing):
    command = faults.command_of(args, place)
    whole = place.run(["list"], command, keep_calls=True)
    if not faults.works(tally, f"{sharing} parent, not killed", whole):
        return
    for call in stage.own_calls(whole.calls):
        for when in ("before", "after"):
            run = place.run(["kill", str(call.index), when], command)
            defects = published.defects_after_kill(run.published, whole.published)
            returns = call.name not in ("exit", "exit_group") or when == "before"
            if run.status != (KILLED if returns else 0):
                defects.append("it was not killed")
            tally.note(f"{sharing} parent, killed {when} call {call.index} {call.name}",
                       defects, run)


def test(args, place, tally):
    kill_everywhere(args, place, tally, "private")
    if faults.share_targets(args, place):
        kill_everywhere(args, place, tally, "shared")


if __name__ == "__main__":
    sys.exit(faults.main(faults.arguments(__doc__), test))
