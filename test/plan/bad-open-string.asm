# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A string ends on its line.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="tmpfs
# CHECK: [[@LINE-1]]:26: error: expected `"` at the end of the string [M601]
