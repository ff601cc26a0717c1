# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# A slot is filled before it is used.
mountc-plan 1
features 0
slots 2
close fd=%0!
# CHECK: [[@LINE-1]]:1: error: a slot is used that holds nothing [M602]
