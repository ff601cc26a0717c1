// compiler/snapshot/guests.cc - where the mounts are that a layout attaches below an `rbind`,
// among those that it brings along.
//
// The layout knows one mount, with its own below it. The kernel shows a tree: what is attached
// at a path lies on the topmost mount that the path leads to, which may be one that came along
// (Linux fs/namespace.c do_lock_mount()), or cover it.
#include "compiler/snapshot/guests.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "compiler/layout/paths.h"
#include "compiler/snapshot/stacks.h"

namespace mountc {
namespace {

using Node = snapshot::Mount;
using Tree = snapshot::Namespace;

// The mounts of a namespace by their places, for many may lie in one.
class Places {
 public:
  explicit Places(const Tree& ns) : ns_(ns) {
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const auto& children = ns.mounts[m].children;
      for (uint32_t c = 0; c < children.size(); ++c) {
        children_[{m, ns.mounts[children[c]].target}].push_back(c);
      }
    }
  }

  // The children of m that lie on the way along `path`, in their order.
  std::vector<uint32_t> on_the_way(uint32_t m, std::string_view path) const {
    std::vector<uint32_t> found;
    const auto add = [&](std::string_view target) {
      const auto here = children_.find({m, target});
      if (here == children_.end()) return;
      found.insert(found.end(), here->second.begin(), here->second.end());
    };
    add("");
    for (size_t at = 0; !path.empty() && at != path.npos;) {
      at = path.find('/', at + 1);
      add(path.substr(0, at));
    }
    std::ranges::sort(found);
    for (uint32_t& child : found) child = ns_.mounts[m].children[child];
    return found;
  }

 private:
  const Tree& ns_;
  std::map<std::pair<uint32_t, std::string_view>, std::vector<uint32_t>> children_;
};

// The topmost mount at a path from the root of mount `from`, covers before what they hide.
uint32_t topmost(const Tree& ns, const Places& places, uint32_t from, std::string_view path,
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
    for (uint32_t child : places.on_the_way(m, rest)) {  // what covers it comes last: is next
      const std::string_view target = ns.mounts[child].target;
      if (passed.contains(&ns.mounts[child])) continue;
      covered = covered || target.empty();
      pending.push_back({child, rest_below(rest, target)});
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
  if (children.empty()) return found;
  const Places places(shown);
  // The last one first: it may hide others, which were attached before it.
  for (size_t c = children.size(); c-- > 0;) {
    uint32_t at = topmost(shown, places, there, declared.mounts[children[c]].target, passed);
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
