// compiler/preview/follow.cc - symbolic links in topmost targets, as a kernel follows them.
//
// A layout is applied at the targets as they are written; mountinfo shows the places that they
// lead to.
#include "compiler/preview/follow.h"

#include <limits.h>
#include <unistd.h>

#include <vector>

#include "compiler/layout/paths.h"

namespace mountc {
namespace {

constexpr int most_links = 40;  // Linux include/linux/namei.h MAXSYMLINKS

void push_names(std::vector<std::string>& names, std::string_view path) {
  while (!path.empty() && path != "/") {
    names.emplace_back(name_of(path));
    path = parent_of(path);
  }
}

// Moves what was one place to another one, with all below it.
void move_tree(snapshot::Namespace& ns, uint32_t top, const std::string& path,
               std::vector<bool>& moved) {
  ns.mounts[top].target = path;
  std::vector<uint32_t> pending = {top};
  for (size_t at = 0; at < pending.size(); ++at) {
    snapshot::Mount& mount = ns.mounts[pending[at]];
    moved[pending[at]] = true;
    mount.full_target =
        pending[at] == top ? path : join(ns.mounts[mount.parent].full_target, mount.target);
    pending.insert(pending.end(), mount.children.begin(), mount.children.end());
  }
}

// Two names of one place are a stack. Of two places, one in the other, the inner one is hidden:
// all targets are looked up before the first mount is attached.
void settle(snapshot::Namespace& ns, uint32_t top, uint32_t other) {
  snapshot::Mount& mount = ns.mounts[top];
  const std::string& place = ns.mounts[other].full_target;
  if (top == other || !is_within(mount.full_target, place)) return;
  if (mount.full_target != place) {
    mount.may_be_missing = true;
  } else if (other < top) {
    mount.parent = other;
    mount.target.clear();
  }
}

}  // namespace

std::string follow_links(const std::string& root, const std::string& path) {
  std::string here;
  std::vector<std::string> names;  // the next one last
  push_names(names, path);
  for (int links = 0; !names.empty();) {
    const std::string name = std::move(names.back());
    names.pop_back();
    if (name == "..") {
      here = here.empty() ? "" : here.substr(0, here.rfind('/'));
      continue;
    }
    const std::string next = here + "/" + name;
    char text[PATH_MAX];
    const ssize_t length = ::readlink((root + next).c_str(), text, sizeof text);
    if (length <= 0) {
      here = next;
      continue;
    }
    if (++links > most_links) return path;
    if (text[0] == '/') here.clear();
    push_names(names, normalise({text, static_cast<size_t>(length)}));
  }
  return here.empty() ? "/" : here;
}

void follow_links(const std::string& root, snapshot::Namespace& ns) {
  std::vector<bool> moved(ns.mounts.size());
  const std::vector<uint32_t> tops = ns.tops;
  for (uint32_t top : tops) {
    const std::string path = follow_links(root, ns.mounts[top].full_target);
    if (path != ns.mounts[top].full_target) move_tree(ns, top, path, moved);
  }
  for (uint32_t top : tops) {
    for (uint32_t other : tops) {
      if (moved[top] || moved[other]) settle(ns, top, other);
    }
  }
  snapshot::link(ns);
}

}  // namespace mountc
