// compiler/validate/compare_tree.cc - each declared mount of a tree is at its place, and
// nothing else is.
#include <fmt/format.h>

#include "compiler/layout/paths.h"
#include "compiler/validate/comparison.h"

namespace mountc {

using kernel::DentryRef;
using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

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
  for_components(target, [&](std::string_view name) {
    at.dentry = kernel_.dentries().known(at.dentry, name);
  });
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
  if (!mount(m).keeps_groups() && !mount(m).propagate &&
      (made.shared || made.master != nothing)) {
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

}  // namespace mountc
