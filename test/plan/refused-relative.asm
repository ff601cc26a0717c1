# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A path of the host is absolute.
mountc-plan 1
features 0
slots 2
open_tree fd=%0 dir=host path="srv" flags=0
# CHECK: [[@LINE-1]]:1: error: bad path or name [M602]
