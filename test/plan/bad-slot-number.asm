# RUN: not %mountc asm %s -o %t.plan 2>&1 | %FileCheck %s
# More slots than a plan can have.
mountc-plan 1
features 0
slots 2
fsopen ctx=%40000 type="tmpfs"
# CHECK: [[@LINE-1]]:12: error: slot numbers are below 32752 [M601]
