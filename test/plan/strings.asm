# RUN: %mountc asm %s -o %t.plan
# RUN: %mountc disasm %t.plan | %FileCheck %s
# Strings are bytes: control bytes are escaped, all others are written as they are.
mountc-plan 1
features 0
slots 1
fsopen ctx=%0 type="\x41\"\\\n\t\x7f\x1Bä\xff # no comment"   # a comment
# CHECK: {{^}}fsopen          ctx=%0 type="A\"\\\n\t\x7f\x1bä{{.}} # no comment"{{$}}
close fd=%0!
