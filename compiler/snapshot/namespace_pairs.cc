// compiler/snapshot/namespace_pairs.cc - see namespace_pairs.h.
#include "compiler/snapshot/namespace_pairs.h"

#include <algorithm>

namespace mountc {

using Tree = snapshot::Namespace;

std::vector<std::pair<const Tree*, const Tree*>> namespace_pairs(
    const snapshot::Snapshot& first, const snapshot::Snapshot& second) {
  std::vector<std::pair<const Tree*, const Tree*>> pairs;
  std::vector<const Tree*> left, right;
  for (const Tree& b : second.namespaces) right.push_back(&b);
  for (const Tree& a : first.namespaces) {
    const auto named = std::ranges::find(right, a.name, &Tree::name);
    if (named == right.end()) {
      left.push_back(&a);
      continue;
    }
    pairs.emplace_back(&a, *named);
    right.erase(named);
  }
  for (size_t n = 0; n < std::max(left.size(), right.size()); ++n) {
    pairs.emplace_back(n < left.size() ? left[n] : nullptr,
                       n < right.size() ? right[n] : nullptr);
  }
  return pairs;
}

}  // namespace mountc
