// compiler/lower/lower.cc - a checked layout to steps: the order of the whole plan.
#include "compiler/lower/lower.h"

#include <algorithm>
#include <utility>

#include "compiler/lower/lowering.h"

namespace mountc {
namespace {

using plan::Op;

// What the kernel must have for an instruction, on each way: the older one does what newer
// features are for with what older kernels have, such as open_tree_attr(2) with
// mount_setattr(2).
struct Need {
  Op op;
  uint32_t detached;
  uint32_t staging;
};
constexpr Need needs[] = {
    {Op::open_tree_attr, feature::open_tree_attr, feature::mount_setattr},
    {Op::bind, feature::open_tree_attr, 0},
    {Op::mount_setattr, feature::mount_setattr, feature::mount_setattr},
    {Op::move_mount, feature::nested_detached, 0},
    {Op::set_group, feature::set_group, feature::set_group},
    {Op::namespace_, feature::mount_setattr | feature::mount_ns_fd, feature::mount_setattr},
    {Op::publish_beneath, feature::beneath, feature::beneath},
    {Op::fsconfig_fd, feature::layer_fd, 0},
    {Op::idmap, feature::mount_setattr, feature::mount_setattr},
    {Op::stage, 0, feature::mount_setattr},
};

uint32_t features_of(const Program& program, Strategy strategy) {
  uint32_t features = 0;
  for (const Step& step : program.steps) {
    const auto* const need = std::ranges::find(needs, step.op, &Need::op);
    if (need == std::end(needs)) continue;
    features |= strategy == Strategy::staging ? need->staging : need->detached;
  }
  return features;
}

}  // namespace

Lowering::Lowering(const Layout& layout, const Sources& sources, Strategy strategy,
                   Program before)
    : layout_(layout),
      staged_(strategy == Strategy::staging),
      out_(sources),
      mounts_(layout.mounts.size()),
      groups_(layout.groups.size()),
      superblocks_(layout.superblocks.size()),
      clones_of_(layout.mounts.size()),
      user_namespaces_(layout.idmaps.size(), no_register) {
  out_.go_on(std::move(before));
  const std::vector<Anchor> anchors = choose_anchors(layout);
  for (GroupId g = 0; g < groups_.size(); ++g) {
    groups_[g].anchor = anchors[g];
    if (layout.groups[g].master != none) groups_[layout.groups[g].master].below.push_back(g);
  }
  choose_primaries();
  choose_near();
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& each = layout.mounts[m];
    if (each.group != none) groups_[each.group].members.push_back(m);
    if (each.is_mask) continue;
    if (each.source.kind == SourceKind::clone) clones_of_[each.source.mount].push_back(m);
    if (each.source.kind == SourceKind::filesystem) {
      const MountId primary = superblocks_[each.source.superblock].primary;
      if (primary != none && primary != m) clones_of_[primary].push_back(m);
    }
    for (MountId child : each.children) {
      const bool makes = layout.mounts[child].make != Make::nothing;
      if (makes && !made_with_superblock(layout, child)) mounts_[m].makes = true;
    }
    const bool read_only = (each.flags.set | each.flags_below.set) & plan::bit::attr_RDONLY;
    mounts_[m].read_only_late = read_only && mounts_[m].makes;
  }
}

Program Lowering::run() {
  std::vector<MountId> tops;
  for (MountId m = 0; m < layout_.mounts.size(); ++m) {
    if (layout_.is_topmost(m)) tops.push_back(m);
  }
  std::vector<MountId> roots = tops;
  for (const Namespace& ns : layout_.namespaces) {
    if (ns.root != none) roots.push_back(ns.root);
  }
  for (MountId m : tops) open_target(m);
  if (staged_) enter_stage();
  for (MountId m : roots) assemble(m);
  join_host_groups();
  prepare_roots();
  if (staged_) leave_stage(roots);
  for (NamespaceId n = 0; n < layout_.namespaces.size(); ++n) build_namespace(n);
  // All is assembled; from here on steps are visible.
  for (NamespaceId n = 0; n < layout_.namespaces.size(); ++n) fill_copy(n, tops);
  for (MountId m : tops) {
    if (mount(m).ns == none) make_target(m);
  }
  for (NamespaceId n = 0; n < layout_.namespaces.size(); ++n) pin(n);
  // What goes beneath a mount comes last, for it cannot always be taken back (undo.cc), and what
  // is a file never.
  for (MountId m : tops) {
    if (mount(m).ns == none && !mount(m).beneath) publish(m);
  }
  for (const bool may_be_file : {false, true}) {
    for (MountId m : tops) {
      if (mount(m).beneath && this->may_be_file(m) == may_be_file) publish(m);
    }
  }
  set_unbindables(none);
  Program program = out_.take();
  program.features[0] = features_of(program, staged_ ? Strategy::staging : Strategy::detached);
  return program;
}

Program lower(const Layout& layout, const Sources& sources, Strategies strategies) {
  if (!strategies.staging) return Lowering(layout, sources, Strategy::detached, {}).run();
  if (!strategies.detached) return Lowering(layout, sources, Strategy::staging, {}).run();
  Program first = Lowering(layout, sources, Strategy::detached, {}).run();
  std::vector<Step> steps = first.steps;
  const uint32_t features = first.features[0], registers = first.registers;
  Program both = Lowering(layout, sources, Strategy::staging, std::move(first)).run();
  both.second = static_cast<uint32_t>(steps.size());
  both.features[1] = std::exchange(both.features[0], features);
  both.registers = std::max(both.registers, registers);
  steps.insert(steps.end(), both.steps.begin(), both.steps.end());
  both.steps = std::move(steps);
  return both;
}

}  // namespace mountc
