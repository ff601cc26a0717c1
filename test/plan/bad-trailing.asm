# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# Nothing follows the last operand.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="tmpfs" flags=0
# CHECK: [[@LINE-1]]:28: error: expected the end of the line [M601]
