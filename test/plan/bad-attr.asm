# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# The parts of an attribute.
mountc-plan 1
features 0
slots 2
mount_setattr fd=%0 attr={flags=RDONLY} flags=0
# CHECK: [[@LINE-1]]:27: error: expected `set=`, `clear=`, `propagation=` or `}` [M601]
