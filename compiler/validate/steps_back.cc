// compiler/validate/steps_back.cc - the way back, on the model.
#include <algorithm>

#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::GroupNumber;
using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

namespace {

Outcome defective(std::string_view what) {
  Outcome outcome;
  outcome.defect = what;
  return outcome;
}

}  // namespace

// In what the mount is not what the step says.
std::optional<std::string_view> Simulator::difference(const Step& step, MountRef found) {
  const kernel::Mount& mount = kernel_.mounts()[found];
  const plan::Attr& attr = program_.attrs[step.args[1]];
  const plan::Pair& groups = program_.pairs[step.args[2]];
  const uint32_t flags = step.args[4];
  const uint32_t clear = flags & bit::expect_EXACT ? ~0u : attr.clear;
  if (((mount.attributes & ~clear) | (attr.set & ~bit::attr_IDMAP)) != mount.attributes) {
    return "a mount to be removed would be taken for another by its flags";
  }
  const GroupNumber master = mount.master == nothing ? 0 : kernel_.mounts()[mount.master].group;
  const auto same = [&](uint32_t declared, GroupNumber number) {
    if (!declared || !number) return !declared == !number;
    return noted_groups_.try_emplace(declared, number).first->second == number;
  };
  const bool unbindable = attr.propagation & bit::propagation_UNBINDABLE;
  const bool known = !(flags & bit::expect_ANY_GROUP);
  if ((known && (!same(groups.first, mount.group) || mount.unbindable != unbindable)) ||
      (!(flags & bit::expect_ANY_MASTER) && !same(groups.second, master))) {
    return "a mount to be removed would be taken for another by its group";
  }
  const std::string_view shows = text(step.args[3]);
  const std::string_view type = shows.substr(0, shows.find(' '));
  const kernel::Dentries& dentries = kernel_.dentries();
  const auto& superblock = dentries.superblock(dentries[mount.root].superblock);
  const bool same_root = type.size() == shows.size() ||
                         shows.find('\\') != std::string_view::npos ||
                         dentries.path(mount.root) == shows.substr(type.size() + 1);
  if (!type.empty() && (superblock.type != type || !same_root)) {
    return "a mount to be removed would be taken for another by what it shows";
  }
  return std::nullopt;
}

Outcome Simulator::expect(const Step& step) {
  const Path* const at = path(step.args[0]);
  if (!at) {
    if (step.args[4] & bit::expect_OPTIONAL) return {};
    return defective("a mount to be removed would not be found");
  }
  const bool covered = step.args[4] & bit::expect_COVERED;
  noted_last_ = covered ? kernel_.mounts()[noted_last_].parent : at->mount;
  noted_[noted_last_] = step.args[4] & bit::expect_MORE;
  if (const auto differs = difference(step, noted_last_)) return defective(*differs);
  return {};
}

Outcome Simulator::compare(const Step&) {
  const kernel::MountTable& mounts = kernel_.mounts();
  for (const auto& [mount, more] : noted_) {
    for (MountRef c = mounts[mount].first_child; c != nothing; c = mounts[c].next_sibling) {
      if (!more && !noted_.contains(c))
        return defective("a mount would be taken for a stranger");
    }
  }
  noted_.clear();
  return {};
}

Outcome Simulator::unmount(const Step& step) {
  const Path* const at = path(step.args[0]);
  if (!at) return defective("the slot holds no mount");
  const kernel::Mount& mount = kernel_.mounts()[at->mount];
  if (mount.overmount != nothing) return defective("a mount is covered that is to be removed");
  if (mount.parent != nothing && !kernel_.mounts()[mount.parent].shared) {
    (void)kernel_.mount_setattr(task_, *at, {0, 0, bit::propagation_PRIVATE, 0, true});
  }
  return kernel_.umount(task_, *at, true);
}

Outcome Simulator::unguard(const Step& step) {
  const Path* const at = path(step.args[0]);
  if (!at) return defective("the slot holds no mount");
  const kernel::Mount& mount = kernel_.mounts()[at->mount];
  const bool guard = !mount.shared && mount.master == nothing && mount.root == mount.mountpoint;
  return guard ? unmount(step) : Outcome{};
}

}  // namespace mountc
