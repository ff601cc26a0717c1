// compiler/preview/planned.cc - the mounts that a plan makes, as a kernel would show them.
#include "compiler/preview/planned.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <span>

#include "compiler/preview/model.h"
#include "compiler/preview/provenance.h"

namespace mountc {
namespace {

using kernel::MountRef;
using kernel::nothing;
using plan::Op;
namespace bit = plan::bit;

// A run on one machine of the model, and what is there afterwards.
class Trial {
 public:
  Trial(const Program& program, Scenario scenario)
      : program_(program),
        steps_(program.first_way()),
        world_(make_world(Layout{}, scenario)),
        origins_(program, world_.kernel) {
    place_what_is_needed();
  }

  bool run(std::string& error) {
    Simulator simulator(world_, program_, steps_);
    if (!steps_.empty()) origins_.before(steps_[0], simulator);
    const auto failed = simulator.run([&](size_t number, const Outcome& outcome) {
      origins_.after(number, steps_[number], outcome, simulator);
      if (number + 1 < steps_.size()) origins_.before(steps_[number + 1], simulator);
    });
    if (failed) {
      const Outcome& last = simulator.last();
      error = fmt::format(
          "{}step {} fails: {}", last.machine_decides ? "only a machine can tell whether " : "",
          *failed, last.answer.refused() ? last.answer.info().text : last.defect);
      return false;
    }
    simulator.close_all();
    namespaces_ = simulator.namespaces();
    for (const MadeSuperblock& made : simulator.superblocks()) add(made);
    return true;
  }

  // Consumes the trial.
  snapshot::Snapshot result() {
    ModelWorld world{std::move(world_.kernel), {}, std::move(known_)};
    world.spaces.push_back({"", world_.task.ns, world.kernel.enter(world_.task.ns)});
    std::vector<std::string> names;
    std::vector<bool> copies = {true};  // by space: the caller's own is as silent as a copy
    for (const Step& step : steps_) {
      if (step.op != Op::namespace_) continue;
      names.emplace_back(program_.strings[step.operand("name")]);
      copies.push_back(used(step.operand("root")) == reg_null);
    }
    for (size_t n = 0; n < namespaces_.size(); ++n) {
      world.spaces.push_back({names[n], namespaces_[n], world.kernel.enter(namespaces_[n])});
      if (copies[n + 1]) leave_out_copied(world.kernel, namespaces_[n]);
    }
    StoreOptions options;
    options.host = world_.host;
    const kernel::MountTable& mounts = world.kernel.mounts();
    for (MountRef m = 0; m < mounts.size(); ++m) {
      const auto shown = world.kernel.dentries()[mounts[m].root].superblock;
      if (world.kernel.dentries().superblock(shown).is_namespace_file) placed_.insert(m);
    }
    options.left_out = &placed_;
    snapshot::Snapshot all = store(world, options);
    for (size_t n = 0; n < copies.size(); ++n) all.namespaces[n].partial = copies[n];
    return all;
  }

  const Provenances& origins() const { return origins_; }
  std::span<const Step> steps() const { return steps_; }

 private:
  // Groups of the host have a member where a step checks that, and what goes beneath a mount
  // has one above it.
  void place_what_is_needed() {
    std::map<Register, std::string> paths;  // by slot
    for (const Step& step : steps_) {
      if (step.op == Op::fsconfig_fd) layers_.emplace(program_.strings[step.operand("key")]);
      if (step.op == Op::openat2 || step.op == Op::open_tree) {
        const Register dir = used(step.operand("dir"));
        const Register fd = used(step.operand("fd"));
        paths.erase(fd);
        if (dir == reg_host || dir == reg_target) {
          paths[fd] = program_.strings[step.operand("path")];
        }
      } else if (step.op == Op::check_shared) {
        const auto path = paths.find(used(step.operand("fd")));
        if (path != paths.end()) place(path->second, true);
      } else if (step.op == Op::publish_beneath) {
        const auto path = paths.find(used(step.operand("dir")));
        if (path != paths.end()) place(path->second, false);
      }
    }
  }

  // What a copy of the caller's namespace begins with is the machine's.
  void leave_out_copied(const kernel::Kernel& kernel, kernel::NamespaceRef ns) {
    const kernel::MountTable& mounts = kernel.mounts();
    const MountRef base = kernel.namespaces()[ns].root;
    for (MountRef m = base; m != nothing; m = mounts.next(m, base)) {
      if (!origins_.of(m)) placed_.insert(m);
    }
  }

  void place(const std::string& path, bool shared) {
    kernel::Kernel& kernel = world_.kernel;
    kernel::Path at;
    if (kernel.look_up(world_.task, world_.task.root, path, at).refused()) return;
    if (placed_.contains(at.mount) && kernel.is_root(at)) return;
    const kernel::DentryRef root = kernel.dentries().superblock(world_.host).root;
    const MountRef m = kernel.place(at.mount, at.dentry, root);
    if (shared) kernel.place_in_group(m, kernel.new_group(), nothing);
    placed_.insert(m);
  }

  void add(const MadeSuperblock& made) {
    if (made.superblock == nothing) return;
    snapshot::Superblock known;
    known.type = made.type;
    known.name = made.type;
    known.source = made.source.value_or("none");
    for (const auto& [key, value] : made.options) {
      if (layers_.contains(key)) continue;
      const std::string name = key.ends_with('+') ? key.substr(0, key.size() - 1) : key;
      known.options.push_back(value ? name + "=" + *value : name);
    }
    known_[made.superblock] = std::move(known);
  }

  const Program& program_;
  std::span<const Step> steps_;
  World world_;
  Provenances origins_;
  std::set<std::string, std::less<>> layers_;  // options whose values are mounts
  std::set<MountRef> placed_;                  // mounts that are there before
  std::vector<kernel::NamespaceRef> namespaces_;
  std::map<kernel::SuperblockRef, snapshot::Superblock> known_;
};

// What the machine decides.
void forget(snapshot::Mount& mount, const Provenance& origin, bool is_sure,
            const snapshot::Superblock& superblock) {
  if (origin.of_host || origin.is_mask) {
    mount.superblock = none;
    mount.root.clear();
    mount.root_known = false;
    mount.flags_known = origin.is_mask ? 0 : origin.known;
    mount.idmap_known = origin.is_mapped;
  } else if (!superblock.type.empty() && superblock.type != "tmpfs" &&
             superblock.type != "ramfs") {
    mount.root_known = mount.root.empty();
  }
  mount.idmapped = origin.is_mapped;
  mount.uids = snapshot::id_map(origin.uids);
  mount.gids = snapshot::id_map(origin.gids);
  mount.may_have_more = origin.recursive;
  mount.may_be_missing = !is_sure || origin.is_mask;
  mount.beneath = origin.beneath;
  mount.groups_known = !origin.any_group;
  mount.master_known = !origin.any_master;
}

}  // namespace

std::optional<snapshot::Snapshot> planned(const Program& program, std::string& error) {
  Trial trial(program, Scenario::all_there);
  if (!trial.run(error)) return std::nullopt;
  Trial poor(program, Scenario::nothing_there);
  std::set<size_t> sure;  // steps whose mounts are there, whatever is missing
  std::string ignored;
  const bool known = poor.run(ignored);
  if (known) {
    const snapshot::Snapshot left = poor.result();
    for (const auto& ns : left.namespaces) {
      for (const auto& mount : ns.mounts) {
        const Provenance* const origin = poor.origins().of(static_cast<MountRef>(mount.id));
        if (origin) sure.insert(origin->step);
      }
    }
  }
  snapshot::Snapshot all = trial.result();
  for (snapshot::Namespace& ns : all.namespaces) {
    for (snapshot::Mount& mount : ns.mounts) {
      const Provenance* const origin = trial.origins().of(static_cast<MountRef>(mount.id));
      if (!origin) continue;
      forget(mount, *origin, !known || sure.contains(origin->step),
             all.superblocks[mount.superblock]);
    }
  }
  if (all.namespaces[0].mounts.empty()) all.namespaces.erase(all.namespaces.begin());
  return all;
}

}  // namespace mountc
