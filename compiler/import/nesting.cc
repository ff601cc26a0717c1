// compiler/import/nesting.cc - which mounts the flat form would put under a wrong parent.
//
// A flat target belongs to the longest declared target above it and to the topmost mount there
// (compiler/layout/forest.cc). That is the kernel's tree unless something is hidden: what is,
// is written in the block of its true parent, and so is what a hidden target stands in the way
// of.
#include "compiler/import/nesting.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "compiler/layout/paths.h"
#include "compiler/snapshot/lookup.h"

namespace mountc {
namespace {

class Nester {
 public:
  explicit Nester(const snapshot::Namespace& ns) : ns_(ns) {
    nesting_.in_block.resize(ns.mounts.size());
  }

  Nesting nest() {
    const std::vector<uint32_t> order = snapshot::parents_first(ns_);
    for (uint32_t m : order) {
      if (!is_hidden(ns_.mounts[m])) continue;
      nesting_.in_block[m] = true;
      hidden_.insert(ns_.mounts[m].full_target);
    }
    for (uint32_t m : order) {
      if (!hidden_.empty() && !is_found(ns_.mounts[m])) nesting_.in_block[m] = true;
    }
    put_in_order();
    return std::move(nesting_);
  }

 private:
  // No path leads to it. What lies in what is hidden is hidden, too.
  bool is_hidden(const snapshot::Mount& mount) {
    if (mount.parent == none) return false;
    const auto& siblings = ns_.mounts[mount.parent].children;
    const bool covered = ns_.mounts[siblings.back()].target.empty() && !mount.target.empty();
    return nesting_.in_block[mount.parent] || covered || is_below_sibling(mount);
  }

  bool is_below_sibling(const snapshot::Mount& mount) {
    const std::string_view target = mount.target;
    for (size_t at = target.find('/'); at != target.npos; at = target.find('/', at + 1)) {
      if (!lookup_) lookup_.emplace(ns_);
      if (lookup_->child(mount.parent, target.substr(0, at)) != none) return true;
    }
    return false;
  }

  // Does its whole target lead to its parent? What covers a mount says `over`.
  bool is_found(const snapshot::Mount& mount) const {
    if (mount.parent == none) return true;
    if (nesting_.in_block[mount.parent]) return false;
    if (mount.target.empty()) return true;
    const std::string& parent = ns_.mounts[mount.parent].full_target;
    std::string_view above = mount.full_target;
    do {
      above = parent_of(above);
      if (hidden_.contains(above)) return false;
    } while (above.size() > parent.size());
    return true;
  }

  void put_in_order() {
    nesting_.order.reserve(ns_.mounts.size());
    std::vector<uint32_t> pending(ns_.tops.rbegin(), ns_.tops.rend());
    while (!pending.empty()) {
      const uint32_t top = pending.back();
      pending.pop_back();
      add_with_block(top);
      push_children(top, false, pending);
    }
  }

  void add_with_block(uint32_t top) {
    std::vector<uint32_t> pending = {top};
    while (!pending.empty()) {
      const uint32_t m = pending.back();
      pending.pop_back();
      nesting_.order.push_back(m);
      push_children(m, true, pending);
    }
  }

  // The first one last.
  void push_children(uint32_t m, bool in_block, std::vector<uint32_t>& to) const {
    const auto& children = ns_.mounts[m].children;
    for (auto c = children.rbegin(); c != children.rend(); ++c) {
      if (nesting_.in_block[*c] == in_block) to.push_back(*c);
    }
  }

  const snapshot::Namespace& ns_;
  Nesting nesting_;
  std::optional<snapshot::Lookup> lookup_;
  std::unordered_set<std::string_view> hidden_;  // targets
};

}  // namespace

Nesting nesting_of(const snapshot::Namespace& ns) { return Nester(ns).nest(); }

}  // namespace mountc
