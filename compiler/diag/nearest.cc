// compiler/diag/nearest.cc - which known word a misspelt one was meant to be.
#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "compiler/diag/diagnostics.h"

namespace mountc {

namespace {

// Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`, or
// `limit` + 1 when there are more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> before(width), previous(width), current(width);
  for (std::size_t j = 0; j < width; ++j) current[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(previous);
    previous.swap(current);
    current[0] = i;
    std::size_t row_best = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, previous[j] + 1, current[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
      row_best = std::min(row_best, current[j]);
    }
    if (row_best > limit) return limit + 1;
  }
  return current[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word,
                         const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t limit = word.size() <= 4 ? 1 : 2;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t shorter = std::min(word.size(), candidate.size());
    // A word of one letter is one edit away from every other.
    if (longer - shorter > limit || shorter < 2) continue;
    const std::size_t distance = edit_distance(word, candidate, limit);
    if (distance > limit) continue;
    best = candidate;
    if (distance == 0) break;
    limit = distance - 1;  // only a nearer one can replace it: the first of equals wins
  }
  return best;
}

bool is_slip(std::string_view word, std::string_view meant,
             const std::vector<std::string_view>& candidates) {
  // What stands before a word turns its sense: noatime, umount, rshared.
  if (word.ends_with(meant) || meant.ends_with(word)) return false;
  const std::size_t distance = edit_distance(word, meant, word.size());
  return std::ranges::none_of(candidates, [&](std::string_view other) {
    const std::size_t longer = std::max(word.size(), other.size());
    const std::size_t shorter = std::min(word.size(), other.size());
    return other != meant && longer - shorter <= distance &&
           edit_distance(word, other, distance) <= distance;
  });
}

void Diagnostic::misspelt(Span where, std::string_view word, std::string_view meant,
                          const std::vector<std::string_view>& candidates) {
  hints.push_back({fmt::format("did you mean `{}`?", meant), Edit{where, std::string(meant)},
                   is_slip(word, meant, candidates)});
}

}  // namespace mountc
