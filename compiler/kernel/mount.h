// compiler/kernel/mount.h - one mount, as struct mount of fs/mount.h has it.
#pragma once

#include <cstdint>

#include "compiler/kernel/dentries.h"

namespace mountc::kernel {

using MountRef = uint32_t;
using NamespaceRef = uint32_t;
using UserNamespaceRef = uint32_t;
using GroupNumber = uint32_t;  // 0: in no peer group

enum class Propagation : uint8_t { shared, slave, private_, unbindable };

struct Mount {
  DentryRef root = nothing;

  // The tree (mnt_parent, mnt_mountpoint, mnt_mounts, mnt_child).
  MountRef parent = nothing;  // nothing: the kernel's "mnt_parent is the mount itself"
  DentryRef mountpoint = nothing;
  MountRef first_child = nothing, last_child = nothing;
  MountRef prev_sibling = nothing, next_sibling = nothing;
  MountRef overmount = nothing;  // the child that covers this mount's own root
  MountRef hash_next = nothing;
  NamespaceRef ns = nothing;  // nothing: mounted nowhere

  // Propagation. The peers form a ring (mnt_share); the slaves of a mount form a list
  // (mnt_slave_list, mnt_slave). Both orders decide what a copy becomes a slave of.
  GroupNumber group = 0;
  MountRef prev_peer = nothing, next_peer = nothing;
  MountRef master = nothing;
  MountRef first_slave = nothing;
  MountRef prev_slave = nothing, next_slave = nothing;

  uint32_t attributes = 0;         // MOUNT_ATTR_*
  uint32_t locked_attributes = 0;  // MNT_LOCK_*: may not be taken away
  uint32_t idmap = 0;              // 0: none
  uint32_t users = 0;              // open file descriptors and the like
  bool propagated : 1 = false;  // a copy that an attach elsewhere made
  bool shared : 1 = false;
  bool unbindable : 1 = false;
  bool locked : 1 = false;     // MNT_LOCKED: may not be revealed
  bool attached : 1 = false;   // in the lists of its parent
  bool listed : 1 = false;     // in its parent's list of children
  bool unmounted : 1 = false;  // MNT_UMOUNT
  bool silent : 1 = false;     // detached, and of a kernel where such do not send
  bool marked : 1 = false;     // scratch of the algorithms of fs/pnode.c
  bool candidate : 1 = false;
  bool in_list : 1 = false;
};

struct Path {
  MountRef mount = nothing;
  DentryRef dentry = nothing;

  bool operator==(const Path&) const = default;
  bool is_null() const { return mount == nothing; }
};

}  // namespace mountc::kernel
