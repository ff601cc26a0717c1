// compiler/check/hidden.cc - warns of mounts that nobody will see.
#include <set>
#include <unordered_map>
#include <utility>

#include "compiler/check/checks.h"
#include "compiler/layout/paths.h"

namespace mountc {
namespace {

using Place = std::pair<uint32_t, uint32_t>;

// In a block, a target lies in the block's own mount, also where a mount beside it covers the
// directory. A copy that an rclone made stands in the same text and is not named again.
void check_children(const Layout& layout, const Mount& parent, std::set<Place>& named,
                    Diagnostics& diagnostics) {
  std::unordered_map<std::string_view, MountId> covers;
  for (MountId child : parent.children) {
    const Mount& mount = layout.mounts[child];
    if (!mount.target.empty() && !mount.is_mask && !mount.optional)
      covers.emplace(mount.target, child);
  }
  for (MountId child : parent.children) {
    const Mount& mount = layout.mounts[child];
    std::string_view above = parent_of(mount.target);
    while (!above.empty() && !covers.contains(above)) above = parent_of(above);
    if (above.empty()) continue;
    if (!named.emplace(mount.target_span.file, mount.target_span.begin).second) continue;
    const Mount& cover = layout.mounts[covers.at(above)];
    diagnostics.report<rule::hidden>(mount.target_span, mount.full_target, cover.full_target)
        .note(cover.target_span, "`{}` is declared here", cover.full_target)
        .hint("declare it in the block of `{}`, or outside of blocks with its whole path",
              cover.full_target);
  }
}

}  // namespace

void check_hidden(const Layout& layout, Diagnostics& diagnostics) {
  std::set<Place> named;
  for (const Mount& mount : layout.mounts) check_children(layout, mount, named, diagnostics);
}

}  // namespace mountc
