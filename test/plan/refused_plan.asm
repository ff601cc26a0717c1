# RUN: not %mountc asm %s -o - 2>&1 | %FileCheck %s
# A plan that uses a slot before it is filled is refused, with the step.
mountc-plan 1
features 0
slots 1
fsconfig_create ctx=%0 flags=0
# CHECK:      refused_plan.asm:[[@LINE-1]]:1: error: a slot is used that holds nothing [M602]
# CHECK-NEXT: 6 | fsconfig_create ctx=%0 flags=0
