// compiler/validate/steps_tree.cc - steps that clone, configure and join mounts, on the model.
#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/layout/super_options.h"
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::Path;
using kernel::Refusal;

namespace {

kernel::AttributeChange change(const plan::Attr& attr, bool recursive) {
  return {.set = attr.set,
          .clear = attr.clear,
          .propagation = attr.propagation,
          .recursive = recursive};
}

}  // namespace

// AS_IS: the runtime leaves the attributes out where it thinks that the source is private.
Answer Simulator::clone(Path found, const plan::Attr* attr, Number flags, Path& made) {
  const bool recursive = flags & bit::tree_RECURSIVE;
  if (!attr || (flags & bit::tree_AS_IS)) {
    return kernel_.open_tree_clone(task_, found, recursive, made);
  }
  return kernel_.open_tree_attr(task_, found, change(*attr, recursive), made);
}

// open_tree(2) and open_tree_attr(2).
Outcome Simulator::pick_up(Register fd, Register dir, Text path, Number flags,
                           const plan::Attr* attr) {
  const Register number = used(dir);
  const bool clones = flags & bit::tree_CLONE;
  if (world_.is_missing(flags & bit::tree_OPTIONAL)) return null_outcome();
  if ((flags & bit::tree_IF_BUSY) && !world_.is_busy()) return null_outcome();
  if (number < slots_.size() && slots_[number].holds == Slot::Holds::ns) {
    // The file of a mount namespace, to be pinned.
    const auto file = kernel_.dentries().add_superblock("nsfs", kernel::Contents::made,
                                                        kernel::DentryKind::file);
    kernel_.dentries().superblock(file).is_namespace_file = true;
    Path made;
    const Answer answer = kernel_.fsmount(task_, file, 0, made);
    if (answer.refused()) return answer;
    pinned_[made.dentry] = slots_[number].index;
    fill_with_tree(fd, made);
    return answer;
  }
  if (number < slots_.size() && slots_[number].holds != Slot::Holds::path) {
    return defective("the slot holds no place");
  }
  Path found, made;
  Answer answer = look_up(dir, path, 0, found);
  if (is_missing(answer) && (flags & bit::tree_OPTIONAL)) return null_outcome();
  if (answer.refused()) return answer;
  if (!clones) {
    fill(fd, found);
    return answer;
  }
  answer = clone(found, attr, flags, made);
  if (answer.refused()) return answer;
  fill_with_tree(fd, made);
  if (flags & bit::tree_IF_BUSY) slot(fd).directory = path;
  return answer;
}

Outcome Simulator::open_tree(Register fd, Register dir, Text path, Number flags) {
  return pick_up(fd, dir, path, flags, nullptr);
}

Outcome Simulator::open_tree_attr(Register fd, Register dir, Attr attr, Text path,
                                  Number flags) {
  return pick_up(fd, dir, path, flags, &attr);
}

// The entry of the directory that `near` is a clone of, where that is no mount of its own; what
// lies deeper, and all where `near` is the directory itself, is what the path says.
Outcome Simulator::bind(Register fd, Register near, Attr attr, Text path, Number flags) {
  if (world_.is_missing(flags & bit::tree_OPTIONAL)) return null_outcome();
  Path found, made;
  Answer answer = look_up(reg_host, path, 0, found);
  if (is_missing(answer) && (flags & bit::tree_OPTIONAL)) return null_outcome();
  if (answer.refused()) return answer;
  const bool has_entry = place_of(near) && slot(near).directory == parent_of(path);
  if (has_entry && !kernel_.is_root(found)) {
    answer = look_up(near, name_of(path), 0, found);
    if (answer.refused()) return answer;
  }
  answer = clone(found, &attr, flags, made);
  if (!answer.refused()) fill_with_tree(fd, made);
  return answer;
}

Outcome Simulator::openat2(Register fd, Register dir, Text path, Number flags) {
  if (world_.is_missing(flags & bit::tree_OPTIONAL)) return null_outcome();
  if (const auto other = world_.others.find(path);
      (flags & bit::tree_READ) && other != world_.others.end()) {
    give_up(fd);
    slot(fd) = {.holds = Slot::Holds::ns, .index = other->second};
    return {};
  }
  Path found;
  const Answer answer = look_up(dir, path, flags, found);
  const bool mounted = flags & bit::tree_MOUNTED;
  if (is_missing(answer) && (mounted || (flags & bit::tree_OPTIONAL))) return null_outcome();
  if (mounted && !answer.refused() && !kernel_.is_root(found)) return null_outcome();
  if (!answer.refused()) fill(fd, found);
  return answer;
}

Outcome Simulator::mount_setattr(Register fd, Attr attr, Number flags) {
  const Path* const mount = place_of(fd);
  if (!mount) return defective("the slot holds no mount");
  return kernel_.mount_setattr(task_, *mount, change(attr, flags & bit::setattr_RECURSIVE));
}

Outcome Simulator::move_mount(Register fd, Register dir, Text name, Number) {
  const Path* const mount = place_of(fd);
  if (!mount) return defective("the slot holds no mount");
  Path to;
  const Answer found = look_up(dir, name, 0, to);
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

Outcome Simulator::set_group(Register from, Register to, Number flags) {
  const Path* const donor = place_of(from);
  const Path* member = place_of(to);
  if (!donor || !member) return defective("the slot holds no mount");
  Answer answer = kernel_.set_group(task_, *donor, *member);
  if ((flags & bit::join_AS_IS) && answer.refusal == Refusal::join_twice) {
    Path made;
    answer =
        kernel_.open_tree_attr(task_, *member, {.propagation = bit::propagation_PRIVATE}, made);
    if (answer.refused()) return answer;
    fill_with_tree(to, made);
    member = place_of(to);
    answer = kernel_.set_group(task_, *donor, *member);
  }
  const bool may_be_private = flags & bit::join_IF_SHARED;
  if (may_be_private && answer.refusal == Refusal::join_private) return {};
  Outcome outcome = answer;
  // Of the host's paths only the machine knows which lies below which, and on what.
  const kernel::Dentries& dentries = kernel_.dentries();
  const bool of_host = dentries.superblock(dentries[member->dentry].superblock).contents ==
                       kernel::Contents::on_demand;
  outcome.machine_decides = (answer.refusal == Refusal::join_narrow && of_host) ||
                            (answer.refusal == Refusal::join_superblocks &&
                             may_be_one_superblock(donor->dentry, member->dentry));
  return outcome;
}

// Known by the step that made it.
Outcome Simulator::user_namespace(Register ns, Text uids, Text gids) {
  give_up(ns);
  slot(ns) = {
      .holds = Slot::Holds::ns, .index = kernel::nothing, .map = {.uids = uids, .gids = gids}};
  return {};
}

Outcome Simulator::idmap(Register fd, Register ns, Number flags) {
  const Path* const mount = place_of(fd);
  const Slot& held = slot(ns);
  const Path* const file = place_of(ns);
  if (!mount) return defective("the slot holds no mount");
  if (!file && held.holds != Slot::Holds::ns) return defective("the slot holds no namespace");
  const MadeIdMap map = file ? MadeIdMap{.file = file->dentry} : held.map;
  const auto [known, fresh] =
      id_map_numbers_.try_emplace(map, static_cast<uint32_t>(id_maps_.size() + 1));
  if (fresh) id_maps_.push_back(map);
  const bool recursive = flags & bit::setattr_RECURSIVE;
  return kernel_.mount_setattr(
      task_, *mount, {.set = bit::attr_IDMAP, .idmap = known->second, .recursive = recursive});
}

}  // namespace mountc
