// compiler/snapshot/lookup.cc - which mount of a snapshot a path leads to.
#include "compiler/snapshot/lookup.h"

namespace mountc::snapshot {

Lookup::Lookup(const Namespace& ns) : ns_(ns) {
  children_.reserve(ns.mounts.size());
  covers_.resize(ns.mounts.size(), none);
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    const Mount& mount = ns.mounts[m];
    if (mount.parent != none && mount.target.empty()) covers_[mount.parent] = m;
    children_[{ns.mounts[m].parent, ns.mounts[m].target}] = m;
  }
}

uint32_t Lookup::child(uint32_t parent, std::string_view target) const {
  const auto found = children_.find({parent, target});
  return found == children_.end() ? none : found->second;
}

Lookup::Found Lookup::walk(std::string_view path) const {
  uint32_t here = child(none, "/");
  std::string_view rest = path.substr(1);
  // No root is known: the first mount on the way.
  for (size_t at = 0; here == none && at != std::string_view::npos;) {
    at = path.find('/', at + 1);
    here = child(none, path.substr(0, at));
    if (here != none) rest = at == std::string_view::npos ? "" : path.substr(at + 1);
  }
  if (here == none) return {none, path};
  for (;;) {
    while (covers_[here] != none) here = covers_[here];
    uint32_t next = none;
    for (size_t at = 0; next == none && !rest.empty() && at != std::string_view::npos;) {
      at = rest.find('/', at + 1);
      next = child(here, rest.substr(0, at));
      if (next != none) rest = at == std::string_view::npos ? "" : rest.substr(at + 1);
    }
    if (next == none) return {here, rest};
    here = next;
  }
}

uint32_t Lookup::at(std::string_view path) const {
  const Found found = walk(path);
  return found.rest.empty() ? found.mount : none;
}

}  // namespace mountc::snapshot
