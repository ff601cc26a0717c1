// compiler/layout/guests.cc - where the mounts are that a layout attaches below an `rbind`,
// among those that it brings along.
//
// The layout knows one mount, with its own below it. The kernel shows a tree: what is attached
// at a path lies on the topmost mount that the path leads to, which may be one that came along
// (Linux fs/namespace.c do_lock_mount()), or cover it.
#include "compiler/layout/guests.h"

#include <algorithm>
#include <string_view>

#include "compiler/layout/paths.h"
#include "compiler/layout/stacks.h"

namespace mountc {
namespace {

using Node = snapshot::Mount;
using Tree = snapshot::Namespace;

// The topmost mount at a path from the root of mount `from`, covers before what they hide.
uint32_t topmost(const Tree& ns, uint32_t from, std::string_view path,
                 const std::set<const Node*>& passed) {
  struct Step {
    uint32_t mount;
    std::string_view rest;
  };
  std::vector<Step> pending = {{from, path}};
  while (!pending.empty()) {
    const auto [m, rest] = pending.back();
    pending.pop_back();
    bool covered = false;
    for (uint32_t child : ns.mounts[m].children) {  // what covers it comes last: is next
      const std::string_view target = ns.mounts[child].target;
      if (passed.contains(&ns.mounts[child])) continue;
      if (target.empty()) {
        covered = true;
        pending.push_back({child, rest});
      } else if (is_within(rest, target)) {
        pending.push_back({child, rest_below(rest, target)});
      }
    }
    if (rest.empty() && !covered && m != from) return m;
  }
  return none;
}

}  // namespace

std::vector<std::pair<uint32_t, uint32_t>> guests(const Tree& declared, uint32_t rbind,
                                                  const Tree& shown, uint32_t there,
                                                  std::set<const Node*> passed) {
  std::vector<std::pair<uint32_t, uint32_t>> found;
  const auto& children = declared.mounts[rbind].children;
  // The last one first: it may hide others, which were attached before it.
  for (size_t c = children.size(); c-- > 0;) {
    uint32_t at = topmost(shown, there, declared.mounts[children[c]].target, passed);
    // Of a stack the uppermost are the layout's.
    for (size_t height = height_of(declared, children[c]);
         height > 1 && at != none && shown.mounts[at].target.empty() &&
         shown.mounts[at].parent != there;
         --height) {
      at = shown.mounts[at].parent;
    }
    if (at != none) passed.insert(&shown.mounts[at]);
    found.emplace_back(children[c], at);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace mountc
