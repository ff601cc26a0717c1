// compiler/import/nesting.cc - which mounts the flat form would put under a wrong parent.
//
// A flat target belongs to the longest declared target above it and to the topmost mount there
// (compiler/layout/forest.cc). That is the kernel's tree unless something is hidden: what is,
// is written in the block of its true parent.
#include "compiler/import/nesting.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "compiler/layout/paths.h"

namespace mountc {
namespace {

class Nester {
 public:
  explicit Nester(const snapshot::Namespace& ns) : ns_(ns) {
    nesting_.in_block.resize(ns.mounts.size());
    last_.reserve(ns.mounts.size());
  }

  // What is put into a block is written earlier, so others may be topmost then: until no mount
  // lies in a wrong one. None leaves a block, so that is reached.
  Nesting nest() {
    do {
      put_in_order();
    } while (find_misplaced());
    return std::move(nesting_);
  }

 private:
  void put_in_order() {
    nesting_.order.clear();
    nesting_.order.reserve(ns_.mounts.size());
    std::vector<uint32_t> pending(ns_.tops.rbegin(), ns_.tops.rend());
    while (!pending.empty()) {
      const size_t begin = nesting_.order.size();
      add_with_block(pending.back());
      pending.pop_back();
      for (size_t at = nesting_.order.size(); at-- > begin;) {
        push_children(nesting_.order[at], false, pending);
      }
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

  bool find_misplaced() {
    is_last_.assign(ns_.mounts.size(), true);
    last_.clear();
    for (uint32_t m : nesting_.order) {
      const auto [found, fresh] = last_.try_emplace(ns_.mounts[m].full_target, m);
      if (!fresh) is_last_[std::exchange(found->second, m)] = false;
    }
    bool found = false;
    for (uint32_t m : nesting_.order) {
      if (nesting_.in_block[m] || ns_.mounts[m].parent == none || is_found(m)) continue;
      nesting_.in_block[m] = found = true;
    }
    return found;
  }

  // Does its whole target lead to its parent? What covers a mount says `over`.
  bool is_found(uint32_t m) const {
    const snapshot::Mount& mount = ns_.mounts[m];
    // What lies in a block has its own children there: they are hidden with it.
    if (nesting_.in_block[mount.parent]) return false;
    if (mount.target.empty()) return true;
    if (!is_last_[mount.parent]) return false;
    // Nothing between the two may have a target.
    const std::string& parent = ns_.mounts[mount.parent].full_target;
    std::string_view above = parent_of(mount.full_target);
    for (; above.size() > parent.size(); above = parent_of(above)) {
      if (last_.contains(above)) return false;
    }
    return true;
  }

  const snapshot::Namespace& ns_;
  Nesting nesting_;
  std::unordered_map<std::string_view, uint32_t> last_;  // by target: the last one written
  std::vector<bool> is_last_;                            // by mount
};

}  // namespace

Nesting nesting_of(const snapshot::Namespace& ns) { return Nester(ns).nest(); }

}  // namespace mountc
