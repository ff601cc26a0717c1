# RUN: %mountc asm %s -o %t.plan
# RUN: %mountc disasm %t.plan > %t.asm
# RUN: grep -v '^#' %s | diff - %t.asm
# Operands of every kind become the same text again.
mountc-plan 1
features mount_setattr|set_group|open_tree_attr|nested_detached
slots 8
@ "layout.mnt" 3 1 "mount / tmpfs nosuid"
openat2         fd=%0 dir=target path="/srv" flags=0
fsopen          ctx=%1 type="tmpfs"
fsconfig_string ctx=%1 key="size" value="1M"
fsconfig_create ctx=%1 flags=OPTIONAL
fsmount         fd=%2 ctx=%1! attr=NOSUID|NODEV
mkdirat         dir=%2 name="x" mode=01777
mknodat         dir=%2 node=8630:259 name="null"
symlinkat       dir=%2 name="fd" text="../proc/self/fd"
fchownat        dir=%2 owner=1000:4294967295 name="x"
@ "layout.mnt" 4 3 "mount /x bind /srv"
open_tree_attr  fd=%3 dir=host attr={set=RDONLY|NOSUID clear=ATIME propagation=PRIVATE} path="/srv" flags=CLONE|RECURSIVE
mount_setattr   fd=%3 attr={clear=NOATIME|STRICTATIME} flags=RECURSIVE
mount_setattr   fd=%3 attr={} flags=0
set_group       from=%2 to=%3 flags=IF_SHARED
move_mount      fd=%3! dir=%2 name="" flags=CHECK_SYMLINK|MAKE
if_shared       fd=%4 dir=%0
only_if         fd=%2 condition=%4
open_tree       fd=%5 dir=%0 path="" flags=NO_XDEV
make            made=%6 dir=%5 for=%2 name="y" mode=040755
publish         fd=%2 dir=%5 guard=null
namespace_      ns=%7 root=%0 name="web" flags=PINNED|SHARED
