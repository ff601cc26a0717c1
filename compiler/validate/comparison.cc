// compiler/validate/comparison.cc - are the mounts that a plan made those that the layout
// declares?
#include "compiler/validate/comparison.h"

#include <fmt/format.h>

namespace mountc {

using kernel::DentryRef;
using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

Before look_before(World& world, const Layout& layout) {
  Before before;
  before.targets.resize(layout.mounts.size());
  before.covers.resize(layout.mounts.size(), nothing);
  before.sources.resize(layout.mounts.size());
  before.groups.resize(layout.groups.size(), nothing);
  before.ways.resize(layout.mounts.size());
  const kernel::MountTable& mounts = world.kernel.mounts();
  const auto look = [&](const std::string& path, Path& found, const std::string& in = {}) {
    const kernel::Task task = world.task_in(in);
    (void)world.kernel.look_up(task, task.root, path, found);
  };
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (layout.is_topmost(m)) look(mount.target, before.targets[m]);
    if (layout.is_topmost(m) && mount.ns != none) {
      for (MountRef each = before.targets[m].mount; mounts[each].parent != nothing;
           each = mounts[each].parent) {
        before.ways[m].insert(before.ways[m].begin(), mounts[each].mountpoint);
      }
    }
    if (mount.beneath) {
      before.covers[m] = before.targets[m].mount;
      const kernel::Mount& cover = world.kernel.mounts()[before.covers[m]];
      before.targets[m] = {cover.parent, cover.mountpoint};
    }
    if (mount.root.superblock == none && !mount.is_mask)
      look(mount.root.path, before.sources[m], mount.root.in);
  }
  before.id_maps.resize(layout.idmaps.size());
  for (size_t i = 0; i < layout.idmaps.size(); ++i) {
    if (!layout.idmaps[i].ns.empty()) look(layout.idmaps[i].ns, before.id_maps[i]);
  }
  for (GroupId g = 0; g < layout.groups.size(); ++g) {
    Path found;
    if (!layout.groups[g].peers_of) continue;
    look(*layout.groups[g].peers_of, found, layout.groups[g].peers_in);
    before.groups[g] = found.mount;
  }
  for (const kernel::Namespace& ns : world.kernel.namespaces())
    before.mounts.push_back(ns.mounts);
  return before;
}

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

// Those below a mount that the host has put there: nobody declared them, nor should have.
void Comparison::see_guests(MountRef found) {
  const kernel::MountTable& mounts = kernel_.mounts();
  for (MountRef c = mounts[found].first_child; c != nothing; c = mounts[c].next_sibling) {
    if (claimed_[c]) continue;  // declared, or what a stack has put there
    for (MountRef each = c; each != nothing; each = mounts.next(each, c)) ++seen_;
  }
}

// A recursive bind brings along what the host has there: one such mount is looked at.
Comparison::Defect Comparison::compare_submount(MountId m, MountRef found) {
  const kernel::MountTable& mounts = kernel_.mounts();
  see_guests(found);
  const kernel::Path source = before_.sources[m];
  const DentryRef at = kernel_.dentries().known(source.dentry, submount);
  if (at == nothing || mounts.lookup(source.mount, at) == nothing) return std::nullopt;
  const MountRef below = mounts.lookup(found, at);
  if (below == nothing) return fmt::format("{} leaves the mounts below behind", name(m));
  const kernel::Mount& made = mounts[below];
  if (made.attributes != with_flags(world_.host_attributes, mount(m).flags_below)) {
    return fmt::format("what comes along with {} has the flags {:#x}", name(m),
                       made.attributes);
  }
  if (!has_id_map(below, mount(m).idmap_recursive ? mount(m).idmap : none)) {
    return fmt::format("what comes along with {} has another id map", name(m));
  }
  if (!mount(m).keeps_groups() && !mount(m).propagate && (made.shared || made.master != nothing)) {
    return fmt::format("what comes along with {} is not private", name(m));
  }
  return std::nullopt;
}

// What was at the target is on top of the tree now.
Comparison::Defect Comparison::compare_cover(MountId m, MountRef found) {
  const kernel::MountTable& mounts = kernel_.mounts();
  for (MountRef below = found; below != nothing;) {
    const MountRef above = mounts.lookup(below, mounts[below].root);
    if (above != before_.covers[m]) {
      below = above;
      continue;
    }
    ++covers_[below];
    claimed_[above] = true;
    return std::nullopt;
  }
  return fmt::format("{} is not beneath what was at its target", name(m));
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
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin)
      at.dentry = kernel_.dentries().known(at.dentry, path.substr(begin, end - begin));
    if (at.dentry == nothing) return nothing;
    at = kernel_.mounts().topmost(at);
    begin = end + 1;
  }
  return kernel_.is_root(at) ? at.mount : nothing;
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

Comparison::Defect Comparison::compare_tree(MountId top, MountRef found, bool propagated) {
  pending_.assign(1, {top, found});
  while (!pending_.empty()) {
    const auto [m, ref] = pending_.back();
    pending_.pop_back();
    ++seen_;
    Defect defect = mount(m).is_mask ? compare_mask(m, ref) : compare_mount(m, ref, propagated);
    if (defect) return defect;
  }
  return std::nullopt;
}

Comparison::Defect Comparison::compare_mount(MountId m, MountRef found, bool propagated) {
  if (Defect defect = compare_root(m, found)) return defect;
  if (Defect defect = compare_flags(m, found)) return defect;
  if (Defect defect = compare_ids(m, found)) return defect;
  if (Defect defect = compare_sharing(m, found, propagated)) return defect;
  return compare_children(m, found);
}

Comparison::Defect Comparison::compare_mask(MountId m, MountRef found) {
  const kernel::Mount& cover = kernel_.mounts()[found];
  const auto& superblock =
      kernel_.dentries().superblock(kernel_.dentries()[cover.root].superblock);
  const bool file = kernel_.dentries().path(cover.root) == "/dev/null";
  const bool directory =
      superblock.type == "tmpfs" && (cover.attributes & plan::bit::attr_RDONLY);
  if ((file || directory) && !cover.shared && cover.master == nothing &&
      cover.first_child == nothing) {
    return std::nullopt;
  }
  return fmt::format("{} is not hidden by something empty", name(m));
}

// Where the text of a target leads from a mount's root; nothing when it was never looked up.
Path Comparison::place(MountRef parent, std::string_view target) const {
  Path at{parent, kernel_.mounts()[parent].root};
  for (size_t begin = 0; begin < target.size() && at.dentry != nothing;) {
    const size_t end = std::min(target.find('/', begin), target.size());
    if (end > begin) {
      at.dentry = kernel_.dentries().known(at.dentry, target.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return at;
}

// Each declared child is at its place, in the order of the stack, and nothing else is.
Comparison::Defect Comparison::compare_children(MountId m, MountRef found) {
  const kernel::MountTable& mounts = kernel_.mounts();
  uint32_t children = 0;
  if (const auto covers = covers_.find(found); covers != covers_.end())
    children = covers->second;
  for (MountId child : mount(m).children) {
    const Path at = place(found, mount(child).target);
    MountRef below = found, ref = nothing;
    if (at.dentry != nothing) ref = mounts.lookup(found, at.dentry);
    while (ref != nothing && claimed_[ref]) {
      below = ref;
      ref = mounts.lookup(ref, mounts[ref].root);
    }
    if (ref == nothing) {
      const bool may_miss = mount(child).optional || mount(child).is_mask;
      if (may_miss && world_.scenario == Scenario::nothing_there) continue;
      return fmt::format("{} is not mounted", name(child));
    }
    claimed_[ref] = true;
    ++(below == found ? children : covers_[below]);
    pending_.emplace_back(child, ref);
  }
  if (mount(m).source.kind == SourceKind::rbind) return compare_submount(m, found);
  if (mount(m).keeps_groups()) {  // what is published below its source shows below it, too
    see_guests(found);
    return std::nullopt;
  }
  for (MountRef c = mounts[found].first_child; c != nothing; c = mounts[c].next_sibling) {
    if (children-- == 0)
      return fmt::format("something that nobody declared is mounted in {}", name(m));
  }
  return std::nullopt;
}

}  // namespace mountc
