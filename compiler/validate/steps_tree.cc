// compiler/validate/steps_tree.cc - steps that clone, configure and attach mounts, on the
// model.
#include <algorithm>

#include "compiler/layout/super_options.h"
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::Path;
using kernel::Refusal;

namespace {

constexpr uint32_t read_only = bit::attr_RDONLY;

bool is_missing(const Answer& answer) {
  return answer.refusal == Refusal::missing || answer.refusal == Refusal::not_a_directory;
}

Outcome defective(std::string_view what) {
  Outcome outcome;
  outcome.defect = what;
  return outcome;
}

Outcome null() {
  Outcome outcome;
  outcome.null = true;
  return outcome;
}

}  // namespace

kernel::AttributeChange Simulator::change(const plan::Attr& attr, bool recursive) const {
  return {attr.set, attr.clear, attr.propagation, 0, recursive};
}

// open_tree(2) and open_tree_attr(2).
Outcome Simulator::pick_up(const Step& step, uint32_t path, uint32_t flags,
                           const plan::Attr* attr) {
  const uint32_t dir = step.args[1] & ~reg_last_use;
  const bool clones = flags & bit::tree_CLONE, recursive = flags & bit::tree_RECURSIVE;
  if (world_.is_missing(flags & bit::tree_OPTIONAL)) return null();
  if ((flags & bit::tree_IF_BUSY) && !world_.is_busy()) return null();
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
  if (is_missing(answer) && (flags & bit::tree_OPTIONAL)) return null();
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
  if (world_.is_missing(step.args[4] & bit::tree_OPTIONAL)) return null();
  const std::string_view whole = text(step.args[3]);
  Path found, made;
  Answer answer = look_up(reg_host, whole, 0, found);
  if (is_missing(answer) && (step.args[4] & bit::tree_OPTIONAL)) return null();
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
  if (world_.is_missing(step.args[3] & bit::tree_OPTIONAL)) return null();
  if (const auto other = world_.others.find(text(step.args[2]));
      (step.args[3] & bit::tree_READ) && other != world_.others.end()) {
    give_up(step.args[0]);
    slot(step.args[0]) = {Slot::Holds::ns, false, {}, other->second};
    return {};
  }
  Path found;
  const Answer answer = look_up(step.args[1], text(step.args[2]), step.args[3], found);
  const bool mounted = step.args[3] & bit::tree_MOUNTED;
  if (is_missing(answer) && (mounted || (step.args[3] & bit::tree_OPTIONAL))) return null();
  if (mounted && !answer.refused() && !kernel_.is_root(found)) return null();
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
  auto known = std::ranges::find(id_maps_, map);
  if (known == id_maps_.end()) known = id_maps_.insert(known, map);
  const auto number = static_cast<uint32_t>(known - id_maps_.begin() + 1);
  const bool recursive = step.args[2] & bit::setattr_RECURSIVE;
  return kernel_.mount_setattr(task_, *mount, {bit::attr_IDMAP, 0, 0, number, recursive});
}

Outcome Simulator::publish_root(const Step& step) { return publish(step); }

Outcome Simulator::publish(const Step& step) {
  const Path* const mount = path(step.args[0]);
  const Path* const target = path(is_null(step.args[2]) ? step.args[1] : step.args[2]);
  if (!mount || !target) return defective("the slot holds no mount");
  return kernel_.move_mount(task_, *mount, *target);
}

Outcome Simulator::publish_beneath(const Step& step) {
  const Path* const mount = path(step.args[0]);
  const Path* const target = path(step.args[1]);
  if (!mount || !target) return defective("the slot holds no mount");
  const kernel::MountRef below = kernel_.mounts()[target->mount].parent;
  const bool shares = below != kernel::nothing && kernel_.mounts()[below].shared;
  if (shares && !(step.args[2] & bit::beneath_PROPAGATE)) {
    Outcome outcome = defective("the mount below the target is shared");
    outcome.machine_decides = true;
    return outcome;
  }
  return kernel_.move_mount(task_, *mount, *target, true);
}

// A file is hidden by the host's /dev/null, anything else by an empty tmpfs.
Outcome Simulator::mask(const Step& step) {
  if (world_.is_missing(true)) return {};
  Path place, cover;
  const Answer found = look_up(step.args[0], text(step.args[1]), 0, place);
  if (is_missing(found)) return {};
  if (found.refused()) return found;
  Answer answer;
  if (kernel_.dentries()[place.dentry].kind == kernel::DentryKind::file) {
    Path null_device;
    answer = kernel_.look_up(task_, task_.root, "/dev/null", null_device);
    if (answer.refused()) return answer;
    answer = kernel_.open_tree_attr(task_, null_device, false, {0, 0, bit::propagation_PRIVATE},
                                    cover);
  } else {
    const auto superblock = kernel_.dentries().add_superblock("tmpfs", false);
    answer = kernel_.fsmount(task_, superblock, read_only, cover);
  }
  return answer.refused() ? answer : kernel_.move_mount(task_, cover, place);
}

Outcome Simulator::close(const Step&) { return {}; }

Outcome Simulator::only_if(const Step& step) {
  if (is_null(step.args[1])) give_up(step.args[0]);
  return {};
}

Outcome Simulator::if_shared(const Step& step) {
  const Path* const dir = path(step.args[1]);
  if (!dir) return defective("the slot holds no place");
  if (!kernel_.mounts()[dir->mount].shared) return null();
  fill(step.args[0], *dir, false);
  return {};
}

Outcome Simulator::check_shared(const Step& step) {
  const Path* const mount = path(step.args[0]);
  if (!mount || !kernel_.mounts()[mount->mount].shared) {
    return defective("a mount that must be shared is not");
  }
  return {};
}

Outcome Simulator::check_superblock(const Step& step) {
  const Path* const from = path(step.args[0]);
  const Path* const to = path(step.args[1]);
  if (!from || !to) return defective("the slot holds no mount");
  const auto superblock = [&](const Path* p) {
    return kernel_.dentries()[p->dentry].superblock;
  };
  if (superblock(from) != superblock(to)) {
    Outcome outcome = defective("mounts that must be of one superblock are not");
    outcome.machine_decides = may_be_one_superblock(from->dentry, to->dentry);
    return outcome;
  }
  return {};
}

Outcome Simulator::required(const Step& step) {
  if (is_null(step.args[0])) return defective("a mount that must be there is not");
  return {};
}

// runtime/exec_namespace.cc, call by call: a child whose private copy of all mounts gets the
// tree for its root.
Outcome Simulator::namespace_(const Step& step) {
  kernel::Task child = task_;
  kernel::NamespaceRef made = kernel::nothing;
  Answer answer = kernel_.unshare(child, task_.user_ns, made);
  if (answer.refused()) return answer;
  child = kernel_.enter(made, task_.user_ns);
  const bool slave = step.args[3] & bit::namespace__SLAVE;
  if (!(step.args[3] & bit::namespace__KEEP)) {
    const uint32_t propagation = slave ? bit::propagation_SLAVE : bit::propagation_PRIVATE;
    answer = kernel_.mount_setattr(child, child.root, {0, 0, propagation, 0, true});
    if (answer.refused()) return answer;
  }
  if (!is_null(step.args[1])) {
    const Outcome outcome = change_root(step, child);
    if (outcome.failed()) return outcome;
  }
  give_up(step.args[0]);
  slot(step.args[0]) = {Slot::Holds::ns, false, {}, made};
  namespaces_.push_back(made);
  return answer;
}

Outcome Simulator::change_root(const Step& step, kernel::Task& child) {
  const Path* const root = path(step.args[1]);
  if (!root) return defective("the slot holds no mount");
  Answer answer = kernel_.move_mount(child, *root, child.root);
  if (answer.refused()) return answer;
  child.cwd = *root;
  answer = kernel_.pivot_root(child, child.cwd, child.cwd);
  if (answer.refused()) return answer;
  answer = kernel_.umount(child, kernel_.mounts().topmost(child.cwd), true);
  if (answer.refused()) return answer;
  if (step.args[3] & bit::namespace__SHARED) {
    answer = kernel_.mount_setattr(child, *root, {0, 0, bit::propagation_SHARED});
  }
  return answer;
}

// The task goes on as the child does that a stage is played in.
Outcome Simulator::stage(const Step& step) {
  home_ = task_;
  Outcome outcome;
  outcome.null = true;
  if (!is_null(step.args[1])) {
    const Slot& ns = slot(step.args[1]);
    const bool by_file = ns.holds == Slot::Holds::path;
    task_ = kernel_.enter(by_file ? pinned_[ns.path.dentry] : ns.index, task_.user_ns);
    // Only the way back looks at what is in it.
    if (by_file) fill(step.args[0], kernel_.mounts().topmost(task_.root), false);
    outcome.null = !by_file;
    return outcome;
  }
  kernel::NamespaceRef made = kernel::nothing;
  Answer answer = kernel_.unshare(task_, task_.user_ns, made);
  if (answer.refused()) return answer;
  answer = kernel_.mount_setattr(task_, task_.root, {0, 0, bit::propagation_PRIVATE, 0, true});
  if (answer.refused()) return answer;
  Path place;
  const auto tmpfs = kernel_.dentries().add_superblock("tmpfs", true);
  answer = kernel_.fsmount(task_, tmpfs, 0, place);
  if (answer.refused()) return answer;
  answer = kernel_.move_mount(task_, place, task_.root);
  if (answer.refused()) return answer;
  fill(step.args[0], place, false);
  return answer;
}

// The stage's mounts stay for the model; nobody can see them.
Outcome Simulator::unstage(const Step&) {
  task_ = home_;
  return {};
}

}  // namespace mountc
