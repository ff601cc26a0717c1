// compiler/kernel/propagate_umount.cc - which mounts an unmount takes along elsewhere:
// fs/pnode.c.
//
// As in Linux 6.17 and newer (Documentation/filesystems/propagate_umount.txt): all mounts at the
// same mount point of a receiver are candidates; a candidate goes unless something is mounted in
// it that stays, and what is locked goes only together with what it covers.
#include "compiler/kernel/propagate_umount.h"

#include <algorithm>

#include "compiler/kernel/receivers.h"

namespace mountc::kernel {
namespace {

class Candidates {
 public:
  explicit Candidates(MountTable& mounts) : mounts_(mounts) {}

  void gather(const std::vector<MountRef>& set);
  void trim_shifting();
  void trim_revealing();
  void slide_survivors();
  const std::vector<MountRef>& unmounted() const { return unmounted_; }

 private:
  void unmount(MountRef m) {
    mounts_[m].unmounted = true;
    mounts_.unlist(m);
    unmounted_.push_back(m);
  }
  void remove(MountRef m) {
    mounts_[m].marked = mounts_[m].candidate = mounts_[m].in_list = false;
  }
  void trim_ancestors(MountRef m);
  void trim(MountRef m);
  void unmount_chain(MountRef m);

  MountTable& mounts_;
  std::vector<MountRef> list_;  // in the kernel's order: the last one found comes first
  std::vector<MountRef> unmounted_;
};

// gather_candidates()
void Candidates::gather(const std::vector<MountRef>& set) {
  for (MountRef m : set) {
    if (mounts_[m].candidate) continue;
    mounts_[m].candidate = true;
    const MountRef parent = mounts_[m].parent;
    if (parent == nothing) continue;
    for (MountRef q = next_receiver(mounts_, parent, parent); q != nothing;) {
      const MountRef child = mounts_.lookup(q, mounts_[m].mountpoint);
      if (child != nothing) {
        Mount& copy = mounts_[child];
        if (copy.candidate) {  // met before: nothing new on what receives from q either
          q = skip_receivers(mounts_, q, parent);
          continue;
        }
        copy.candidate = true;
        if (!copy.unmounted) {
          copy.in_list = true;
          list_.push_back(child);
        }
      }
      q = next_receiver(mounts_, q, parent);
    }
  }
  for (MountRef m : set) mounts_[m].candidate = false;
  std::reverse(list_.begin(), list_.end());
}

// trim_ancestors(): a child of m stays. So does whatever it is mounted in, up to where it only
// covers the root of its parent.
void Candidates::trim_ancestors(MountRef m) {
  for (MountRef p = mounts_[m].parent; p != nothing && mounts_[p].candidate;
       m = p, p = mounts_[p].parent) {
    if (mounts_[m].marked) return;
    mounts_[m].marked = true;
    if (m != mounts_[p].overmount) mounts_[p].candidate = false;
  }
}

// trim_one()
void Candidates::trim(MountRef m) {
  if (!mounts_[m].candidate) return remove(m);
  bool stays = false, found = false;
  for (MountRef c = mounts_[m].first_child; c != nothing; c = mounts_[c].next_sibling) {
    if (mounts_[c].candidate) continue;
    found = true;
    if (c != mounts_[m].overmount) {
      stays = true;
      break;
    }
  }
  if (found) {
    trim_ancestors(m);
    if (stays) remove(m);
  } else if (!mounts_[m].locked && mounts_[m].first_child == nothing) {
    remove(m);
    unmount(m);
  }
}

void Candidates::trim_shifting() {
  for (MountRef m : list_) trim(m);
}

// handle_locked(): of a chain of candidates the part goes that lies above the last unlocked
// one, or above what is unmounted anyway.
void Candidates::unmount_chain(MountRef m) {
  if (!mounts_[m].candidate) return remove(m);
  MountRef cutoff = m, p = m;
  for (; p != nothing && mounts_[p].candidate; p = mounts_[p].parent) {
    remove(p);
    if (!mounts_[p].locked) cutoff = mounts_[p].parent;
  }
  if (p != nothing && mounts_[p].unmounted) cutoff = p;
  for (; m != cutoff; m = mounts_[m].parent) unmount(m);
}

void Candidates::trim_revealing() {
  for (MountRef m : list_) {
    if (mounts_[m].in_list) unmount_chain(m);
  }
}

// reparent()
void Candidates::slide_survivors() {
  for (MountRef m : unmounted_) {
    const MountRef over = mounts_[m].overmount;
    if (over == nothing || mounts_[over].unmounted) continue;
    MountRef p = over;
    DentryRef at = nothing;
    do {
      at = mounts_[p].mountpoint;
      p = mounts_[p].parent;
    } while (mounts_[p].unmounted);
    mounts_.change_mountpoint(over, p, at);
  }
}

}  // namespace

void unlock_receivers(MountTable& mounts, MountRef m) {
  const MountRef parent = mounts[m].parent;
  for (MountRef r = parent; (r = next_receiver(mounts, r, parent)) != nothing;) {
    const MountRef child = mounts.lookup(r, mounts[m].mountpoint);
    if (child != nothing) mounts[child].locked = false;
  }
}

void propagate_umount(MountTable& mounts, std::vector<MountRef>& set) {
  Candidates candidates(mounts);
  candidates.gather(set);
  candidates.trim_shifting();
  candidates.trim_revealing();
  candidates.slide_survivors();
  const std::vector<MountRef>& more = candidates.unmounted();
  set.insert(set.end(), more.begin(), more.end());
}

}  // namespace mountc::kernel
