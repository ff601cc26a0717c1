// compiler/check/contents.cc - whether what is looked up in the layout's memory filesystems is
// there. They begin empty, and what is made in them is written in the layout: nothing of it has
// to wait for the machine.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "compiler/check/checks.h"
#include "compiler/layout/paths.h"

namespace mountc {
namespace {

enum class Kind : uint8_t { unknown, missing, directory, file, symlink };

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::directory: return "a directory";
    case Kind::file: return "no directory";
    case Kind::symlink: return "a symbolic link";
    case Kind::unknown:
    case Kind::missing: break;
  }
  return "missing";
}

Kind kind_of(EntryKind kind) {
  switch (kind) {
    case EntryKind::directory: return Kind::directory;
    case EntryKind::symlink: return Kind::symlink;
    case EntryKind::node:
    case EntryKind::file: break;
  }
  return Kind::file;
}

constexpr std::string_view declare_or_make =
    "declare it (`dir`, `file`), or write `mkdir` or `touch` on the mount";

class ContentsChecker {
 public:
  ContentsChecker(const Layout& layout, Diagnostics& diagnostics)
      : layout_(layout), diagnostics_(diagnostics), entries_(layout.superblocks.size()) {
    for (SuperblockId s = 0; s < layout.superblocks.size(); ++s) {
      for (const Entry& entry : layout.superblocks[s].entries)
        entries_[s].emplace(entry.path, &entry);
    }
  }

  void check() {
    for (SuperblockId s = 0; s < layout_.superblocks.size(); ++s) {
      for (const Entry& entry : layout_.superblocks[s].entries) {
        directory({s, std::string(parent_of(entry.path))}, entry.span, entry.path,
                  "declare it (`dir`); `mkdir(parents)` and `touch(parents)` of a mount make "
                  "it, too");
      }
    }
    for (const Mount& mount : layout_.mounts) {
      if (mount.is_mask) continue;
      const bool inside = !mount.source.at.empty() && mount.root.superblock != none;
      if (inside && !mount.is_conditional()) source(mount);
      if (mount.parent != none) {
        mount_point(mount);
      } else if (mount.full_target == "/") {
        root(mount);
      }
    }
  }

 private:
  const Entry* find(const Root& place) const {
    const auto found = entries_[place.superblock].find(place.path);
    return found == entries_[place.superblock].end() ? nullptr : found->second;
  }

  Kind kind(const Root& place) const {
    if (place.superblock == none) return Kind::unknown;
    if (place.path.empty()) return Kind::directory;  // Linux: the root of any filesystem is one
    if (!layout_.superblocks[place.superblock].is_volatile()) return Kind::unknown;
    const Entry* const entry = find(place);
    return entry ? kind_of(entry->kind) : Kind::missing;
  }

  // Reports whatever keeps a lookup from reaching `place` as a directory: the first such thing.
  bool directory(const Root& place, Span wanted, std::string_view by,
                 std::string_view hint = declare_or_make) {
    std::optional<Root> first;
    for (std::string_view above = place.path; !above.empty(); above = parent_of(above)) {
      Root each{place.superblock, std::string(above)};
      const Kind here = kind(each);
      if (here != Kind::directory && here != Kind::unknown) first = std::move(each);
    }
    if (first) report(*first, wanted, fmt::format("followed to `{}`", by), hint);
    return !first;
  }

  void source(const Mount& mount) {
    if (!directory({mount.root.superblock, std::string(parent_of(mount.root.path))},
                   mount.source.span, mount.root.path)) {
      return;
    }
    const Kind here = kind(mount.root);
    if (here == Kind::missing || here == Kind::symlink) {
      report(mount.root, mount.source.span, "shown by a mount");
    }
  }

  void mount_point(const Mount& mount) {
    const Root& above = layout_.mounts[mount.parent].root;
    if (above.superblock == none) return;
    const Root place{above.superblock, join(above.path, mount.target)};
    const bool sure = mount.make == Make::nothing && !mount.optional;
    if (sure && !directory({place.superblock, std::string(parent_of(place.path))},
                           mount.target_span, mount.target)) {
      return;
    }
    Kind here = kind(place);
    if (here == Kind::symlink || (here == Kind::missing && sure)) {
      report(place, mount.target_span, "a mount point");
      return;
    }
    if (here == Kind::unknown && mount.make != Make::nothing) {
      here = mount.make == Make::file ? Kind::file : Kind::directory;
    }
    const Kind shown = kind(mount.root);
    const bool known = here != Kind::missing && here != Kind::unknown &&
                       shown != Kind::missing && shown != Kind::unknown;
    if (!known || here == shown || !kinds_told_.emplace(place, mount.root).second) return;
    note(diagnostics_.report<rule::kinds_differ>(mount.target_span, mount.full_target,
                                                 name_of(here), name_of(shown)),
         place);
  }

  // Of a namespace, or of the process: pivot_root(2) and chroot(2) want a directory.
  void root(const Mount& mount) {
    if (kind(mount.root) != Kind::file) return;
    note(diagnostics_.report<rule::kinds_differ>(mount.source.span, mount.full_target,
                                                 name_of(Kind::directory), name_of(Kind::file)),
         mount.root);
  }

  void report(const Root& place, Span wanted, std::string_view use,
              std::string_view hint = declare_or_make) {
    if (!told_.insert(place).second) return;
    if (const Entry* const entry = find(place)) {
      diagnostics_
          .report<rule::not_usable>(wanted, shown_name(place), name_of(kind_of(entry->kind)), use)
          .note(entry->span, "it is made here");
      return;
    }
    const Superblock& superblock = layout_.superblocks[place.superblock];
    diagnostics_.report<rule::nothing_there>(wanted, shown_name(place))
        .note(superblock.span, "this filesystem begins empty")
        .hint("{}", hint);
  }

  std::string shown_name(const Root& place) const {
    const Superblock& superblock = layout_.superblocks[place.superblock];
    return (superblock.name.empty() ? superblock.type : superblock.name) + ":/" + place.path;
  }

  void note(Diagnostic& diagnostic, const Root& place) const {
    if (const Entry* const entry = find(place)) diagnostic.note(entry->span, "it is made here");
  }

  const Layout& layout_;
  Diagnostics& diagnostics_;
  std::vector<std::map<std::string_view, const Entry*>> entries_;
  std::set<Root> told_;
  std::set<std::pair<Root, Root>> kinds_told_;  // a mount point, what is mounted on it
};

}  // namespace

void check_contents(const Layout& layout, Diagnostics& diagnostics) {
  ContentsChecker(layout, diagnostics).check();
}

}  // namespace mountc
