// compiler/kernel/kernel.h - an executable model of what Linux does with mounts.
//
// It answers every mount operation as the kernel does: the same checks in the same order, the
// same mounts in the same groups afterwards. It is a specification to read and to run; a test
// holds it to the running kernel on random sequences of operations. It models no permissions on
// files, no security modules and no filesystem beyond the paths that are in it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "compiler/kernel/answer.h"
#include "compiler/kernel/dentries.h"
#include "compiler/kernel/mount_table.h"
#include "compiler/kernel/version.h"

namespace mountc::kernel {

struct Namespace {
  MountRef root = nothing;
  UserNamespaceRef owner = 0;
  bool anonymous = false;         // of a detached tree
  NamespaceRef origin = nothing;  // anonymous: where it was cloned from; of fsmount(2) nothing
  uint32_t mounts = 0;
  uint32_t pending = 0;  // counted, but not committed yet
};

// What a process has: its namespace, root and working directory.
struct Task {
  NamespaceRef ns = 0;
  UserNamespaceRef user_ns = 0;
  Path root;
  Path cwd;
};

enum class Crossing : uint8_t {
  follow,     // as path lookup does: onto the mount on top at every component
  no_xdev,    // RESOLVE_NO_XDEV
  stay_last,  // the last component is not crossed: what lies below a mount
};

enum class Unmount : uint8_t {
  unless_busy,
  lazy,  // MNT_DETACH: the tree goes, whoever uses it
};

struct AttributeChange {
  uint32_t set = 0;
  uint32_t clear = 0;
  uint32_t propagation = 0;  // MS_*, at most one
  uint32_t idmap = 0;        // a number that the caller chose for the mapping
  bool recursive = false;
};

class Kernel {
 public:
  explicit Kernel(Version version = {}, uint32_t mount_max = 100'000);

  Dentries& dentries() { return dentries_; }
  const Dentries& dentries() const { return dentries_; }
  MountTable& mounts() { return mounts_; }
  const MountTable& mounts() const { return mounts_; }
  const std::vector<Namespace>& namespaces() const { return namespaces_; }
  Version version() const { return version_; }
  uint32_t mount_max() const { return mount_max_; }

  // -- a world to begin with --
  NamespaceRef add_namespace(SuperblockRef root, UserNamespaceRef owner = 0);
  UserNamespaceRef add_user_namespace(UserNamespaceRef parent);
  // A task at the root of a namespace, as setns(2) makes it.
  Task enter(NamespaceRef ns, UserNamespaceRef user_ns = 0) const;
  // Mounts `root` without any check: for worlds that are read from a mountinfo.
  MountRef place(MountRef parent, DentryRef at, DentryRef root);
  void place_in_group(MountRef m, GroupNumber group, MountRef peer);
  void place_below_master(MountRef m, MountRef master);  // the first of its slaves
  GroupNumber new_group() { return ++groups_; }

  // -- paths --
  // `at` for relative paths; an empty path is `at` itself, where it stands.
  Answer look_up(const Task& task, Path at, std::string_view path, Path& found,
                 Crossing crossing = Crossing::follow);
  Answer make_entry(Path dir, std::string_view name, DentryKind kind);
  bool is_root(Path path) const { return mounts_[path.mount].root == path.dentry; }
  bool is_mounted(MountRef m) const { return mounts_[m].ns != nothing; }
  bool is_detached_root(MountRef m) const;

  // -- system calls; fds are paths whose mount has a user --
  Answer mount_new(const Task& task, SuperblockRef superblock, Path target,
                   uint32_t attributes);
  Answer mount_bind(const Task& task, Path source, Path target, bool recursive);
  Answer mount_move(const Task& task, Path source, Path target);
  Answer mount_change_type(const Task& task, Path path, Propagation type, bool recursive);
  Answer mount_remount_bind(const Task& task, Path path, uint32_t attributes);
  Answer umount(const Task& task, Path path, Unmount how);
  Answer open_tree_clone(const Task& task, Path path, bool recursive, Path& made);
  Answer open_tree_attr(const Task& task, Path path, const AttributeChange& change, Path& made);
  Answer fsmount(const Task& task, SuperblockRef superblock, uint32_t attributes, Path& made);
  Answer move_mount(const Task& task, Path from, Path to, bool beneath = false);
  Answer set_group(const Task& task, Path from, Path to);
  Answer mount_setattr(const Task& task, Path path, const AttributeChange& change);
  // The owner is the user namespace that the task is in, or that it enters in the same call.
  Answer unshare(Task& task, UserNamespaceRef owner, NamespaceRef& made);
  Answer pivot_root(Task& task, Path new_root, Path put_old);
  // The last descriptor that open_tree(2) or fsmount(2) gave for this mount is closed.
  void dissolve(MountRef m);

 private:
  // Copies (copy.cc).
  struct CopyFlags {
    bool private_ = false, slave = false, make_shared = false, copy_unbindable = false,
         copy_namespace_files = false;
  };
  MountRef clone(MountRef old, DentryRef root, CopyFlags flags);
  Answer copy_tree(MountRef source, DentryRef root, CopyFlags flags, MountRef& copy);
  Answer may_clone(const Task& task, Path path, bool recursive) const;
  Answer clone_or_copy(const Task& task, Path path, bool recursive, MountRef& copy);
  void lock_tree(MountRef m);

  // Attaching (attach.cc).
  Answer count_mounts(NamespaceRef ns, MountRef tree);
  void invent_groups(MountRef tree, bool recursive);
  void forget_groups(MountRef tree);
  Answer propagate(MountRef dest, DentryRef at, MountRef source, std::vector<MountRef>& copies);
  Answer attach_recursive(const Task& task, MountRef source, MountRef dest, DentryRef at);
  void commit(MountRef tree);
  Answer graft(const Task& task, MountRef tree, Path target);

  // Unmounting (umount.cc).
  enum class How : uint8_t { sync, propagate, propagate_sync, connected };
  void umount_tree(MountRef m, How how);
  bool stays_connected(MountRef m, How how) const;
  bool is_busy(MountRef m) const;

  // Checks that several calls share (checks.cc).
  bool capable(const Task& task, UserNamespaceRef owner) const;
  bool may_mount(const Task& task) const { return capable(task, namespaces_[task.ns].owner); }
  bool is_ours(const Task& task, MountRef m) const { return mounts_[m].ns == task.ns; }
  bool is_our_detached(const Task& task, MountRef m) const;
  bool has_locked_children(MountRef m, DentryRef below) const;
  bool contains_unbindable(MountRef tree) const;
  bool are_of_mixed_kinds(DentryRef a, DentryRef b) const;
  Answer lock_target(Path& target) const;
  Answer may_change_propagation(const Task& task, MountRef m) const;
  Answer can_move_beneath(const Task& task, Path from, MountRef over, MountRef parent,
                          DentryRef at) const;
  Answer can_move(const Task& task, Path from, Path to) const;
  Answer move(const Task& task, Path from, Path to, bool beneath);
  Answer change_attributes(const Task& task, Path path, const AttributeChange& change,
                           bool replaces_idmap);

  void enter_namespace(NamespaceRef ns, MountRef m) {
    mounts_[m].ns = ns;
    mounts_[m].silent =
        namespaces_[ns].anonymous && !version_.has(Change::detached_senders);
  }
  void change_propagation(MountRef m, Propagation type);
  Path detached(MountRef tree, NamespaceRef origin, UserNamespaceRef owner);

  Version version_;
  uint32_t mount_max_;
  Dentries dentries_;
  MountTable mounts_;
  std::vector<Namespace> namespaces_;
  std::vector<UserNamespaceRef> user_namespaces_{nothing};  // parents
  GroupNumber groups_ = 0;
};

}  // namespace mountc::kernel
