// compiler/validate/comparison.h - are the mounts that a plan made those that the layout
// declares?
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/layout/layout.h"
#include "compiler/validate/before.h"
#include "compiler/validate/simulator.h"

namespace mountc {

// What the kernel makes of flags when a layout changes some.
uint32_t with_flags(uint32_t before, const Flags& flags);

class Comparison {
 public:
  Comparison(const Layout& layout, const World& world, const Before& before,
             const Simulator& simulator);

  // The first difference, in words.
  std::optional<std::string> difference();

 private:
  using Defect = std::optional<std::string>;

  // comparison.cc: what is in each namespace.
  Defect compare_caller();
  Defect compare_namespaces();
  Defect compare_peers();
  Defect compare_pins();
  kernel::MountRef mounted_at(std::string_view path) const;

  // compare_copy.cc: copies of the caller's namespace.
  Defect compare_copy(NamespaceId n);
  Defect compare_groups_of_copy(NamespaceId n) const;
  Defect compare_counts_of_copies() const;
  Defect find_tree(MountId m, kernel::Path target, kernel::MountRef& found);
  uint32_t received_guards(MountId m) const;
  kernel::Path target_in_copy(MountId m) const;
  kernel::Path through_guards(MountId m, kernel::NamespaceRef ns, kernel::Path target) const;
  bool is_copy(NamespaceId n) const { return n != none && layout_.namespaces[n].root == none; }
  bool sends(MountId m) const;
  bool receives(MountId m) const;

  // compare_tree.cc: what is mounted in a tree.
  Defect compare_tree(MountId top, kernel::MountRef found, bool propagated);
  Defect compare_mount(MountId m, kernel::MountRef found, bool propagated);
  Defect compare_mask(MountId m, kernel::MountRef found);
  Defect compare_children(MountId m, kernel::MountRef found);
  Defect compare_submount(MountId m, kernel::MountRef found);
  Defect compare_cover(MountId m, kernel::MountRef found);
  kernel::Path place(kernel::MountRef parent, std::string_view target) const;
  void see_guests(kernel::MountRef found);

  // compare_mount.cc: what a mount shows, and how.
  Defect compare_root(MountId m, kernel::MountRef found);
  Defect compare_flags(MountId m, kernel::MountRef found);
  bool has_id_map(kernel::MountRef found, uint32_t declared) const;
  Defect compare_ids(MountId m, kernel::MountRef found) const;
  Defect compare_sharing(MountId m, kernel::MountRef found, bool propagated);
  Defect compare_superblock(SuperblockId s, kernel::SuperblockRef found);
  Defect compare_entry(const Entry& entry, const MadeEntry& made, kernel::DentryRef at) const;
  Defect compare_entries(SuperblockId s, kernel::SuperblockRef found);
  // Is `number` that of the declared group? The first member that is met says so.
  bool is_group(GroupId g, kernel::GroupNumber number);
  bool has_master(GroupId master, kernel::MountRef found);
  const Mount& mount(MountId m) const { return layout_.mounts[m]; }
  std::string name(MountId m) const;

  const Layout& layout_;
  const World& world_;
  const kernel::Kernel& kernel_;
  const Before& before_;
  const Simulator& simulator_;
  std::vector<kernel::GroupNumber> numbers_;  // by group; 0: not met yet
  std::unordered_map<kernel::GroupNumber, GroupId> groups_;
  std::vector<kernel::SuperblockRef> superblocks_;  // by superblock; nothing: not met yet
  std::unordered_multimap<kernel::SuperblockRef, const MadeSuperblock*> made_;
  std::vector<std::pair<MountId, kernel::MountRef>> pending_;
  std::vector<bool> claimed_;  // by mount: it is some declared one
  std::unordered_map<kernel::MountRef, uint32_t>
      covers_;                     // siblings that a stack puts on a mount
  uint32_t seen_ = 0;              // mounts of the caller's namespace that were compared
  uint32_t copies_ = 0;            // mounts that peers and slaves of the host have got
  std::vector<uint32_t> guards_;   // by namespace: those that were attached in a copy
  std::vector<uint32_t> in_copy_;  // by namespace: mounts of a copy that were compared
};

}  // namespace mountc
