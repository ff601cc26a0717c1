# RUN: grep -v '^#' %s > %t.asm
# RUN: not %mountc asm %t.asm -o %t.plan 2>&1 | %FileCheck %s
# The child that a stage is played in has the only stack that there is for one.
mountc-plan 1
features 0
slots 2
stage           fd=%0 ns=null
stage           fd=%1 ns=null
# CHECK: error: no such instruction [M602]
