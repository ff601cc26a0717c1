// compiler/kernel/dentries.h - superblocks and the paths in them, each path once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mountc::kernel {

using DentryRef = uint32_t;
using SuperblockRef = uint32_t;
inline constexpr uint32_t nothing = UINT32_MAX;  // of any reference: there is none

enum class DentryKind : uint8_t {
  missing,  // looked for, and known not to be there
  any,      // there, but nobody knows what it is: fits whatever is asked for
  directory,
  file,
  symlink,
};

// What a superblock holds: what is made in it; or whatever is looked up in it exists, as in a
// filesystem of the host, which nobody knows.
enum class Contents : uint8_t { made, on_demand };

struct Superblock {
  std::string type;
  DentryRef root = nothing;
  Contents contents = Contents::made;
  bool is_namespace_file = false;
  bool read_only = false;
};

struct Dentry {
  SuperblockRef superblock = nothing;
  DentryRef parent = nothing;  // nothing: a root
  uint32_t name = 0;           // a begin in the table's bytes
  uint16_t size = 0;
  DentryKind kind = DentryKind::missing;
  uint16_t depth = 0;
  DentryRef hash_next = nothing;
};

class Dentries {
 public:
  SuperblockRef add_superblock(std::string_view type, Contents contents,
                               DentryKind root = DentryKind::directory);
  Superblock& superblock(SuperblockRef s) { return superblocks_[s]; }
  const Superblock& superblock(SuperblockRef s) const { return superblocks_[s]; }
  size_t superblock_count() const { return superblocks_.size(); }

  // What `name` is in `parent`; nothing when it is known not to be there. Grows with lookups on
  // demand: references stay good.
  DentryRef child(DentryRef parent, std::string_view name);
  // The same among what was looked up or made before.
  DentryRef known(DentryRef parent, std::string_view name) const;
  // Makes it. What exists keeps its kind unless that was `any` or `missing`.
  DentryRef make(DentryRef parent, std::string_view name, DentryKind kind);

  size_t size() const { return dentries_.size(); }
  const Dentry& operator[](DentryRef d) const { return dentries_[d]; }
  void set_kind(DentryRef d, DentryKind kind) { dentries_[d].kind = kind; }
  std::string_view name(DentryRef d) const {
    return std::string_view(bytes_).substr(dentries_[d].name, dentries_[d].size);
  }
  // From the superblock's root, "/" for that.
  std::string path(DentryRef d) const;
  // Is d at or below `above`? (fs/dcache.c is_subdir())
  bool is_within(DentryRef d, DentryRef above) const;
  bool may_be(DentryRef d, DentryKind kind) const {
    return dentries_[d].kind == kind || dentries_[d].kind == DentryKind::any;
  }

 private:
  DentryRef add(DentryRef parent, std::string_view name, DentryKind kind);
  void grow();
  static size_t hash(DentryRef parent, std::string_view name);

  std::vector<Superblock> superblocks_;
  std::vector<Dentry> dentries_;
  std::vector<DentryRef> buckets_;
  std::string bytes_;
};

}  // namespace mountc::kernel
