# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A text that ends before its header does.
mountc-plan 1
# CHECK: error: expected the lines `mountc-plan`, `features` and `slots` [M601]
