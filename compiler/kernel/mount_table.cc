// compiler/kernel/mount_table.cc - all mounts, and the trees that they form.
#include "compiler/kernel/mount_table.h"

#include <algorithm>

namespace mountc::kernel {

MountRef MountTable::add(DentryRef root) {
  const auto m = static_cast<MountRef>(mounts_.size());
  Mount made;
  made.root = made.mountpoint = root;
  made.prev_peer = made.next_peer = m;
  mounts_.push_back(made);
  return m;
}

size_t MountTable::bucket(MountRef parent, DentryRef at) const {
  return (parent * 0x9e3779b1u ^ at * 0x85ebca6bu) & (buckets_.size() - 1);
}

MountRef MountTable::lookup(MountRef parent, DentryRef dentry) const {
  if (buckets_.empty()) return nothing;
  MountRef m = buckets_[bucket(parent, dentry)];
  while (m != nothing && (mounts_[m].parent != parent || mounts_[m].mountpoint != dentry)) {
    m = mounts_[m].hash_next;
  }
  return m;
}

Path MountTable::topmost(Path path) const {
  for (MountRef m; (m = lookup(path.mount, path.dentry)) != nothing;)
    path = {m, mounts_[m].root};
  return path;
}

void MountTable::set_mountpoint(MountRef m, MountRef parent, DentryRef at) {
  mounts_[m].parent = parent;
  mounts_[m].mountpoint = at;
}

// Linux has the one first in a chain that came last.
void MountTable::put_into_bucket(MountRef m) {
  MountRef& first = buckets_[bucket(mounts_[m].parent, mounts_[m].mountpoint)];
  mounts_[m].hash_next = first;
  first = m;
}

void MountTable::grow() {
  std::vector<MountRef> chains(std::max<size_t>(64, buckets_.size() * 2), nothing);
  chains.swap(buckets_);
  std::vector<MountRef> chain;
  for (MountRef m : chains) {
    for (; m != nothing; m = mounts_[m].hash_next) chain.push_back(m);
    for (; !chain.empty(); chain.pop_back()) put_into_bucket(chain.back());
  }
}

void MountTable::make_visible(MountRef m) {
  Mount& self = mounts_[m];
  if (self.mountpoint == mounts_[self.parent].root) mounts_[self.parent].overmount = m;
  if (hashed_ >= buckets_.size()) grow();
  put_into_bucket(m);
  ++hashed_;
  self.attached = true;
  list_again(m);
}

void MountTable::list_again(MountRef m) {
  Mount& self = mounts_[m];
  Mount& parent = mounts_[self.parent];
  self.prev_sibling = parent.last_child;
  self.next_sibling = nothing;
  (parent.last_child == nothing ? parent.first_child
                                : mounts_[parent.last_child].next_sibling) = m;
  parent.last_child = m;
  self.listed = true;
}

void MountTable::attach(MountRef m, MountRef parent, DentryRef at) {
  set_mountpoint(m, parent, at);
  make_visible(m);
}

void MountTable::unlist(MountRef m) {
  Mount& self = mounts_[m];
  if (!self.listed) return;
  Mount& parent = mounts_[self.parent];
  (self.prev_sibling == nothing ? parent.first_child
                                : mounts_[self.prev_sibling].next_sibling) = self.next_sibling;
  (self.next_sibling == nothing ? parent.last_child : mounts_[self.next_sibling].prev_sibling) =
      self.prev_sibling;
  self.listed = false;
}

void MountTable::detach(MountRef m) {
  Mount& self = mounts_[m];
  unlist(m);
  if (self.attached) {
    MountRef* at = &buckets_[bucket(self.parent, self.mountpoint)];
    while (*at != m) at = &mounts_[*at].hash_next;
    *at = self.hash_next;
    --hashed_;
    self.attached = false;
  }
  // Two mounts may be at one place: before Linux 6.17 for long, else while one slides below the
  // other.
  MountRef& over = mounts_[self.parent].overmount;
  if (over == m) over = lookup(self.parent, mounts_[self.parent].root);
  self.parent = nothing;
  self.mountpoint = self.root;
}

void MountTable::change_mountpoint(MountRef m, MountRef parent, DentryRef at) {
  detach(m);
  attach(m, parent, at);
}

MountRef MountTable::next(MountRef m, MountRef root) const {
  if (mounts_[m].first_child != nothing) return mounts_[m].first_child;
  for (; m != root; m = mounts_[m].parent) {
    if (mounts_[m].next_sibling != nothing) return mounts_[m].next_sibling;
  }
  return nothing;
}

MountRef MountTable::skip_tree(MountRef m) const {
  while (mounts_[m].last_child != nothing) m = mounts_[m].last_child;
  return m;
}

bool MountTable::is_ancestor(MountRef above, MountRef m) const {
  while (m != above && has_parent(m)) m = mounts_[m].parent;
  return m == above;
}

bool MountTable::is_reachable(MountRef m, DentryRef dentry, Path root,
                              const Dentries& dentries) const {
  while (m != root.mount && has_parent(m)) {
    dentry = mounts_[m].mountpoint;
    m = mounts_[m].parent;
  }
  return m == root.mount && dentries.is_within(dentry, root.dentry);
}

}  // namespace mountc::kernel
