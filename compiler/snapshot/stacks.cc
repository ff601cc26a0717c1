// compiler/snapshot/stacks.cc - mounts that cover each other.
#include "compiler/snapshot/stacks.h"

namespace mountc {
namespace {

// All mounts from `from` on that lie on each other's root.
std::vector<uint32_t> stack_from(const snapshot::Namespace& ns, uint32_t from) {
  std::vector<uint32_t> stack;
  for (uint32_t m = from;; m = ns.mounts[m].children.back()) {
    stack.push_back(m);
    const auto& children = ns.mounts[m].children;
    if (children.empty() || !ns.mounts[children.back()].target.empty()) return stack;
  }
}

}  // namespace

size_t height_of(const snapshot::Namespace& ns, uint32_t mount) {
  return stack_from(ns, mount).size();
}

std::vector<uint32_t> stack_on_root(const snapshot::Namespace& ns) {
  return ns.has_root() ? stack_from(ns, ns.tops[0]) : std::vector<uint32_t>();
}

}  // namespace mountc
