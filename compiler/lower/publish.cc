// compiler/lower/publish.cc - where trees become visible.
#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

// Looked up before anything else, so that a missing mount point is found before any work.
void Lowering::open_target(MountId m) {
  const Mount& self = mount(m);
  // A copy has what the caller's namespace has: enough to know what is left out.
  if (self.make != Make::nothing || (self.ns != none && !self.optional)) return;
  out_.at(self.span);
  mounts_[m].target = lookup(self.ns == none ? reg_target : reg_host, self.target,
                             self.optional ? bit::tree_OPTIONAL : 0);
}

// Under a shared mount Linux would share every mount of the tree and copy it to the target's
// peers (fs/namespace.c attach_recursive_mnt). A private clone of the target directory, put over
// it first, keeps the layout exact: the guard. Its steps are skipped where it is not needed.
void Lowering::publish(MountId m) {
  const Mount& self = mount(m);
  out_.at(self.span);
  if (self.ns != none && self.make == Make::nothing) {
    const uint32_t flags = self.optional ? bit::tree_OPTIONAL : 0;
    mounts_[m].target = lookup(reg_host, self.target, flags);
  }
  const Register target = mounts_[m].target;
  if (self.beneath) {
    const uint32_t flags = self.propagate ? bit::beneath_PROPAGATE : 0;
    out_.step(Op::publish_beneath, {mounts_[m].fd, target, flags});
    return;
  }
  Register guard = reg_null;
  // In a copy that is private or only receives, nothing is shared.
  const bool may_be_shared =
      self.ns == none || layout_.namespaces[self.ns].copy == Copy::inherit;
  if (!self.propagate && may_be_shared) {
    const Register shared = out_.def(Op::if_shared, {target});
    if (self.is_conditional()) out_.step(Op::only_if, {shared, mounts_[m].fd});
    guard = out_.private_clone(shared, "");
    out_.step(Op::publish, {guard, shared, reg_null});
    out_.set_propagation(guard, bit::propagation_PRIVATE);
  }
  const Op op = self.target == "/" ? Op::publish_root : Op::publish;
  out_.step(op, {mounts_[m].fd, target, guard});
  tell_stack(m);
}

// What covers the tree from the beginning is no foreign mount to an undo: the stack goes as a whole
// where the mount that ends it is known. Where the next one is optional, each may.
void Lowering::tell_stack(MountId m) {
  const std::vector<MountId> here = layout_.stack(m);
  for (size_t i = 1; i < here.size(); ++i) {
    const bool last = i + 1 == here.size();
    if (!last && (staged_ || !mount(here[i + 1]).optional)) continue;
    Register fd = mounts_[here[i]].fd;
    if (staged_) fd = topmost_at(m);
    out_.step(Op::stacked, {fd, mounts_[m].fd});
  }
}

// A tree that came from a stage has other mounts than were put together there. From a root, `..`
// leads up to what is mounted on it (Linux fs/namei.c follow_dotdot(), step_into()).
Register Lowering::topmost_at(MountId m) {
  const Mount& self = mount(m);
  return lookup(self.ns == none ? reg_target : reg_host,
                self.target == "/" ? std::string_view("/..") : self.target,
                self.is_conditional() ? bit::tree_OPTIONAL : 0);
}

// Nothing can be cloned from a tree any more once it has become another namespace's (Linux
// fs/namespace.c may_copy_tree), so what roots join is there before the first namespace is.
void Lowering::prepare_roots() {
  for (const Namespace& ns : layout_.namespaces) {
    if (ns.root == none) continue;
    for (MountId m : layout_.stack(ns.root)) {
      const bool joins = mount(m).propagation == Propagation::shared;
      if (joins && !groups_[mount(m).group].anchor.alone) needed_donor(mount(m).group);
    }
  }
}

void Lowering::build_namespace(NamespaceId n) {
  const Namespace& ns = layout_.namespaces[n];
  out_.at(ns.statement);
  uint32_t flags = ns.pin ? bit::namespace__PINNED : 0;
  if (ns.root == none) {
    if (ns.copy == Copy::slave) flags |= bit::namespace__SLAVE;
    if (ns.copy == Copy::inherit) flags |= bit::namespace__KEEP;
    namespaces_.push_back(out_.def(Op::namespace_, {reg_null, out_.text(ns.name), flags}));
    return;
  }
  const Mount& root = mount(ns.root);
  const bool alone =
      root.propagation == Propagation::shared && groups_[root.group].anchor.alone;
  if (alone) flags |= bit::namespace__SHARED;
  namespaces_.push_back(out_.def(
      Op::namespace_, {mounts_[ns.root].fd, out_.text(ns.name), flags}));
  // pivot_root(2) refuses a shared root, below or on top, so these join their groups afterwards.
  for (MountId m : layout_.stack(ns.root)) {
    if (mounts_[m].twin != no_register) {
      out_.at(mount(m).span);
      out_.step(Op::set_group, {mounts_[m].twin, mounts_[m].fd, bit::join_IF_SHARED});
    } else if (mount(m).propagation == Propagation::shared && !(m == ns.root && alone)) {
      join(mount(m).group, m);
    }
  }
  set_unbindables(n);
}

void Lowering::pin(NamespaceId n) {
  const Namespace& ns = layout_.namespaces[n];
  if (!ns.pin) return;
  out_.at(ns.pin_statement);
  const Register file =
      out_.def(Op::open_tree, {namespaces_[n], out_.text(""), bit::tree_CLONE});
  make_host_path(reg_target, *ns.pin, file, Make::file, 0444, false);
  out_.step(Op::publish, {file, lookup(reg_target, *ns.pin, 0), reg_null});
}

}  // namespace mountc
