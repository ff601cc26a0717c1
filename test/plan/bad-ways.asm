# RUN: grep -v '^#' %s > %t.asm
# RUN: not %mountc asm %t.asm -o %t.plan 2>&1 | %FileCheck %s
mountc-plan 1
features 0
slots 1
features 0
fsopen          ctx=%0 type="tmpfs"
features 0
fsopen          ctx=%0 type="proc"
features 0
# CHECK: bad-ways.asm.tmp.asm:4:10: error: a plan has at most two ways, and steps before the second one [M601]
# CHECK: bad-ways.asm.tmp.asm:8:10: error: a plan has at most two ways, and steps before the second one [M601]
