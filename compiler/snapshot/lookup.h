// compiler/snapshot/lookup.h - which mount of a snapshot a path leads to.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "compiler/snapshot/snapshot.h"

namespace mountc::snapshot {

class Lookup {
 public:
  explicit Lookup(const Namespace& ns);

  struct Found {
    uint32_t mount = none;  // none: nothing is mounted on the way
    std::string_view rest;  // of the path, in that mount; empty: its root
  };
  // Steps onto what is mounted on the way, the topmost mount of each stack. `path` is absolute;
  // symbolic links are not known.
  Found walk(std::string_view path) const;

  // The mount at a path, which must be its root; or none.
  uint32_t at(std::string_view path) const;
  // The mount at a place of its parent, the last one where there are several; or none.
  uint32_t child(uint32_t parent, std::string_view target) const;
  // Is it the one that its own target leads to?
  bool is_visible(uint32_t mount) const { return at(ns_.mounts[mount].full_target) == mount; }

 private:
  struct Key {
    uint32_t parent;
    std::string_view target;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const {
      return std::hash<std::string_view>()(key.target) ^
             (key.parent * size_t{0x9e3779b97f4a7c15});
    }
  };

  const Namespace& ns_;
  std::vector<uint32_t> covers_;  // by mount: what covers its root
  std::unordered_map<Key, uint32_t, Hash> children_;
};

}  // namespace mountc::snapshot
