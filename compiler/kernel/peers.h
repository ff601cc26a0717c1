// compiler/kernel/peers.h - peer groups, masters and slaves: fs/pnode.c of Linux 6.18.
#pragma once

#include <span>

#include "compiler/kernel/mount_table.h"

namespace mountc::kernel {

inline bool is_slave(const Mount& m) { return m.master != nothing; }

// peers(): of one group. Two mounts without a group are not.
inline bool are_peers(const Mount& a, const Mount& b) {
  return a.group != 0 && a.group == b.group;
}

// set_mnt_shared(): the group's number was given before.
void set_shared(Mount& m);
// Puts m, which is in no ring, behind `peer` in its ring.
void join_ring(MountTable& mounts, MountRef m, MountRef peer);
void add_slave_first(MountTable& mounts, MountRef m, MountRef master);
void add_slave_behind(MountTable& mounts, MountRef m, MountRef slave);

// change_mnt_propagation(). To become shared, m has its group's number already.
void change_propagation(MountTable& mounts, MountRef m, Propagation type);
// The same before Linux 6.17: the peer that takes m's place is one that shows the same, if any,
// and m's slaves come last in its list.
void change_propagation_before(MountTable& mounts, MountRef m, Propagation type);

// bulk_make_private(): all of the set at once, so that their slaves pass to the nearest master
// that stays.
void make_private(MountTable& mounts, std::span<const MountRef> set);

}  // namespace mountc::kernel
