// compiler/layout/layout.h - what a layout means: names bound, parents found, values decoded.
//
// A forest of mounts (by explicit parent), a forest of groups, superblocks and namespaces. It
// knows nothing of text but the spans that diagnostics and the plan's places need.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/source/source.h"

namespace mountc {

inline constexpr uint32_t none = UINT32_MAX;  // of an id: there is none

using MountId = uint32_t;
using GroupId = uint32_t;
using SuperblockId = uint32_t;
using NamespaceId = uint32_t;

// -- superblocks ----------------------------------------------------------------------------

// A value that is a part of another superblock, passed as a file descriptor.
struct Layer {
  uint32_t index = 0;  // in SuperblockOption::values
  SuperblockId superblock = none;
  std::string at;  // a path inside, no leading slash
  Span span;
};

struct SuperblockOption {
  std::string key;
  bool has_value = false;
  std::vector<std::string> values;  // several: the kernel's appending key, one call each
  std::vector<Layer> layers;
};

// Which ids a mount shows: by a user namespace that exists, or by one that the plan makes.
struct IdMap {
  std::string ns;          // its file
  std::string uids, gids;  // as /proc/PID/uid_map takes them
  auto operator<=>(const IdMap&) const = default;
};

enum class EntryKind : uint8_t { directory, symlink, node, file };

// Made in a superblock of the layout before any clone of it is taken.
struct Entry {
  EntryKind kind = EntryKind::directory;
  std::string path;  // from the filesystem's root, no leading slash
  std::string text;  // of a symlink
  uint32_t mode = 0;    // permission bits; for a node with its S_IFCHR or S_IFBLK
  uint32_t device = 0;  // as mknod(2) takes it
  uint32_t uid = 0, gid = 0;
  Span span;
};

struct Superblock {
  std::string name;  // of the declaration; empty when a mount makes its own
  std::string type;
  std::vector<SuperblockOption> options;
  std::optional<std::string> source;  // `on SOURCE`
  std::vector<Entry> entries;
  Span span;
  Span statement;  // whole, for reports when the plan runs; likewise below

  // Lives in memory and dies with its mounts: what is made in it is no change to the host.
  bool is_volatile() const { return type == "tmpfs" || type == "ramfs"; }
};

// -- groups ---------------------------------------------------------------------------------

struct Group {
  std::string name;
  GroupId master = none;
  std::optional<std::string> peers_of;  // the peer group of the mount at this path
  std::string peers_in;                 // of the namespace with this file; empty: the caller's
  Span span;                            // of the name in its declaration
  Span master_span;
  Span statement;
};

// -- mounts ---------------------------------------------------------------------------------

enum class SourceKind : uint8_t { bind, rbind, filesystem, clone, rclone };

struct Source {
  SourceKind kind = SourceKind::filesystem;
  std::string path = {};           // of a bind
  SuperblockId superblock = none;  // of a filesystem
  MountId mount = none;            // of a clone
  std::string at = {};             // a path inside, no leading slash; empty: all of it
  Span span = {};
  std::string in = {};             // of a bind: another mount namespace's file
  bool of_host = false;            // bind(host): what is at a declared target now is meant

  // Does it show what is on the host, or in a namespace that is there already?
  bool is_bind() const { return kind == SourceKind::bind || kind == SourceKind::rbind; }
  // Do the mounts below it come along?
  bool is_recursive() const { return kind == SourceKind::rbind || kind == SourceKind::rclone; }
};

// What a mount shows. Of a superblock the layout makes: `path` inside it, no leading slash.
// Of the host (superblock none): the absolute source path; which superblock that is, and whether
// two such paths lie in one, is known only when the plan runs.
struct Root {
  SuperblockId superblock = none;
  std::string path;
  std::string in = {};  // the file of the namespace that has `path`; empty: the caller's
  auto operator<=>(const Root&) const = default;
};

// Mount flags as MOUNT_ATTR_* bits; what is in neither keeps the source's value.
struct Flags {
  uint32_t set = 0;
  uint32_t clear = 0;
  bool operator==(const Flags&) const = default;
};

enum class Propagation : uint8_t { private_, unbindable, shared, slave, inherit, follow };

enum class Make : uint8_t { nothing, directory, file };

struct Mount {
  NamespaceId ns = none;    // none: the namespace that the plan is run in
  MountId parent = none;    // none: topmost, or the root of its namespace
  std::string target;       // from the parent's root, no leading slash; empty: over that root.
                            // Topmost: the absolute path
  std::string full_target;  // from the root of its namespace
  Source source;
  Root root;    // what the source comes down to, through all clones
  Flags flags;  // with those of the mount it is cloned from
  Flags flags_below;  // of an rbind or rclone: those of the mounts that come along
  Propagation propagation = Propagation::private_;
  GroupId group = none;  // of shared and slave
  Make make = Make::nothing;
  bool make_parents = false;
  uint32_t make_mode = 0755;
  bool optional = false;         // left out when its source or mount point is missing
  bool may_be_left_out = false;  // because it lies below an optional mount
  bool propagate = false;        // topmost: attach as bind mounts are attached
  uint32_t idmap = none;         // of Layout::idmaps; from the mount it is cloned from, too
  bool idmap_recursive = false;  // of an rbind or rclone: of the whole tree
  bool beneath = false;          // topmost: goes under the mount that is at its target
  bool is_mask = false;          // hides what is at `target`, if it is there
  Span span;  // of the whole statement
  Span target_span;
  Span group_span;
  std::vector<MountId> children;  // in the order in which they are attached

  bool is_conditional() const { return optional || may_be_left_out; }
  // Is it in the group of its source, or receives from it?
  bool keeps_groups() const {
    return propagation == Propagation::inherit || propagation == Propagation::follow;
  }
};

// What a copy of the caller's namespace does with the groups of its mounts.
enum class Copy : uint8_t { private_, slave, inherit };

struct Namespace {
  std::string name;
  MountId root = none;  // none: it is a copy of the caller's
  Copy copy = Copy::private_;
  Span copy_span;
  std::optional<std::string> pin;
  Span span;
  Span pin_span;
  Span statement;
  Span pin_statement;
};

struct Layout {
  std::vector<Superblock> superblocks;
  std::vector<Group> groups;
  std::vector<Namespace> namespaces;
  std::vector<IdMap> idmaps;  // each once
  std::vector<Mount> mounts;  // in the order of the text; a stack's lower mount comes first

  bool is_root(MountId m) const {
    const NamespaceId ns = mounts[m].ns;
    return mounts[m].parent == none && ns != none && namespaces[ns].root != none;
  }
  // The mount that m's tree is attached by: topmost, or the root of its namespace.
  MountId top_of(MountId m) const {
    while (mounts[m].parent != none) m = mounts[m].parent;
    return m;
  }
  // Is m the mount `above`, or does it lie in it?
  bool is_in_tree(MountId m, MountId above) const {
    while (m != none && m != above) m = mounts[m].parent;
    return m == above;
  }
  // Is m the root of a namespace, or one of the mounts stacked on it?
  bool covers_root(MountId m) const {
    while (mounts[m].parent != none && mounts[m].target.empty()) m = mounts[m].parent;
    return is_root(m);
  }
  // m and what is stacked on it, from below.
  std::vector<MountId> stack(MountId m) const {
    std::vector<MountId> all = {m};
    for (bool higher = true; higher;) {
      higher = false;
      for (MountId child : mounts[all.back()].children) {
        if (!mounts[child].target.empty() || mounts[child].is_mask) continue;
        all.push_back(child);
        higher = true;
        break;
      }
    }
    return all;
  }
  // Attached to what is there already: in the caller's namespace, or in a copy of it.
  bool is_topmost(MountId m) const { return mounts[m].parent == none && !is_root(m); }
};

}  // namespace mountc
