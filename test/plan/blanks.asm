# RUN: %mountc asm %s -o %t.plan
# RUN: %mountc disasm %t.plan > %t.asm
# RUN: %mountc asm %t.asm -o %t.again.plan
# RUN: cmp %t.plan %t.again.plan
# RUN: %FileCheck %s < %t.asm
# Blanks, comments, and numbers in any base are read; one spelling is printed.

   mountc-plan   1
features   0x8
slots   02   # octal is for modes only
	fsopen	ctx=%0   type="tmpfs"
fsmount fd=%01 ctx=%0! attr=1|0x2
mkdirat dir=%1 name="a" mode=0x1ff
# CHECK: features nested_detached
# CHECK: slots 2
# CHECK: fsmount         fd=%1 ctx=%0! attr=RDONLY|NOSUID
# CHECK: mkdirat         dir=%1 name="a" mode=0777
