// compiler/kernel/propagate_umount_before.cc - which mounts an unmount takes along elsewhere:
// fs/pnode.c of Linux 5.15 to 6.16.
//
// Of each receiver the mount at the mount point is looked at, and then its parents as long as
// those are looked at, too, and nothing stays in them. What is locked only gets a mark: it goes
// with a parent that goes.
#include <algorithm>

#include "compiler/kernel/propagate_umount.h"
#include "compiler/kernel/receivers.h"

namespace mountc::kernel {
namespace {

class Sweep {
 public:
  explicit Sweep(MountTable& mounts) : mounts_(mounts) {}

  void look_at_receivers(const std::vector<MountRef>& set);
  void unmount_children();
  void restore();
  const std::vector<MountRef>& unmounted() const { return to_unmount_; }

 private:
  // `candidate` says that a mount was looked at: mnt_umounting is in a list.
  void visit(MountRef m) {
    mounts_[m].candidate = true;
    visited_.push_back(m);
  }
  void keep(MountRef m);
  void unmount(MountRef m);
  bool stays_in(MountRef m) const;
  bool look_at(MountRef m);
  MountRef last_slave(MountRef m) const;

  MountTable& mounts_;
  std::vector<MountRef> visited_, to_unmount_, to_restore_;
};

void Sweep::keep(MountRef m) {
  if (mounts_[m].in_list) std::erase(to_restore_, m);
  mounts_[m].candidate = mounts_[m].in_list = true;
  to_restore_.push_back(m);
}

// umount_one()
void Sweep::unmount(MountRef m) {
  if (mounts_[m].in_list) std::erase(to_restore_, m);
  Mount& self = mounts_[m];
  self.marked = self.candidate = self.in_list = false;
  self.unmounted = true;
  mounts_.unlist(m);
  to_unmount_.push_back(m);
}

bool Sweep::stays_in(MountRef m) const {
  for (MountRef c = mounts_[m].first_child; c != nothing; c = mounts_[c].next_sibling) {
    const Mount& child = mounts_[c];
    if (child.mountpoint == mounts_[m].root) continue;
    if (!(child.candidate && child.marked)) return true;
  }
  return false;
}

// __propagate_umount(): is there anything new that the parent should know?
bool Sweep::look_at(MountRef m) {
  if (mounts_[m].unmounted || mounts_[m].marked) return false;
  if (stays_in(m)) {
    keep(m);
    return false;
  }
  mounts_[m].marked = true;
  if (mounts_[m].locked) {
    keep(m);
  } else {
    unmount(m);
  }
  return true;
}

MountRef Sweep::last_slave(MountRef m) const {
  MountRef last = mounts_[m].first_slave;
  while (mounts_[last].next_slave != nothing) last = mounts_[last].next_slave;
  return last;
}

void Sweep::look_at_receivers(const std::vector<MountRef>& set) {
  for (auto each = set.rbegin(); each != set.rend(); ++each) {
    const MountRef parent = mounts_[*each].parent;
    if (mounts_[*each].candidate || parent == nothing) continue;
    visit(*each);
    for (MountRef m = parent; (m = next_receiver(mounts_, m, parent)) != nothing;) {
      MountRef child = mounts_.lookup(m, mounts_[*each].mountpoint);
      if (child == nothing) continue;
      if (mounts_[child].candidate) {  // skip_propagation_subtree(): all but the last are known
        const bool sends = mounts_[m].ns != nothing && !mounts_[m].silent;
        if (sends && mounts_[m].first_slave != nothing) m = last_slave(m);
      } else if (mounts_[child].unmounted) {
        visit(child);
      } else {
        while (look_at(child)) {
          child = mounts_[child].parent;
          if (child == nothing || !mounts_[child].candidate) break;
        }
      }
    }
  }
}

// umount_list(): the list grows on the way. What covers a root stays.
void Sweep::unmount_children() {
  for (size_t i = 0; i < to_unmount_.size(); ++i) {
    const MountRef m = to_unmount_[i];
    for (MountRef c = mounts_[m].first_child, next; c != nothing; c = next) {
      next = mounts_[c].next_sibling;
      if (mounts_[c].mountpoint == mounts_[m].root) {
        keep(c);
      } else {
        unmount(c);
      }
    }
  }
}

// restore_mounts(), cleanup_umount_visitations()
void Sweep::restore() {
  for (MountRef m : to_restore_) {
    Mount& self = mounts_[m];
    self.marked = self.candidate = self.in_list = false;
    MountRef parent = self.parent;
    DentryRef at = self.mountpoint;
    while (mounts_[parent].unmounted) {
      at = mounts_[parent].mountpoint;
      parent = mounts_[parent].parent;
    }
    if (parent != self.parent) mounts_.change_mountpoint(m, parent, at);
  }
  for (MountRef m : visited_) mounts_[m].candidate = false;
}

}  // namespace

void propagate_umount_before(MountTable& mounts, std::vector<MountRef>& set) {
  Sweep sweep(mounts);
  sweep.look_at_receivers(set);
  sweep.unmount_children();
  sweep.restore();
  const std::vector<MountRef>& more = sweep.unmounted();
  set.insert(set.end(), more.begin(), more.end());
}

}  // namespace mountc::kernel
