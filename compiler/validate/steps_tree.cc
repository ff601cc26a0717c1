// compiler/validate/steps_tree.cc - steps that clone, configure and join mounts, on the model.
#include <algorithm>

#include "compiler/layout/super_options.h"
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::Path;
using kernel::Refusal;

kernel::AttributeChange Simulator::change(const plan::Attr& attr, bool recursive) const {
  return {attr.set, attr.clear, attr.propagation, 0, recursive};
}

// open_tree(2) and open_tree_attr(2).
Outcome Simulator::pick_up(const Step& step, uint32_t path, uint32_t flags,
                           const plan::Attr* attr) {
  const uint32_t dir = step.args[1] & ~reg_last_use;
  const bool clones = flags & bit::tree_CLONE, recursive = flags & bit::tree_RECURSIVE;
  if (world_.is_missing(flags & bit::tree_OPTIONAL)) return null_outcome();
  if ((flags & bit::tree_IF_BUSY) && !world_.is_busy()) return null_outcome();
  if (dir < slots_.size() && slots_[dir].holds == Slot::Holds::ns) {
    // The file of a mount namespace, to be pinned.
    const auto file =
        kernel_.dentries().add_superblock("nsfs", false, kernel::DentryKind::file);
    kernel_.dentries().superblock(file).is_namespace_file = true;
    Path made;
    const Answer answer = kernel_.fsmount(task_, file, 0, made);
    if (answer.refused()) return answer;
    pinned_[made.dentry] = slots_[dir].index;
    fill(step.args[0], made, true);
    return answer;
  }
  if (dir < slots_.size() && slots_[dir].holds != Slot::Holds::path) {
    return defective("the slot holds no place");
  }
  Path found, made;
  Answer answer = look_up(dir, text(path), 0, found);
  if (is_missing(answer) && (flags & bit::tree_OPTIONAL)) return null_outcome();
  if (answer.refused()) return answer;
  if (!clones) {
    fill(step.args[0], found, false);
    return answer;
  }
  answer = attr
               ? kernel_.open_tree_attr(task_, found, recursive, change(*attr, recursive), made)
               : kernel_.open_tree_clone(task_, found, recursive, made);
  if (!answer.refused()) fill(step.args[0], made, true);
  return answer;
}

Outcome Simulator::open_tree(const Step& step) {
  return pick_up(step, step.args[2], step.args[3], nullptr);
}

Outcome Simulator::open_tree_attr(const Step& step) {
  const plan::Attr attr = program_.attrs[step.args[2]];
  return pick_up(step, step.args[3], step.args[4], &attr);
}

// The entry of the directory that `near` is a clone of, where that is no mount of its own.
Outcome Simulator::bind(const Step& step) {
  if (world_.is_missing(step.args[4] & bit::tree_OPTIONAL)) return null_outcome();
  const std::string_view whole = text(step.args[3]);
  Path found, made;
  Answer answer = look_up(reg_host, whole, 0, found);
  if (is_missing(answer) && (step.args[4] & bit::tree_OPTIONAL)) return null_outcome();
  if (answer.refused()) return answer;
  const Path* const near = path(step.args[1]);
  if (near && !kernel_.is_root(found)) {
    answer = look_up(step.args[1], whole.substr(whole.rfind('/') + 1), 0, found);
    if (answer.refused()) return answer;
  }
  const bool recursive = step.args[4] & bit::tree_RECURSIVE;
  const plan::Attr attr = program_.attrs[step.args[2]];
  answer = kernel_.open_tree_attr(task_, found, recursive, change(attr, recursive), made);
  if (!answer.refused()) fill(step.args[0], made, true);
  return answer;
}

Outcome Simulator::openat2(const Step& step) {
  if (world_.is_missing(step.args[3] & bit::tree_OPTIONAL)) return null_outcome();
  if (const auto other = world_.others.find(text(step.args[2]));
      (step.args[3] & bit::tree_READ) && other != world_.others.end()) {
    give_up(step.args[0]);
    slot(step.args[0]) = {Slot::Holds::ns, false, {}, other->second};
    return {};
  }
  Path found;
  const Answer answer = look_up(step.args[1], text(step.args[2]), step.args[3], found);
  const bool mounted = step.args[3] & bit::tree_MOUNTED;
  if (is_missing(answer) && (mounted || (step.args[3] & bit::tree_OPTIONAL)))
    return null_outcome();
  if (mounted && !answer.refused() && !kernel_.is_root(found)) return null_outcome();
  if (!answer.refused()) fill(step.args[0], found, false);
  return answer;
}

Outcome Simulator::mount_setattr(const Step& step) {
  const Path* const mount = path(step.args[0]);
  if (!mount) return defective("the slot holds no mount");
  const bool recursive = step.args[2] & bit::setattr_RECURSIVE;
  return kernel_.mount_setattr(task_, *mount, change(program_.attrs[step.args[1]], recursive));
}

Outcome Simulator::move_mount(const Step& step) {
  const Path* const mount = path(step.args[0]);
  if (!mount) return defective("the slot holds no mount");
  Path to;
  const Answer found = look_up(step.args[1], text(step.args[2]), 0, to);
  if (found.refused()) return found;
  return kernel_.move_mount(task_, *mount, to);
}

// A path of the host and a device that the layout names may be one filesystem: the machine
// knows.
bool Simulator::may_be_one_superblock(kernel::DentryRef a, kernel::DentryRef b) const {
  const auto type = [&](kernel::DentryRef d) -> const std::string& {
    return kernel_.dentries().superblock(kernel_.dentries()[d].superblock).type;
  };
  return !makes_instance(type(a)) && !makes_instance(type(b));
}

Outcome Simulator::set_group(const Step& step) {
  const Path* const from = path(step.args[0]);
  const Path* const to = path(step.args[1]);
  if (!from || !to) return defective("the slot holds no mount");
  const Answer answer = kernel_.set_group(task_, *from, *to);
  const bool may_be_private = step.args[2] & bit::join_IF_SHARED;
  if (may_be_private && answer.refusal == Refusal::join_private) return {};
  Outcome outcome = answer;
  // Of the host's paths only the machine knows which lies below which, and on what.
  const kernel::Dentries& dentries = kernel_.dentries();
  const bool of_host = dentries.superblock(dentries[to->dentry].superblock).on_demand;
  outcome.machine_decides = (answer.refusal == Refusal::join_narrow && of_host) ||
                            (answer.refusal == Refusal::join_superblocks &&
                             may_be_one_superblock(from->dentry, to->dentry));
  return outcome;
}

// Known by the step that made it.
Outcome Simulator::user_namespace(const Step& step) {
  give_up(step.args[0]);
  const MadeIdMap map{kernel::nothing, step.args[1], step.args[2]};
  slot(step.args[0]) = {Slot::Holds::ns, false, {}, kernel::nothing, map};
  return {};
}

Outcome Simulator::idmap(const Step& step) {
  const Path* const mount = path(step.args[0]);
  const Slot& ns = slot(step.args[1]);
  const Path* const file = path(step.args[1]);
  if (!mount) return defective("the slot holds no mount");
  if (!file && ns.holds != Slot::Holds::ns) return defective("the slot holds no namespace");
  const MadeIdMap map = file ? MadeIdMap{file->dentry, 0, 0} : ns.map;
  const auto [known, fresh] =
      id_map_numbers_.try_emplace(map, static_cast<uint32_t>(id_maps_.size() + 1));
  if (fresh) id_maps_.push_back(map);
  const uint32_t number = known->second;
  const bool recursive = step.args[2] & bit::setattr_RECURSIVE;
  return kernel_.mount_setattr(task_, *mount, {bit::attr_IDMAP, 0, 0, number, recursive});
}

}  // namespace mountc
