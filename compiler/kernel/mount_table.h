// compiler/kernel/mount_table.h - all mounts, and the trees that they form.
#pragma once

#include <vector>

#include "compiler/kernel/mount.h"

namespace mountc::kernel {

class MountTable {
 public:
  MountRef add(DentryRef root);
  Mount& operator[](MountRef m) { return mounts_[m]; }
  const Mount& operator[](MountRef m) const { return mounts_[m]; }
  size_t size() const { return mounts_.size(); }

  bool has_parent(MountRef m) const { return mounts_[m].parent != nothing; }
  // __lookup_mnt(): the mount on `dentry` of `parent`, or nothing. Before Linux 6.17 several
  // can lie on one place of one mount: it is the one that came there last.
  MountRef lookup(MountRef parent, DentryRef dentry) const;
  // What a path that ends here sees: the topmost of all that is mounted over it.
  Path topmost(Path path) const;

  // mnt_set_mountpoint(): the mount knows its place, but cannot be found there yet.
  void set_mountpoint(MountRef m, MountRef parent, DentryRef at);
  // make_visible(): from now on lookups find it, last among its siblings.
  void make_visible(MountRef m);
  void attach(MountRef m, MountRef parent, DentryRef at);
  void detach(MountRef m);  // umount_mnt()
  void change_mountpoint(MountRef m, MountRef parent, DentryRef at);
  void unlist(MountRef m);  // takes it from its parent's children; lookups still find it
  void list_again(MountRef m);

  // next_mnt(): a tree from the top, each mount before those below it.
  MountRef next(MountRef m, MountRef root) const;
  MountRef skip_tree(
      MountRef m) const;  // the last mount below m: next() goes on after m's tree
  bool is_ancestor(MountRef above, MountRef m) const;
  bool is_reachable(MountRef m, DentryRef dentry, Path root, const Dentries& dentries) const;

 private:
  size_t bucket(MountRef parent, DentryRef at) const;
  void put_into_bucket(MountRef m);
  void grow();

  std::vector<Mount> mounts_;
  std::vector<MountRef> buckets_;  // mount_hashtable
  size_t hashed_ = 0;
};

}  // namespace mountc::kernel
