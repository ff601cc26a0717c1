// compiler/kernel/receivers.cc - who receives what happens in a mount, in the kernel's order.
#include "compiler/kernel/receivers.h"

namespace mountc::kernel {
namespace {

// IS_MNT_NEW(): a copy that this very operation is making, and before Linux 6.15 also a detached
// mount.
bool is_new(const Mount& m) { return m.ns == nothing || m.silent; }

bool has_slaves_to_visit(const Mount& m) { return !is_new(m) && m.first_slave != nothing; }

// __propagation_next()
MountRef next_past_slaves(const MountTable& mounts, MountRef m, MountRef origin) {
  while (true) {
    const MountRef master = mounts[m].master;
    if (master == mounts[origin].master) {
      const MountRef next = mounts[m].next_peer;
      return next == origin ? nothing : next;
    }
    if (mounts[m].next_slave != nothing) return mounts[m].next_slave;
    m = master;
  }
}

}  // namespace

MountRef next_receiver(const MountTable& mounts, MountRef m, MountRef origin) {
  if (has_slaves_to_visit(mounts[m])) return mounts[m].first_slave;
  return next_past_slaves(mounts, m, origin);
}

MountRef skip_receivers(const MountTable& mounts, MountRef m, MountRef origin) {
  MountRef p = next_past_slaves(mounts, m, origin);
  while (p != nothing && are_peers(mounts[m], mounts[p]))
    p = next_past_slaves(mounts, p, origin);
  return p;
}

MountRef next_group(const MountTable& mounts, MountRef m, MountRef origin) {
  const GroupNumber group = mounts[origin].group;
  while (true) {
    while (true) {
      if (has_slaves_to_visit(mounts[m])) return mounts[m].first_slave;
      const MountRef next = mounts[m].next_peer;
      if (mounts[m].group == group) {
        if (next == origin) return nothing;
      } else if (mounts[m].next_slave != next) {
        break;
      }
      m = next;
    }
    while (true) {  // m is the last of its peers
      const MountRef master = mounts[m].master;
      if (mounts[m].next_slave != nothing) return mounts[m].next_slave;
      m = mounts[master].next_peer;
      if (mounts[master].group == group) break;
      if (mounts[master].next_slave == m) break;
      m = master;
    }
    if (m == origin) return nothing;
  }
}

bool would_overmount(const MountTable& mounts, MountRef from, MountRef to, DentryRef at) {
  if (!mounts[from].shared || mounts[to].root != at) return false;
  for (MountRef m = to; m != nothing; m = mounts[m].master) {
    if (are_peers(mounts[from], mounts[m])) return true;
  }
  return false;
}

}  // namespace mountc::kernel
