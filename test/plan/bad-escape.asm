# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# The escapes are those of the layout language, without `\\\\$`.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="\q"
# CHECK: [[@LINE-1]]:22: error: expected one of the escapes
