// compiler/layout/entries.cc - what is made inside the layout's own filesystems.
//
// Entries belong to a superblock, not to a mount: they are made once, before any clone is taken,
// so that every mount of it shows them. The mount points that `mkdir` and `touch` make in memory
// filesystems are entries like those that are declared.
#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"
#include "compiler/layout/root.h"

namespace mountc {
namespace {

// Two numbers with a colon between them.
bool read_pair(std::string_view text, uint32_t& first, uint32_t& second) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  const auto number = [](std::string_view digits, uint32_t& value) {
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    return error == std::errc() && end == digits.end();
  };
  return number(text.substr(0, colon), first) && number(text.substr(colon + 1), second);
}

// The encoding of mknod(2)'s dev_t: Linux include/linux/kdev_t.h new_encode_dev().
uint32_t encode_device(uint32_t major, uint32_t minor) {
  return (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);
}

class EntryPlacer {
 public:
  explicit EntryPlacer(Resolver& r) : r_(r), mounts_(r.layout.mounts) {
    places_.resize(r.layout.superblocks.size());
  }

  void place() {
    for (const PendingEntry& pending : r_.entries) declared(pending);
    for (MountId m = 0; m < mounts_.size(); ++m) mount_point(m);
    for (Superblock& superblock : r_.layout.superblocks) {
      std::ranges::stable_sort(superblock.entries, [](const Entry& a, const Entry& b) {
        return depth_of(a.path) < depth_of(b.path);
      });
    }
  }

 private:
  void declared(const PendingEntry& pending) {
    const auto place = find(pending);
    if (!place) return;
    if (place->path.empty()) {
      const Span span = pending.node->path.span;
      r_.diagnostics.report<rule::misplaced>(span, r_.raw(pending.node->path),
                                             "is the root of its filesystem");
      return;
    }
    Entry entry = read(*pending.node);
    entry.path = place->path;
    entry.span = pending.span;
    auto [at, fresh] = places_[place->superblock].try_emplace(entry.path, pending.span);
    if (!fresh) {
      r_.diagnostics.report<rule::declared_twice>(pending.node->path.span, "entry", entry.path)
          .note(at->second, "it is declared first here");
      return;
    }
    r_.layout.superblocks[place->superblock].entries.push_back(std::move(entry));
  }

  Entry read(const ast::Entry& node) {
    Entry entry;
    switch (node.kind) {
      case ast::EntryKind::dir: entry.kind = EntryKind::directory; entry.mode = 0755; break;
      case ast::EntryKind::file: entry.kind = EntryKind::file; entry.mode = 0644; break;
      case ast::EntryKind::symlink: entry.kind = EntryKind::symlink; break;
      case ast::EntryKind::node: entry.kind = EntryKind::node; entry.mode = 0600; break;
    }
    if (node.text) entry.text = r_.decode(*node.text).value_or("");
    if (node.text) check_path(r_, node.text->span, entry.text);
    if (node.mode) entry.mode = octal_mode(r_, *node.mode).value_or(0);
    if (node.type) {
      const auto type = r_.decode(*node.type).value_or("");
      if (type != "c" && type != "b") {
        r_.diagnostics.report<rule::bad_number>(node.type->span, type, "node type (c or b)");
      }
      entry.mode |= type == "b" ? S_IFBLK : S_IFCHR;
    }
    if (node.device) {
      const auto device = r_.decode(*node.device).value_or("");
      uint32_t major = 0, minor = 0;
      if (!read_pair(device, major, minor) || major >= 1u << 12 || minor >= 1u << 20) {
        r_.diagnostics.report<rule::bad_number>(node.device->span, device, "device MAJOR:MINOR");
      }
      entry.device = encode_device(major, minor);
    }
    if (node.owner) {
      const auto owner = r_.decode(*node.owner).value_or("");
      if (!read_pair(owner, entry.uid, entry.gid)) {
        r_.diagnostics.report<rule::bad_number>(node.owner->span, owner, "owner UID:GID");
      }
    }
    return entry;
  }

  std::optional<Root> find(const PendingEntry& pending) {
    const Span span = pending.node->path.span;
    const auto path = r_.decode(pending.node->path);
    if (!path) return std::nullopt;
    check_path(r_, span, *path);
    if (has_dotdot(*path)) {
      r_.diagnostics.report<rule::dotdot_target>(span, *path);
      return std::nullopt;
    }
    if (const auto place = in_filesystem(*path)) {
      if (r_.layout.superblocks[place->superblock].is_volatile()) return place;
      r_.diagnostics.report<rule::entry_in_foreign>(span, *path)
          .note(r_.layout.superblocks[place->superblock].span, "it lies in this filesystem");
      return std::nullopt;
    }
    const std::string tidy = normalise(*path);
    if (pending.block != none) {
      const auto inner = path_in_block(r_, span, tidy, pending.block);
      return inner ? inside(pending.block, *inner, span) : std::nullopt;
    }
    if (!path->starts_with('/')) {
      const size_t colon = path->find(":/");
      if (colon == std::string::npos) {
        r_.diagnostics.report<rule::relative_target>(span, *path);
      } else {
        report_undeclared(r_, span, "filesystem", path->substr(0, colon), r_.filesystems);
      }
      return std::nullopt;
    }
    for (std::string_view above = tidy; above != "/";) {
      above = parent_of(above);
      const auto found = r_.targets.find(Resolver::key(pending.ns, above));
      if (found == r_.targets.end()) continue;
      return inside(found->second, rest_below(tidy, above), span);
    }
    r_.diagnostics.report<rule::entry_in_foreign>(span, *path);
    return std::nullopt;
  }

  // FILESYSTEM:PATH
  std::optional<Root> in_filesystem(const std::string& path) const {
    const size_t colon = path.find(':');
    if (path.starts_with('/') || colon == std::string::npos) return std::nullopt;
    const auto found = r_.filesystems.find(path.substr(0, colon));
    if (found == r_.filesystems.end()) return std::nullopt;
    std::string inner = normalise("/" + path.substr(colon + 1));
    return Root{found->second, inner.substr(1)};
  }

  std::optional<Root> inside(MountId m, std::string_view path, Span span) {
    const Root& root = mounts_[m].root;
    if (root.superblock != none && r_.layout.superblocks[root.superblock].is_volatile()) {
      return Root{root.superblock, join(root.path, path)};
    }
    r_.diagnostics.report<rule::entry_in_foreign>(span, join(mounts_[m].full_target, path))
        .note(mounts_[m].span, "it lies in this mount");
    return std::nullopt;
  }

  void mount_point(MountId m) {
    const Mount& mount = mounts_[m];
    if (mount.make == Make::nothing || !made_with_superblock(r_.layout, m)) return;
    if (mount.target.empty()) return;
    const Root& root = mounts_[mount.parent].root;
    if (mount.make_parents) {
      const std::string whole = mount.target;
      for (size_t at = whole.find('/'); at != std::string::npos; at = whole.find('/', at + 1)) {
        make(root, whole.substr(0, at), EntryKind::directory, 0755, mount.span);
      }
    }
    const auto kind = mount.make == Make::file ? EntryKind::file : EntryKind::directory;
    make(root, mount.target, kind, mount.make_mode, mount.span);
  }

  void make(const Root& root, std::string_view path, EntryKind kind, uint32_t mode, Span span) {
    Entry entry;
    entry.kind = kind;
    entry.path = join(root.path, path);
    entry.mode = mode;
    entry.span = span;
    if (!places_[root.superblock].try_emplace(entry.path, span).second) return;
    r_.layout.superblocks[root.superblock].entries.push_back(std::move(entry));
  }

  Resolver& r_;
  const std::vector<Mount>& mounts_;
  std::vector<std::unordered_map<std::string, Span>> places_;
};

}  // namespace

void place_entries(Resolver& r) { EntryPlacer(r).place(); }

std::optional<uint32_t> octal_mode(Resolver& r, const ast::Value& value) {
  const auto text = r.decode(value);
  if (!text) return std::nullopt;
  uint32_t mode = 0;
  bool good = !text->empty() && text->size() <= 5;
  for (char c : *text) {
    good = good && c >= '0' && c <= '7';
    mode = mode * 8 + static_cast<uint32_t>(c - '0');
  }
  if (good && mode <= 07777) return mode;
  r.diagnostics.report<rule::bad_number>(value.span, *text, "octal mode");
  return std::nullopt;
}

}  // namespace mountc
