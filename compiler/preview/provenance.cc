// compiler/preview/provenance.cc - what a plan's steps leave to the machine.
#include "compiler/preview/provenance.h"

namespace mountc {

using kernel::MountRef;
using kernel::nothing;
using kernel::Path;
using plan::Op;
namespace bit = plan::bit;

void Provenances::before(const Step& step, const Simulator& simulator) {
  const plan::OpInfo& row = step.row();
  for (int i = 0; i < row.count; ++i) {
    const Path* const path =
        plan::is_slot(row.operands[i].kind) ? simulator.place_of(step.args[i]) : nullptr;
    paths_[static_cast<size_t>(i)] = path ? *path : Path{};
  }
  first_ = static_cast<MountRef>(kernel_.mounts().size());
}

void Provenances::after(size_t number, const Step& step, const Outcome& outcome,
                        const Simulator& simulator) {
  if (outcome.skipped || outcome.null) return;
  const Op op = step.op;
  if (op == Op::open_tree || op == Op::open_tree_attr || op == Op::bind || op == Op::fsmount) {
    if (const Path* const place = simulator.place_of(step.operand("fd"))) {
      made(number, step, *place);
    }
  } else if (op == Op::mask) {
    for (MountRef m = first_; m < kernel_.mounts().size(); ++m) {
      all_[m].step = number;
      all_[m].is_mask = true;
    }
  } else if (op == Op::mount_setattr) {
    if (Provenance* const mount = at(step, "fd")) changed(*mount, step.operand("attr"));
  } else if (op == Op::set_group) {
    joined(step);
  } else if (op == Op::user_namespace) {
    namespaces_[used(step.operand("ns"))] = &step;
  } else if (op == Op::openat2) {
    namespaces_.erase(used(step.operand("fd")));
  } else if (op == Op::idmap) {
    mapped(step);
  } else if (op == Op::publish) {
    published(step);
  } else if (op == Op::publish_beneath) {
    if (Provenance* const mount = at(step, "fd")) mount->beneath = true;
    if (step.operand("flags") & bit::beneath_PROPAGATE) published(step);
  }
}

const Provenance* Provenances::of(MountRef m) const {
  const auto found = all_.find(m);
  return found == all_.end() ? nullptr : &found->second;
}

MountRef Provenances::mount_at(const Step& step, std::string_view operand) const {
  return paths_[operand_index(step.op, operand)].mount;
}

Provenance* Provenances::at(const Step& step, std::string_view operand) {
  const auto found = all_.find(mount_at(step, operand));
  return found == all_.end() ? nullptr : &found->second;
}

// A new mount, unless the step only picked one up.
void Provenances::made(size_t number, const Step& step, const Path& path) {
  if (path.mount < first_) return;
  const bool anew = step.op == Op::fsmount;
  const bool clones = step.op == Op::open_tree || step.op == Op::open_tree_attr;
  const MountRef source = clones ? mount_at(step, "dir") : nothing;
  if (source != nothing && all_.contains(source)) {
    copied(source, path.mount);
  } else {
    Provenance& origin = all_[path.mount];
    origin.of_host = !anew;
    origin.any_group = origin.any_master = !anew;
    origin.recursive = !anew && (step.operand("flags") & bit::tree_RECURSIVE);
  }
  Provenance& origin = all_[path.mount];
  origin.step = number;
  if (step.op == Op::open_tree_attr || step.op == Op::bind) {
    changed(origin, step.operand("attr"));
  }
}

// Clones of what the plan has made, whole trees when stages are left.
void Provenances::copied(MountRef from, MountRef to) {
  std::vector<std::pair<MountRef, MountRef>> pending = {{from, to}};
  while (!pending.empty()) {
    const auto [source, copy] = pending.back();
    pending.pop_back();
    if (const auto found = all_.find(source); found != all_.end()) all_[copy] = found->second;
    // Linux leaves unbindable mounts out, and keeps the order.
    MountRef child = kernel_.mounts()[source].first_child;
    for (MountRef c = kernel_.mounts()[copy].first_child; c != nothing;
         c = kernel_.mounts()[c].next_sibling) {
      while (child != nothing && (kernel_.mounts()[child].unbindable ||
                                  kernel_.mounts()[child].root != kernel_.mounts()[c].root)) {
        child = kernel_.mounts()[child].next_sibling;
      }
      if (child == nothing) break;
      pending.emplace_back(child, c);
      child = kernel_.mounts()[child].next_sibling;
    }
  }
}

void Provenances::changed(Provenance& origin, uint32_t attr) const {
  const plan::Attr& change = program_.attrs[attr];
  const uint32_t named = change.set | change.clear;
  origin.known |= named & bit::attr_ATIME ? named | bit::attr_ATIME : named;
  if (change.propagation & (bit::propagation_PRIVATE | bit::propagation_UNBINDABLE)) {
    origin.any_group = origin.any_master = false;
  } else if (change.propagation & bit::propagation_SLAVE) {
    origin.any_group = false;
  }
}

void Provenances::joined(const Step& step) {
  Provenance* const origin = at(step, "to");
  if (!origin) return;
  const Provenance* const donor = at(step, "from");
  const bool if_shared = step.operand("flags") & bit::join_IF_SHARED;
  // The group of a mount that is there may receive from others.
  origin->any_group = if_shared || (donor && donor->any_group);
  origin->any_master = if_shared || !donor || donor->any_master;
}

void Provenances::mapped(const Step& step) {
  Provenance* const origin = at(step, "fd");
  if (!origin) return;
  origin->is_mapped = true;
  const auto found = namespaces_.find(used(step.operand("ns")));
  if (found == namespaces_.end()) return;
  const Step& user_namespace = *found->second;
  origin->uids = program_.strings[user_namespace.operand("uids")];
  origin->gids = program_.strings[user_namespace.operand("gids")];
}

// Without a guard a tree gets the groups that its target's mount gives it.
void Provenances::published(const Step& step) {
  const bool guarded = step.op == Op::publish && used(step.operand("guard")) != reg_null;
  if (guarded) return;
  const MountRef top = mount_at(step, "fd");
  for (MountRef m = top; m != nothing; m = kernel_.mounts().next(m, top)) {
    Provenance& origin = all_[m];
    origin.any_group = origin.any_master = true;
  }
}

}  // namespace mountc
