# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# Numbers have 32 bits.
mountc-plan 1
features 0
slots 2
mkdirat dir=%0 name="a" mode=0777777777777
# CHECK: [[@LINE-1]]:30: error: expected a number of at most 32 bits [M601]
