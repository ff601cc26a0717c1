# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A path inside the tree never leads out of it.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="tmpfs"
openat2 fd=%1 dir=%0 path="a/../.." flags=0
# CHECK: [[@LINE-1]]:1: error: bad path or name [M602]
