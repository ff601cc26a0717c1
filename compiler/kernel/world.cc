// compiler/kernel/world.cc - what a model begins with: namespaces, tasks and mounts placed by
// hand.
#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"

namespace mountc::kernel {

Kernel::Kernel(Version version, uint32_t mount_max)
    : version_(version), mount_max_(mount_max) {}

NamespaceRef Kernel::add_namespace(SuperblockRef root, UserNamespaceRef owner) {
  const auto ns = static_cast<NamespaceRef>(namespaces_.size());
  const MountRef m = mounts_.add(dentries_.superblock(root).root);
  mounts_[m].ns = ns;
  namespaces_.push_back({m, owner, false, nothing, 1, 0});
  return ns;
}

UserNamespaceRef Kernel::add_user_namespace(UserNamespaceRef parent) {
  user_namespaces_.push_back(parent);
  return static_cast<UserNamespaceRef>(user_namespaces_.size() - 1);
}

// Linux 6.18, fs/namespace.c mntns_install(): root and working directory become the topmost
// mount at the namespace's root.
Task Kernel::enter(NamespaceRef ns, UserNamespaceRef user_ns) const {
  const MountRef root = namespaces_[ns].root;
  const Path top = mounts_.topmost({root, mounts_[root].root});
  return {ns, user_ns, top, top};
}

MountRef Kernel::place(MountRef parent, DentryRef at, DentryRef root) {
  const MountRef m = mounts_.add(root);
  mounts_[m].ns = mounts_[parent].ns;
  ++namespaces_[mounts_[m].ns].mounts;
  mounts_.attach(m, parent, at);
  return m;
}

void Kernel::place_in_group(MountRef m, GroupNumber group, MountRef peer) {
  mounts_[m].group = group;
  set_shared(mounts_[m]);
  if (peer != nothing) join_ring(mounts_, m, peer);
}

void Kernel::place_below_master(MountRef m, MountRef master) {
  add_slave_first(mounts_, m, master);
}

}  // namespace mountc::kernel
