// compiler/snapshot/compare.cc - in what two snapshots differ.
#include "compiler/snapshot/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "compiler/layout/paths.h"
#include "compiler/snapshot/guests.h"
#include "compiler/snapshot/lookup.h"
#include "compiler/snapshot/namespace_pairs.h"
#include "compiler/snapshot/pairing.h"
#include "compiler/snapshot/properties.h"
#include "compiler/snapshot/stacks.h"
#include "compiler/snapshot/unpaired.h"

namespace mountc {
namespace {

using snapshot::Snapshot;
using Tree = snapshot::Namespace;
using Node = snapshot::Mount;
using Kind = Difference::Kind;

class Comparison {
 public:
  Comparison(const Snapshot& first, const Snapshot& second)
      : first_(first), second_(second), properties_(first, second) {}

  std::vector<Difference> compare() {
    for (const auto& [a, b] : namespace_pairs(first_, second_)) {
      if (!b) whole(*a, Kind::missing);
      if (!a) whole(*b, Kind::extra);
      if (!a || !b) continue;
      of_first_ = a;
      trees(*a, *b);
    }
    find_moved();
    tell_unpaired(missing_, Kind::missing, properties_, found_);
    tell_unpaired(extra_, Kind::extra, properties_, found_);
    return std::move(found_);
  }

 private:
  // A namespace that the other side has not.
  void whole(const Tree& tree, Kind kind) {
    const size_t count = tree.mounts.size();
    found_.push_back({kind,
                      tree.name,
                      "",
                      1,
                      "",
                      fmt::format("a namespace of {} mount{}", count, count == 1 ? "" : "s"),
                      "",
                      {}});
  }

  void trees(const Tree& a, const Tree& b) {
    if (a.partial || b.partial) {
      partial_trees(a, b);
      return;
    }
    const std::vector<uint32_t> roots_of_a = stack_on_root(a), roots_of_b = stack_on_root(b);
    const size_t height = std::min(roots_of_a.size(), roots_of_b.size());
    const bool a_is_more = roots_of_a.size() > height && b.out_of_reach > 0;
    const bool b_is_more = roots_of_b.size() > height && a.out_of_reach > 0;
    if (height > 0 && (a_is_more || b_is_more)) {
      node(a, roots_of_a[roots_of_a.size() - height], b,
           roots_of_b[roots_of_b.size() - height]);
    } else {
      children(a, a.tops, b, b.tops, false, false);
    }
  }

  // Only what is at or below the topmost mounts of the side that is silent about the rest.
  void partial_trees(const Tree& a, const Tree& b) {
    const Tree& narrow = a.partial ? a : b;
    const Tree& wide = a.partial ? b : a;
    const snapshot::Lookup lookup(wide);
    for (uint32_t top : narrow.tops) {
      // A stack is compared with as many of the uppermost mounts as it has.
      size_t height = height_of(narrow, top);
      uint32_t there = lookup.at(narrow.mounts[top].full_target);
      if (narrow.mounts[top].beneath) there = below_cover(narrow, top, wide, there);
      for (; height > 1 && there != none && wide.mounts[there].target.empty(); --height) {
        there = wide.mounts[there].parent;
      }
      if (there == none) {
        if (narrow.mounts[top].may_be_missing) continue;
        loose(narrow, top, wide, a.partial ? missing_ : extra_);
      } else {
        node(a, a.partial ? top : there, b, a.partial ? there : top);
      }
    }
    if (a.partial && b.partial) more_of(b, a);
  }

  // Of two that are silent about the rest, what only the second one mounts.
  void more_of(const Tree& b, const Tree& a) {
    const snapshot::Lookup lookup(a);
    for (uint32_t top : b.tops) {
      const Node& mount = b.mounts[top];
      if (!mount.may_be_missing && lookup.at(mount.full_target) == none)
        loose(b, top, a, extra_);
    }
  }

  // What went beneath a mount of the machine lies under it until that one is unmounted. Of the
  // two ours is the one that differs less from what is declared.
  uint32_t below_cover(const Tree& narrow, uint32_t top, const Tree& wide, uint32_t there) {
    const bool covered =
        there != none && wide.mounts[there].parent != none && wide.mounts[there].target.empty();
    if (!covered) return there;
    const uint32_t below = wide.mounts[there].parent;
    const Node* const cover = &wide.mounts[there];
    const size_t wrong = differences(narrow, top, wide, there, nullptr);
    if (wrong < differences(narrow, top, wide, below, cover)) return there;
    covers_.insert(cover);
    return below;
  }

  // How many there are between the trees from these two mounts on, `cover` left out.
  size_t differences(const Tree& narrow, uint32_t top, const Tree& wide, uint32_t there,
                     const Node* cover) const {
    Comparison trial = *this;
    trial.found_.clear();
    trial.missing_.clear();
    trial.extra_.clear();
    if (cover) trial.covers_.insert(cover);
    const bool first = &narrow == of_first_;
    trial.node(first ? narrow : wide, first ? top : there, first ? wide : narrow,
               first ? there : top);
    return trial.found_.size() + trial.missing_.size() + trial.extra_.size();
  }

  void loose(const Tree& tree, uint32_t m, const Tree& other, std::vector<Unpaired>& list) {
    list.push_back({&tree, m, &list == &missing_ ? tree.name : other.name, &other});
  }

  void children(const Tree& a, const std::vector<uint32_t>& of_a, const Tree& b,
                const std::vector<uint32_t>& of_b, bool a_may_have_more, bool b_may_have_more) {
    std::unordered_map<std::string_view, uint32_t> targets;
    for (uint32_t m : of_b) targets[b.mounts[m].target] = m;
    for (uint32_t m : of_a) {
      const auto found = targets.find(a.mounts[m].target);
      if (found == targets.end()) {
        if (covers_.contains(&a.mounts[m])) continue;
        if (!a.mounts[m].may_be_missing && !b_may_have_more) loose(a, m, b, missing_);
        continue;
      }
      pending_.emplace_back(m, found->second);
      targets.erase(found);
    }
    const bool outermost = walking_;
    if (!a_may_have_more) {
      for (uint32_t m : of_b) {
        const auto left = targets.find(b.mounts[m].target);
        if (covers_.contains(&b.mounts[m])) continue;
        if (left != targets.end() && !b.mounts[m].may_be_missing) loose(b, m, a, extra_);
      }
    }
    if (!outermost) walk(a, b);
  }

  // What is declared below an `rbind` against all that is there.
  void below_rbind(const Tree& declared, uint32_t m, const Tree& shown, uint32_t n,
                   bool first) {
    for (const auto& [child, there] : guests(declared, m, shown, n, covers_)) {
      if (there != none) {
        pending_.emplace_back(first ? child : there, first ? there : child);
      } else if (!declared.mounts[child].may_be_missing) {
        loose(declared, child, shown, first ? missing_ : extra_);
      }
    }
  }

  void node(const Tree& a, uint32_t m, const Tree& b, uint32_t n) {
    pending_.emplace_back(m, n);
    walk(a, b);
  }

  // Trees can be deep, so this is a loop.
  void walk(const Tree& a, const Tree& b) {
    walking_ = true;
    for (size_t at = 0; at < pending_.size(); ++at) {
      const auto [m, n] = pending_[at];
      properties_.compare(a, m, b, n, found_);
      const bool a_has_more = a.mounts[m].may_have_more, b_has_more = b.mounts[n].may_have_more;
      if (a_has_more != b_has_more) {
        a_has_more ? below_rbind(a, m, b, n, true) : below_rbind(b, n, a, m, false);
      } else {
        children(a, a.mounts[m].children, b, b.mounts[n].children, a_has_more, b_has_more);
      }
    }
    pending_.clear();
    walking_ = false;
  }

  // What is missing in one place and too much in another one, and is the same.
  void find_moved() {
    // What differs below them is added to the lists, and is not looked at again.
    const size_t missing = missing_.size();
    std::unordered_map<std::string, std::vector<size_t>> alike;
    for (size_t n = 0; n < extra_.size(); ++n) {
      alike[properties_.looks(extra_[n].tree->mounts[extra_[n].mount], false)].push_back(n);
    }
    for (size_t m = 0; m < missing; ++m) {
      const Unpaired here = missing_[m];
      const Node& node_here = here.tree->mounts[here.mount];
      for (const size_t n : alike[properties_.looks(node_here, true)]) {
        if (missing_[m].moved) break;
        const Unpaired there = extra_[n];
        if (there.moved || there.tree != here.other) continue;
        if (!properties_.same(node_here, there.tree->mounts[there.mount])) continue;
        missing_[m].moved = extra_[n].moved = true;
        found_.push_back({Kind::moved, here.ns, node_here.full_target,
                          level_of(*here.tree, here.mount), "", node_here.full_target,
                          there.tree->mounts[there.mount].full_target, node_here.span});
        node(*here.tree, here.mount, *there.tree, there.mount);
      }
    }
  }

  const Snapshot& first_;
  const Snapshot& second_;
  Properties properties_;
  const Tree* of_first_ = nullptr;  // the namespace that is compared
  std::set<const Node*> covers_;    // mounts of the machine that lie on what went beneath them
  std::vector<std::pair<uint32_t, uint32_t>> pending_;
  bool walking_ = false;
  std::vector<Unpaired> missing_, extra_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> compare(const Snapshot& first, const Snapshot& second) {
  return Comparison(first, second).compare();
}

}  // namespace mountc
