// compiler/validate/compare_copy.cc - copies of the caller's namespace: the declared trees are at
// their targets, and what was there has the groups that the copy is to have.
#include <fmt/format.h>

#include "compiler/validate/comparison.h"

namespace mountc {

using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

// Its guard is attached under what the host's mounts may share.
bool Comparison::sends(MountId m) const {
  const NamespaceId n = mount(m).ns;
  return !mount(m).propagate && (n == none || layout_.namespaces[n].copy == Copy::inherit);
}

bool Comparison::receives(MountId m) const {
  const NamespaceId n = mount(m).ns;
  return n == none || layout_.namespaces[n].copy != Copy::private_;
}

// Those of other namespaces at the same target, which lie below the tree then. The private guard
// of a copy that keeps its groups, once it is there, gets no later one.
uint32_t Comparison::received_guards(MountId m) const {
  uint32_t guards = 0;
  for (MountId other = 0; other < layout_.mounts.size(); ++other) {
    const bool same = layout_.is_topmost(other) && mount(other).ns != mount(m).ns &&
                      mount(other).target == mount(m).target && !mount(other).is_mask;
    // Copies are filled in their order, the caller's namespace (none, the largest) last.
    const bool later = mount(other).ns > mount(m).ns;
    if (same && sends(other) && receives(m) && !(later && sends(m))) ++guards;
  }
  return guards;
}

// What is mounted at the target, after the guards that other namespaces have sent; nothing where an
// optional tree is missing.
Comparison::Defect Comparison::find_tree(MountId m, Path target, MountRef& found) {
  const kernel::MountTable& mounts = kernel_.mounts();
  found = mounts.lookup(target.mount, target.dentry);
  const bool shares = mounts[target.mount].shared || mounts[target.mount].master != nothing;
  for (uint32_t guards = shares ? received_guards(m) : 0; guards > 0 && found != nothing;
       --guards) {
    if (mounts[found].root != target.dentry) break;
    found = mounts.lookup(found, mounts[found].root);
  }
  if (found != nothing || (mount(m).optional && world_.scenario == Scenario::nothing_there)) {
    return std::nullopt;
  }
  return fmt::format("{} is not mounted", name(m));
}

// The copy of the mount that the target lies on in the caller's namespace; or a guard that another
// namespace has sent, which shows the same directory.
Path Comparison::target_in_copy(MountId m) const {
  const kernel::NamespaceRef made = simulator_.namespaces()[mount(m).ns];
  MountRef at = kernel_.namespaces()[made].root;
  for (const kernel::DentryRef mountpoint : before_.ways[m]) {
    if (at != nothing) at = kernel_.mounts().lookup(at, mountpoint);
  }
  return through_guards(m, made, {at, before_.targets[m].dentry});
}

Path Comparison::through_guards(MountId m, kernel::NamespaceRef ns, Path target) const {
  const kernel::MountTable& mounts = kernel_.mounts();
  const bool is_there = target.mount == nothing || !receives(m) ||
                        mounts.lookup(target.mount, target.dentry) != nothing;
  for (MountRef each = 0; !is_there && each < mounts.size(); ++each) {
    if (mounts[each].ns != ns || mounts.lookup(each, target.dentry) == nothing) continue;
    return {each, target.dentry};
  }
  return target;
}

Comparison::Defect Comparison::compare_copy(NamespaceId n) {
  const kernel::MountTable& mounts = kernel_.mounts();
  seen_ = 0;
  for (MountId m = 0; m < layout_.mounts.size(); ++m) {
    if (!layout_.is_topmost(m) || mount(m).is_mask || mount(m).ns != n) continue;
    const Path target = target_in_copy(m);
    if (target.mount == nothing) return fmt::format("what {} lies on is not copied", name(m));
    MountRef found = nothing;
    if (Defect defect = find_tree(m, target, found)) return defect;
    if (found == nothing) continue;
    if (mounts[target.mount].shared) {
      const kernel::Mount& guard = mounts[found];
      if (guard.root != target.dentry || guard.shared || guard.master != nothing) {
        return fmt::format("{} has no private guard below it", name(m));
      }
      ++seen_, ++copies_, ++guards_[n];
      found = mounts.lookup(found, guard.root);
      if (found == nothing) return fmt::format("{} is not mounted on its guard", name(m));
    }
    if (Defect defect = compare_tree(m, found, false)) return defect;
  }
  in_copy_[n] = seen_;
  return compare_groups_of_copy(n);
}

// Of the mount that is the host's root the copy tells for all.
Comparison::Defect Comparison::compare_groups_of_copy(NamespaceId n) const {
  const kernel::MountTable& mounts = kernel_.mounts();
  const MountRef base = kernel_.namespaces()[world_.task.ns].root;
  const MountRef copy = kernel_.namespaces()[simulator_.namespaces()[n]].root;
  const auto& original = mounts[mounts.lookup(base, mounts[base].root)];
  const auto& root = mounts[mounts.lookup(copy, mounts[copy].root)];
  bool right = !root.shared && root.master == nothing;
  if (layout_.namespaces[n].copy == Copy::slave && original.shared) {
    right = !root.shared && root.master != nothing;
  } else if (layout_.namespaces[n].copy == Copy::inherit) {
    right = root.shared == original.shared && root.group == original.group;
  }
  if (right) return std::nullopt;
  return fmt::format("the mounts of namespace `{}` have other groups", layout_.namespaces[n].name);
}

// Beside its own trees a copy has what the caller's namespace had, and what it has received.
Comparison::Defect Comparison::compare_counts_of_copies() const {
  for (NamespaceId n = 0; n < layout_.namespaces.size(); ++n) {
    if (!is_copy(n)) continue;
    const bool gets = layout_.namespaces[n].copy != Copy::private_ && world_.peers != nothing;
    const uint32_t received = gets ? copies_ - guards_[n] : 0;
    const uint32_t most = before_.mounts[world_.task.ns] + in_copy_[n] + received;
    const uint32_t count = kernel_.namespaces()[simulator_.namespaces()[n]].mounts;
    if (count <= most && count >= most - received) continue;
    return fmt::format("namespace `{}` has {} mounts, not {}", layout_.namespaces[n].name, count,
                       most);
  }
  return std::nullopt;
}

}  // namespace mountc
