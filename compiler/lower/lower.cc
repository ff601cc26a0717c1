// compiler/lower/lower.cc - a checked layout to steps: the order of the whole plan.
#include "compiler/lower/lower.h"

#include <algorithm>
#include <utility>

#include "compiler/lower/lowering.h"

namespace mountc {
namespace {

using plan::Op;

enum Feature : uint32_t {
#define FEATURE(bit, name, since, what) name = 1u << bit,
#include "runtime/features.def"
};

// What is probed for before a plan with such an instruction runs.
struct Need {
  Op op;
  Feature feature;
  bool staged_too;  // else the older way does it with what older kernels have
};
constexpr Need needs[] = {
    {Op::mount_setattr, Feature::mount_setattr, true},
    {Op::set_group, Feature::set_group, true},
    {Op::namespace_, Feature::mount_setattr, true},
    {Op::namespace_, Feature::mount_ns_fd, false},
    {Op::publish_beneath, Feature::beneath, true},
    {Op::idmap, Feature::mount_setattr, true},
    {Op::open_tree_attr, Feature::open_tree_attr, false},
    {Op::bind, Feature::open_tree_attr, false},
    {Op::move_mount, Feature::nested_detached, false},
    {Op::fsconfig_fd, Feature::layer_fd, false},
};

uint32_t features_of(const Program& program, Strategy strategy) {
  const bool staged = strategy == Strategy::staging;
  uint32_t features = 0;
  for (const Step& step : program.steps) {
    for (const Need& need : needs) {
      if (need.op == step.op && (need.staged_too || !staged)) features |= need.feature;
    }
    // A stage's mounts are made private, and its clones get their flags in a second call.
    if (staged && (step.op == Op::stage || step.op == Op::open_tree_attr)) {
      features |= Feature::mount_setattr;
    }
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
  for (GroupId g = 0; g < groups_.size(); ++g) groups_[g].anchor = anchors[g];
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
  // What goes beneath a mount comes last, for it cannot always be taken back (undo.cc).
  for (MountId m : tops) {
    if (mount(m).ns == none && !mount(m).beneath) publish(m);
  }
  for (MountId m : tops) {
    if (mount(m).beneath) publish(m);
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
