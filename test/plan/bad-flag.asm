# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# Flags are those of bits.def, each in its set.
mountc-plan 1
features 0
slots 2
openat2 fd=%0 dir=host path="/" flags=NOSUID
# CHECK: [[@LINE-1]]:39: error: unknown flag `NOSUID` [M601]
