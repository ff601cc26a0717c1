// compiler/validate/comparison.cc - are the mounts that a plan made those that the layout
// declares?
#include "compiler/validate/comparison.h"

#include <fmt/format.h>

#include "compiler/layout/paths.h"

namespace mountc {

using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

Comparison::Comparison(const Layout& layout, const World& world, const Before& before,
                       const Simulator& simulator)
    : layout_(layout),
      world_(world),
      kernel_(world.kernel),
      before_(before),
      simulator_(simulator),
      numbers_(layout.groups.size(), 0),
      superblocks_(layout.superblocks.size(), nothing),
      claimed_(kernel_.mounts().size()),
      guards_(layout.namespaces.size()),
      in_copy_(layout.namespaces.size()) {
  for (const MadeSuperblock& made : simulator.superblocks()) {
    made_.emplace(made.superblock, &made);
  }
  for (GroupId g = 0; g < layout.groups.size(); ++g) {
    if (before.groups[g] == nothing) continue;
    numbers_[g] = kernel_.mounts()[before.groups[g]].group;
    groups_.emplace(numbers_[g], g);
  }
}

std::optional<std::string> Comparison::difference() {
  for (const auto compare : {&Comparison::compare_namespaces, &Comparison::compare_caller,
                             &Comparison::compare_peers}) {
    if (Defect defect = (this->*compare)()) return defect;
  }
  return std::nullopt;
}

std::string Comparison::name(MountId m) const { return "`" + mount(m).full_target + "`"; }

// What is mounted at the topmost targets: the guard, where the mount below is shared, and the
// tree.
Comparison::Defect Comparison::compare_caller() {
  const kernel::MountTable& mounts = kernel_.mounts();
  for (MountId m = 0; m < layout_.mounts.size(); ++m) {
    if (!layout_.is_topmost(m) || mount(m).is_mask || mount(m).ns != none) continue;
    const Path target = through_guards(m, world_.task.ns, before_.targets[m]);
    MountRef found = nothing;
    if (Defect defect = find_tree(m, target, found)) return defect;
    if (found == nothing) continue;
    const bool shared = mounts[target.mount].shared;
    if (mount(m).beneath) {
      if (Defect defect = compare_cover(m, found)) return defect;
    } else if (shared && !mount(m).propagate) {
      const kernel::Mount& guard = mounts[found];
      if (guard.root != target.dentry || guard.shared || guard.master != nothing) {
        return fmt::format("{} has no private guard below it", name(m));
      }
      ++seen_;
      ++copies_;
      found = mounts.lookup(found, guard.root);
      if (found == nothing) return fmt::format("{} is not mounted on its guard", name(m));
    }
    const uint32_t seen = seen_;
    if (Defect defect = compare_tree(m, found, shared && mount(m).propagate)) return defect;
    if (shared && mount(m).propagate) copies_ += seen_ - seen;
  }
  if (Defect defect = compare_pins()) return defect;
  // The guards in copies that keep their groups are seen here, too.
  for (const uint32_t guards : guards_) seen_ += guards;
  const uint32_t count = kernel_.namespaces()[world_.task.ns].mounts;
  if (count != before_.mounts[world_.task.ns] + seen_) {
    return fmt::format("{} mounts are left in the caller's namespace that nobody declared",
                       count - before_.mounts[world_.task.ns] - seen_);
  }
  return std::nullopt;
}

// The file of each pinned namespace is mounted at its path, which nothing else is.
Comparison::Defect Comparison::compare_pins() {
  for (const Namespace& ns : layout_.namespaces) {
    if (!ns.pin) continue;
    const MountRef pinned = mounted_at(*ns.pin);
    const kernel::Dentries& dentries = kernel_.dentries();
    if (pinned == nothing ||
        !dentries.superblock(dentries[kernel_.mounts()[pinned].root].superblock)
             .is_namespace_file) {
      return fmt::format("namespace `{}` is not pinned", ns.name);
    }
    ++seen_;
  }
  return std::nullopt;
}

// The topmost mount at an absolute path of the host.
MountRef Comparison::mounted_at(std::string_view path) const {
  Path at = world_.task.root;
  for_components(path, [&](std::string_view name) {
    at.dentry = kernel_.dentries().known(at.dentry, name);
    at = kernel_.mounts().topmost(at);
  });
  return at.dentry != nothing && kernel_.is_root(at) ? at.mount : nothing;
}

Comparison::Defect Comparison::compare_namespaces() {
  if (simulator_.namespaces().size() != layout_.namespaces.size()) {
    return fmt::format("{} namespaces are made", simulator_.namespaces().size());
  }
  for (NamespaceId n = 0; n < layout_.namespaces.size(); ++n) {
    if (is_copy(n)) {
      if (Defect defect = compare_copy(n)) return defect;
      continue;
    }
    const kernel::Namespace& made = kernel_.namespaces()[simulator_.namespaces()[n]];
    const kernel::MountTable& mounts = kernel_.mounts();
    const MountRef root = mounts[made.root].first_child;
    if (root == nothing)
      return fmt::format("namespace `{}` has no root", layout_.namespaces[n].name);
    seen_ = 1;  // what every namespace of the machine begins with
    if (Defect defect = compare_tree(layout_.namespaces[n].root, root, false)) return defect;
    if (made.mounts != seen_) {
      return fmt::format("{} mounts are left in namespace `{}` that nobody declared",
                         made.mounts - seen_, layout_.namespaces[n].name);
    }
  }
  seen_ = 0;
  return std::nullopt;
}

// What shares or receives the host's mounts gets a guard, or what is to propagate, and no more.
Comparison::Defect Comparison::compare_peers() {
  if (Defect defect = compare_counts_of_copies()) return defect;
  if (world_.peers == kernel::nothing) return std::nullopt;
  for (const kernel::NamespaceRef ns : {world_.peers, world_.slaves}) {
    const uint32_t more = kernel_.namespaces()[ns].mounts - before_.mounts[ns];
    if (more != copies_) {
      return fmt::format("a namespace that shares the host's mounts gets {} mounts, not {}",
                         more, copies_);
    }
  }
  return std::nullopt;
}

}  // namespace mountc
