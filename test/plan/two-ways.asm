# RUN: grep -v '^#' %s > %t.asm
# RUN: %mountc asm %t.asm -o %t.plan
# RUN: %mountc disasm %t.plan | diff %t.asm -
mountc-plan 1
features mount_setattr|open_tree_attr
slots 2
@ "x.mnt" 1 1 "mount /mnt bind /etc"
openat2         fd=%0 dir=target path="/mnt" flags=0
open_tree_attr  fd=%1 dir=host attr={propagation=PRIVATE} path="/etc" flags=CLONE
publish         fd=%1 dir=%0! guard=null
features mount_setattr
openat2         fd=%1 dir=target path="/mnt" flags=0
stage           fd=%0 ns=null
unstage         fd=%0!
