// compiler/snapshot/snapshot.h - mounts as a kernel shows them: what is, or what would be.
//
// A set of mount namespaces with everything that propagation and path lookup depend on, and
// nothing that differs between two equal sets but numbers. It is read from mountinfo or
// statmount(2), and worked out from a layout (declared.h); it is printed as a layout
// (import/describe.h) and compared (compare.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/layout/layout.h"

namespace mountc::snapshot {

// What is known to be made in a filesystem, as a layout says it.
struct Entry {
  std::string path;           // no leading slash
  std::string keyword, rest;  // `symlink`, and `to TEXT`
};

struct Superblock {
  std::string device;                // MAJOR:MINOR; empty when it is not there yet
  std::string type;                  // empty: not known, and silent in comparisons
  std::string source;                // of the first mount that shows it
  std::vector<std::string> options;  // KEY or KEY=VALUE, without `rw`
  std::string name;                  // in messages, where there is no device
  std::vector<Entry> entries = {};   // besides what mounts show or lie on
  bool of_host = false;              // its paths are those of the host: sources are bound
  bool is_here = false;  // of the machine that it is compared with: its number counts
};

enum class Kind : uint8_t { unknown, directory, file };

struct Mount {
  uint64_t id = 0;         // the kernel's number; tells mounts of one reading apart
  uint32_t parent = none;  // index in the namespace; none: topmost
  std::string target;      // from the parent's root, no leading slash; empty: covers that root.
                           // Topmost: the absolute path
  std::string full_target;     // from the root that the namespace was read from
  uint32_t superblock = none;  // none: not known
  std::string root;            // path in the superblock, no leading slash; empty: all of it
  bool root_known = true;
  bool root_removed = false;   // mountinfo's `//deleted`: the directory has no name any more
  bool root_internal = false;  // a name of the kernel's own, such as nsfs' `net:[4026531840]`
  std::string bound;           // of a declared bind: the path that it shows, where one tells
  Kind kind = Kind::unknown;
  uint32_t flags = 0;                 // MOUNT_ATTR_* bits
  uint32_t flags_known = UINT32_MAX;  // which of them are known
  uint32_t group = 0;                 // number of the peer group; 0: not shared
  uint32_t master = 0;                // of the group that it receives from; 0: none
  bool groups_known = true;
  bool master_known = true;
  bool unbindable = false;
  bool idmapped = false;
  bool idmap_known = true;   // is it known whether it is
  std::string uids, gids;    // FIRST:OTHER:COUNT,... by FIRST; empty: which ids is not known
  uint32_t beside = none;          // of a stack of those on one place (one_place.h): the lowest
  bool beneath = false;            // lies under what was there, or still does
  bool may_be_missing = false;     // an optional one, and a mask
  bool may_have_more = false;      // below an rbind is what the machine has there
  bool inherits = false;           // is in the group of its source on the host, if there is one
  bool follows = false;            // receives from the source on the host, if that is shared
  std::vector<uint32_t> children;  // that which covers the root comes last
  Span span;                       // the line or statement it comes from
};

struct Namespace {
  std::string name;
  std::vector<Mount> mounts;
  std::vector<uint32_t> tops;  // mounts without a parent; one on `/` where the root is a mount
  std::string file;            // a path of the namespace's file, when it is alive
  size_t out_of_reach = 0;     // mounts of a live one that no path from the root leads to
  bool partial = false;        // says nothing of what is not at or below its topmost mounts

  bool has_root() const { return tops.size() == 1 && mounts[tops[0]].full_target == "/"; }
};

struct Snapshot {
  std::vector<Superblock> superblocks;
  std::vector<Namespace> namespaces;
  std::map<uint32_t, std::string> group_names;  // in messages, where they have names
};

// A list of FIRST, OTHER and COUNT, parted by any bytes, as Mount::uids has it; empty: it is none.
std::string id_map(std::string_view ranges);

// Is it all that the host has, on `/`? What unshare(2) makes begins with it.
bool is_host_root(const Snapshot& snapshot, const Mount& mount);

// Fills `children` and `tops` from the parents.
void link(Namespace& ns);

// All mounts, each after its parent.
std::vector<uint32_t> parents_first(const Namespace& ns);

// The groups that something receives from, but that no mount of the set is a member of.
std::vector<uint32_t> groups_outside(const Snapshot& snapshot);

// The group that each group receives from; 0 for none.
std::map<uint32_t, uint32_t> masters(const Snapshot& snapshot);

}  // namespace mountc::snapshot
