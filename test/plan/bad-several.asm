# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# RUN: not ls %t.plan
# Every line that is wrong is reported, and nothing is written.
mountc-plan 2
features flying
slots 40000
open
fsopen ctx=%0 type="tmpfs"
@ "x.mnt" 1 1 ""
# CHECK: 4:13: error: expected format version 1 [M601]
# CHECK: 5:10: error: unknown flag `flying` [M601]
# CHECK: 6:7: error: a plan has at most 32752 slots [M601]
# CHECK: 7:1: error: unknown instruction `open` [M601]
# CHECK: 9:2: error: no place: the steps before have none [M601]
