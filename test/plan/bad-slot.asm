# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# What a slot looks like.
mountc-plan 1
features 0
slots 2
fsopen ctx=0 type="tmpfs"
# CHECK: [[@LINE-1]]:12: error: expected a slot: `%N`, `host`, `target` or `null` [M601]
