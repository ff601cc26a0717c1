# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# Slots are below the header's number.
mountc-plan 1
features 0
slots 2
fsopen ctx=%2 type="tmpfs"
# CHECK: [[@LINE-1]]:1: error: no such slot [M602]
