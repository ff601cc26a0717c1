// compiler/snapshot/properties.cc - in what two mounts differ that are in the same place.
#include "compiler/snapshot/properties.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/layout/super_options.h"
#include "compiler/layout/words.h"
#include "compiler/snapshot/differing_options.h"
#include "compiler/syntax/value.h"
#include "runtime/ops.h"

namespace mountc {
namespace {

namespace bit = plan::bit;

std::string words_of(uint32_t flags) { return flags_in_words(flags, bit::attr_RDONLY); }

std::string root_text(const snapshot::Mount& mount) {
  return (mount.root_internal ? "" : "/") + mount.root +
         (mount.root_removed ? "//deleted" : "");
}

// Which ids are mapped may not be known, but only whether any are.
bool same_ids(const snapshot::Mount& a, const snapshot::Mount& b) {
  const auto same = [](const std::string& x, const std::string& y) {
    return x.empty() || y.empty() || x == y;
  };
  return a.idmapped == b.idmapped && same(a.uids, b.uids) && same(a.gids, b.gids);
}

std::string ids_text(const snapshot::Mount& mount) {
  if (!mount.idmapped) return "none";
  if (mount.uids.empty()) return "mapped";
  return fmt::format("uid={} gid={}", mount.uids, mount.gids);
}

}  // namespace

int level_of(const snapshot::Namespace& ns, uint32_t mount) {
  int level = 1;
  for (uint32_t m = mount; ns.mounts[m].target.empty() && ns.mounts[m].parent != none;
       ++level) {
    m = ns.mounts[m].parent;
  }
  return level;
}

void Properties::differ(std::string_view property, std::string first, std::string second) {
  Difference difference = place_;
  difference.level = level_of(*tree_, mount_);  // stacks can be high
  difference.property = property;
  difference.first = std::move(first);
  difference.second = std::move(second);
  found_->push_back(std::move(difference));
}

void Properties::compare(const snapshot::Namespace& a, uint32_t m, const snapshot::Namespace& b,
                         uint32_t n, std::vector<Difference>& found) {
  const snapshot::Mount& first = a.mounts[m];
  const snapshot::Mount& second = b.mounts[n];
  found_ = &found;
  tree_ = &a;
  mount_ = m;
  place_ = {Difference::Kind::changed, a.name, first.full_target, 1, "", "", "", first.span};
  superblock(first, second);
  const uint32_t known = first.flags_known & second.flags_known;
  if ((first.flags & known) != (second.flags & known)) {
    differ("flags", words_of(first.flags & known), words_of(second.flags & known));
  }
  if (first.idmap_known && second.idmap_known && !same_ids(first, second)) {
    differ("idmap", ids_text(first), ids_text(second));
  }
  if (first.groups_known && second.groups_known) groups(first, second);
}

void Properties::superblock(const snapshot::Mount& a, const snapshot::Mount& b) {
  if (a.superblock == none || b.superblock == none) return;
  const snapshot::Superblock& first = first_.superblocks[a.superblock];
  const snapshot::Superblock& second = second_.superblocks[b.superblock];
  if (!first.type.empty() && !second.type.empty() && first.type != second.type) {
    differ("type", first.type, second.type);
  } else if (first.is_here) {
    if (first.device != second.device) differ("filesystem", first.device, second.device);
  } else if (!pair_superblocks(a.superblock, b.superblock)) {
    differ("filesystem", what(a, true), what(b, false) + ", another one than elsewhere");
  } else {
    if (options_met_.emplace(a.superblock, b.superblock).second) options(first, second);
  }
  if (a.root_known && b.root_known && root_text(a) != root_text(b)) {
    differ("root", root_text(a), root_text(b));
  }
}

// Two that a layout declares may turn out to be one, unless their type makes new ones.
bool Properties::pair_superblocks(uint32_t first, uint32_t second) {
  const auto may_be_shared = [](const snapshot::Superblock& superblock) {
    return superblock.device.empty() && !makes_instance(superblock.type);
  };
  const bool first_may = may_be_shared(first_.superblocks[first]);
  const bool second_may = may_be_shared(second_.superblocks[second]);
  if (first_may && second_may) return true;
  if (first_may) return superblocks_.pair_loosely(first, second);
  if (second_may) return inverse_.pair_loosely(second, first);
  return superblocks_.pair(first, second);
}

void Properties::options(const snapshot::Superblock& a, const snapshot::Superblock& b) {
  const auto [first, second] = differing_options(a, b);
  if (!first.empty() || !second.empty()) differ("options", first, second);
}

void Properties::groups(const snapshot::Mount& a, const snapshot::Mount& b) {
  const auto pair = [this](std::string_view property, uint32_t first, uint32_t second) {
    if (first == 0 && second == 0) return;
    const bool same = first != 0 && second != 0 && groups_.pair(first, second);
    if (!same) {
      std::string other = group_name(second, false);
      if (first != 0 && second != 0) other += ", another one than elsewhere";
      differ(property, group_name(first, true), other);
    }
  };
  pair("group", a.group, b.group);
  if (a.master_known && b.master_known) pair("master", a.master, b.master);
  if (a.unbindable != b.unbindable) {
    differ("unbindable", a.unbindable ? "yes" : "no", b.unbindable ? "yes" : "no");
  }
}

std::string Properties::group_name(uint32_t group, bool of_first) const {
  if (group == 0) return "none";
  const auto& names = of_first ? first_.group_names : second_.group_names;
  const auto named = names.find(group);
  return named != names.end() ? named->second : fmt::format("peer group {}", group);
}

bool Properties::same(const snapshot::Mount& a, const snapshot::Mount& b) const {
  if (a.superblock == none || b.superblock == none) return false;
  const uint32_t known = a.flags_known & b.flags_known;
  const auto& first = first_.superblocks[a.superblock];
  const auto& second = second_.superblocks[b.superblock];
  const bool one = first.is_here ? first.device == second.device
                                 : superblocks_.could_pair(a.superblock, b.superblock);
  return first.type == second.type && one && root_text(a) == root_text(b) &&
         (a.flags & known) == (b.flags & known) && same_ids(a, b) &&
         (a.group == 0) == (b.group == 0) && (a.master == 0) == (b.master == 0);
}

std::string Properties::looks(const snapshot::Mount& mount, bool of_first) const {
  if (mount.superblock == none) return "";
  const auto& superblocks = (of_first ? first_ : second_).superblocks;
  return superblocks[mount.superblock].type + " " + root_text(mount);
}

std::string Properties::what(const snapshot::Mount& mount, bool of_first) const {
  if (mount.superblock == none) return "bind";
  const auto& superblock = (of_first ? first_ : second_).superblocks[mount.superblock];
  const std::string id = superblock.device.empty() ? superblock.name : superblock.device;
  const std::string inside = mount.root.empty() ? "" : " at " + quote(root_text(mount));
  return superblock.type + (id == superblock.type ? "" : " " + id) + inside;
}

}  // namespace mountc
