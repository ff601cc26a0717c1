# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A near name is proposed.
mountc-plan 1
features 0
slots 2
fsopn ctx=%0 type="tmpfs"
# CHECK: [[@LINE-1]]:1: error: unknown instruction `fsopn`, did you mean `fsopen`? [M601]
