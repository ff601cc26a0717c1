# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# `close` closes.
mountc-plan 1
features 0
slots 2
fsopen ctx=%0 type="tmpfs"
close fd=%0
# CHECK: [[@LINE-1]]:1: error: a slot is closed that is not marked so [M602]
