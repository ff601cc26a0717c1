# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# Operands stand in the order of ops.def.
mountc-plan 1
features 0
slots 2
fsopen type="tmpfs" ctx=%0
# CHECK: [[@LINE-1]]:8: error: expected `ctx=` [M601]
