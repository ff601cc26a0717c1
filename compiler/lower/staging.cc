// compiler/lower/staging.cc - the strategy `staging`: before Linux 6.15 nothing can be mounted
// in a detached tree, and no detached mount can be cloned (fs/namespace.c do_move_mount(),
// __do_loopback(): check_mnt). So the trees are assembled attached, in a private mount
// namespace that nobody else sees, and each is taken out of it as one recursive clone.
//
// Clones of host mounts are made before, in the caller's namespace: there they are peers of
// what they should be peers of. Groups outlive the namespace that they were made in.
#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

void Lowering::enter_stage() { stage_ = out_.def(Op::stage, {reg_null}); }

void Lowering::mark_attached(Register fd) {
  if (fd >= attached_.size()) attached_.resize(fd + fd / 2 + 64);
  attached_[fd] = true;
}

// What is cloned, or gets children, before it has found its place.
void Lowering::attach_somewhere(Register fd) {
  if (!staged_ || is_attached(fd)) return;
  const uint32_t name = out_.text(std::to_string(++parked_));
  out_.step(Op::move_mount, {fd, stage_, name, bit::nest_MAKE});
  mark_attached(fd);
}

void Lowering::leave_stage(const std::vector<MountId>& roots) {
  const std::vector<Step>& steps = out_.program().steps;
  const auto stage =
      static_cast<size_t>(std::ranges::find(steps, Op::stage, &Step::op) - steps.begin());
  for (MountId m : roots) take_out(m);
  // With the stage goes what is attached there; what a namespace's root will join must not.
  for (const Namespace& ns : layout_.namespaces) {
    if (ns.root == none) continue;
    const Mount& root = mount(ns.root);
    if (root.propagation != Propagation::shared || groups_[root.group].anchor.alone) continue;
    Donor& donor = groups_[root.group].donor;
    if (layout_.groups[root.group].peers_of || !is_attached(donor.fd)) continue;
    donor.fd = out_.def(Op::open_tree, {donor.fd, out_.text(""), bit::tree_CLONE});
  }
  out_.step(Op::unstage, {stage_});
  move_host_lookups_ahead(stage);
}

// From here on the root is the clone of the whole tree, as in the other strategy.
void Lowering::take_out(MountId root) {
  out_.at(mount(root).span);
  Register& fd = mounts_[root].fd;
  if (is_attached(fd)) {
    fd = out_.def(Op::open_tree, {fd, out_.text(""), bit::tree_CLONE | bit::tree_RECURSIVE});
  }
  if (mount(root).propagation == Propagation::unbindable) {
    out_.set_propagation(fd, bit::propagation_UNBINDABLE);
  }
  open_unbindables(root, "", fd);
}

// A recursive clone leaves out what is unbindable (Linux fs/namespace.c copy_tree()), and of a
// detached tree only the root can be changed: that comes when the tree is attached. Each mount
// is looked up before, so that nothing that somebody mounts over it is meant instead.
void Lowering::open_unbindables(MountId m, const std::string& path, Register tree) {
  for (MountId child : mount(m).children) {
    const Mount& self = mount(child);
    if (self.is_mask) continue;
    const std::string whole = path.empty()          ? self.target
                              : self.target.empty() ? path
                                                    : path + "/" + self.target;
    if (self.propagation == Propagation::unbindable) {
      out_.at(self.span);
      const Register fd = lookup(tree, whole, self.is_conditional() ? bit::tree_OPTIONAL : 0);
      unbindables_.push_back({child, fd});
    }
    open_unbindables(child, whole, tree);
  }
}

// In the caller's namespace, or in the new namespace n, which nobody is in yet.
void Lowering::set_unbindables(NamespaceId n) {
  Register stage = no_register;
  for (const LateMount& late : unbindables_) {
    if (mount(late.mount).ns != n) continue;
    if (n != none && stage == no_register) stage = out_.def(Op::stage, {namespaces_[n]});
    out_.at(mount(late.mount).span);
    out_.set_propagation(late.fd, bit::propagation_UNBINDABLE);
  }
  if (stage != no_register) out_.step(Op::unstage, {stage});
}

// Steps that begin at a place of the host, and checks of what is picked up there, come before
// the stage. When nothing had to be attached, there is none.
void Lowering::move_host_lookups_ahead(size_t stage) {
  std::vector<Step>& steps = out_.program().steps;
  std::vector<bool> of_host(out_.program().registers);
  bool elsewhere = false;  // in a namespace that is no stage
  const auto goes_ahead = [&](const Step& step) {
    const bool inside = elsewhere;
    if (step.op == Op::stage) elsewhere = true;
    if (step.op == Op::unstage) elsewhere = false;
    if (inside || elsewhere) return true;
    if (step.op == Op::check_shared || step.op == Op::widen) return true;
    const bool picks =
        step.op == Op::open_tree || step.op == Op::open_tree_attr || step.op == Op::openat2;
    if (!picks) return false;
    const Register dir = step.operand("dir");
    if (dir != reg_host && !(dir < of_host.size() && of_host[dir])) return false;
    if (!(step.operand("flags") & bit::tree_CLONE)) of_host[step.operand("fd")] = true;
    return true;
  };
  std::vector<Step> ahead, staged;
  for (size_t i = stage + 1; i + 1 < steps.size(); ++i) {
    (goes_ahead(steps[i]) ? ahead : staged).push_back(steps[i]);
  }
  const Step enter = steps[stage], leave = steps.back();
  steps.resize(stage);
  steps.insert(steps.end(), ahead.begin(), ahead.end());
  if (parked_) steps.push_back(enter);
  steps.insert(steps.end(), staged.begin(), staged.end());
  if (parked_) steps.push_back(leave);
}

}  // namespace mountc
