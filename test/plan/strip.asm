# RUN: %mountc asm --strip %s -o %t.plan
# RUN: %mountc disasm %t.plan | %FileCheck %s
# A stripped plan has the same steps, without places.
mountc-plan 1
features 0
slots 1
@ "a.mnt" 1 1 "mount /a proc"
fsopen          ctx=%0 type="proc"
# CHECK:      slots 1
# CHECK-NEXT: {{^}}fsopen          ctx=%0 type="proc"
