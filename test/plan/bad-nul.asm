# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# Strings end at a NUL, so none can hold one.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="a\x00"
# CHECK: [[@LINE-1]]:26: error: NUL in a string [M601]
