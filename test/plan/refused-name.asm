# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A name is one component.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="tmpfs"
mkdirat dir=%0 name="a/b" mode=0755
# CHECK: [[@LINE-1]]:1: error: bad path or name [M602]
