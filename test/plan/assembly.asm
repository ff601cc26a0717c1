# RUN: not %mountc asm %s -o - 2>&1 | %FileCheck %s
# Each line that is no text assembly is reported, with what was expected there.
mountc-plan 1
features nested_detached
slots 1
fsopn ctx=%0 type="tmpfs"
fsopen fd=%0 type="tmpfs"
fsopen ctx=%0 type=tmpfs
close fd=%0! now
# CHECK:     assembly.asm:6:1: error: unknown instruction `fsopn`, did you mean `fsopen`? [M601]
# CHECK:     7:8: error: expected `ctx=` [M601]
# CHECK:     8:20: error: expected a string [M601]
# CHECK:     9:14: error: expected the end of the line [M601]
# CHECK-NOT: error:
