// compiler/kernel/peers.cc - peer groups, masters and slaves: fs/pnode.c of Linux 6.18.
#include "compiler/kernel/peers.h"

namespace mountc::kernel {
namespace {

void leave_ring(MountTable& mounts, MountRef m) {
  Mount& self = mounts[m];
  mounts[self.prev_peer].next_peer = self.next_peer;
  mounts[self.next_peer].prev_peer = self.prev_peer;
  self.prev_peer = self.next_peer = m;
}

// hlist_del_init() of mnt_slave. The list's head is that of the master m has now.
void leave_master(MountTable& mounts, MountRef m, MountRef master) {
  Mount& self = mounts[m];
  if (self.prev_slave != nothing) {
    mounts[self.prev_slave].next_slave = self.next_slave;
  } else if (master != nothing && mounts[master].first_slave == m) {
    mounts[master].first_slave = self.next_slave;
  }
  if (self.next_slave != nothing) mounts[self.next_slave].prev_slave = self.prev_slave;
  self.prev_slave = self.next_slave = nothing;
}

// transfer_propagation(): the slaves of m become those of `to`, or nobody's.
void transfer_slaves(MountTable& mounts, MountRef m, MountRef to) {
  const MountRef first = mounts[m].first_slave;
  MountRef last = nothing;
  for (MountRef s = first; s != nothing;) {
    const MountRef next = mounts[s].next_slave;
    mounts[s].master = to;
    if (to == nothing) mounts[s].prev_slave = mounts[s].next_slave = nothing;
    last = s;
    s = next;
  }
  mounts[m].first_slave = nothing;
  if (to == nothing || last == nothing) return;
  mounts[last].next_slave = mounts[to].first_slave;
  if (mounts[to].first_slave != nothing) mounts[mounts[to].first_slave].prev_slave = last;
  mounts[to].first_slave = first;
}

// trace_transfers(): takes m, and what it would pass its slaves to as long as that goes away
// too, out of the graph. The mount that stays, or nothing.
MountRef trace_transfers(MountTable& mounts, MountRef m) {
  while (true) {
    Mount& self = mounts[m];
    const MountRef master = self.master;
    MountRef next = self.next_peer;
    if (next != m) {
      leave_ring(mounts, m);
      self.master = next;
    } else {
      next = self.master;
    }
    self.group = 0;
    leave_master(mounts, m, master);
    self.shared = false;
    self.marked = true;
    if (next == nothing || !mounts[next].unmounted) return next;
    if (mounts[next].marked) return mounts[next].master;
    m = next;
  }
}

// set_destinations()
void set_destinations(MountTable& mounts, MountRef m, MountRef master) {
  for (MountRef next; (next = mounts[m].master) != master; m = next) mounts[m].master = master;
}

}  // namespace

void set_shared(Mount& m) {
  m.unbindable = false;
  m.shared = true;
}

void join_ring(MountTable& mounts, MountRef m, MountRef peer) {
  const MountRef next = mounts[peer].next_peer;
  mounts[m].prev_peer = peer;
  mounts[m].next_peer = next;
  mounts[peer].next_peer = m;
  mounts[next].prev_peer = m;
}

void add_slave_first(MountTable& mounts, MountRef m, MountRef master) {
  Mount& self = mounts[m];
  self.master = master;
  self.prev_slave = nothing;
  self.next_slave = mounts[master].first_slave;
  if (self.next_slave != nothing) mounts[self.next_slave].prev_slave = m;
  mounts[master].first_slave = m;
}

void add_slave_behind(MountTable& mounts, MountRef m, MountRef slave) {
  Mount& self = mounts[m];
  self.master = mounts[slave].master;
  self.prev_slave = slave;
  self.next_slave = mounts[slave].next_slave;
  if (self.next_slave != nothing) mounts[self.next_slave].prev_slave = m;
  mounts[slave].next_slave = m;
}

void change_propagation(MountTable& mounts, MountRef m, Propagation type) {
  Mount& self = mounts[m];
  if (type == Propagation::shared) return set_shared(self);
  const MountRef old_master = self.master;
  MountRef master = old_master;
  if (self.shared) {
    if (self.next_peer != m) {
      master = self.next_peer;
      leave_ring(mounts, m);
    }
    self.group = 0;
    self.shared = false;
    transfer_slaves(mounts, m, master);
  }
  leave_master(mounts, m, old_master);
  self.master = nothing;
  if (type == Propagation::slave) {
    if (master != nothing) add_slave_first(mounts, m, master);
  } else {
    self.unbindable = type == Propagation::unbindable;
  }
}

// do_make_slave() of Linux 5.15 to 6.16.
static void make_slave_before(MountTable& mounts, MountRef m) {
  Mount& self = mounts[m];
  const MountRef old_master = self.master;
  MountRef master = old_master;
  if (self.next_peer != m) {
    master = self.next_peer;
    for (MountRef p = master; p != m; p = mounts[p].next_peer) {
      if (mounts[p].root != self.root) continue;
      master = p;
      break;
    }
    leave_ring(mounts, m);
  }
  self.group = 0;
  self.shared = false;
  if (master == nothing) return transfer_slaves(mounts, m, nothing);
  leave_master(mounts, m, old_master);
  add_slave_first(mounts, m, master);
  const MountRef first = self.first_slave;
  if (first == nothing) return;
  for (MountRef s = first; s != nothing; s = mounts[s].next_slave) mounts[s].master = master;
  MountRef last = mounts[master].first_slave;
  while (mounts[last].next_slave != nothing) last = mounts[last].next_slave;
  mounts[last].next_slave = first;
  mounts[first].prev_slave = last;
  self.first_slave = nothing;
}

void change_propagation_before(MountTable& mounts, MountRef m, Propagation type) {
  Mount& self = mounts[m];
  if (type == Propagation::shared) return set_shared(self);
  make_slave_before(mounts, m);
  if (type == Propagation::slave) return;
  leave_master(mounts, m, self.master);
  self.master = nothing;
  self.unbindable = type == Propagation::unbindable;
}

void make_private(MountTable& mounts, std::span<const MountRef> set) {
  for (MountRef m : set) {
    if (!mounts[m].marked) set_destinations(mounts, m, trace_transfers(mounts, m));
  }
  for (MountRef m : set) {
    transfer_slaves(mounts, m, mounts[m].master);
    mounts[m].master = nothing;
    mounts[m].marked = false;
  }
}

}  // namespace mountc::kernel
