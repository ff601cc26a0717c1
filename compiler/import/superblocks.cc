// compiler/import/superblocks.cc - how the filesystems of a snapshot are declared.
//
// A filesystem that one mount shows whole is written in its place; others are declared and have
// a name. What cannot be made from what the kernel shows of it becomes a `param`.
#include "compiler/import/superblocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/import/option_list.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/words.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

enum class Making { made, kernel, handed };

Making making_of(std::string_view type) {
  static const std::map<std::string_view, Making> table = {
#define TYPE(name, origin) {#name, Making::origin},
#include "compiler/import/types.def"
  };
  const auto found = table.find(type.substr(0, type.find('.')));
  return found == table.end() ? Making::made : found->second;
}

bool is_in_memory(std::string_view type) { return type == "tmpfs" || type == "ramfs"; }

// Can its root be found, and be made, by the path that the kernel shows?
bool has_own_path(const snapshot::Mount& mount) {
  return !mount.root_removed && !mount.root_internal && !has_dotdot(mount.root);
}

// A filesystem may not be called like a source word, and should not be like a type; its
// parameter not like that of the pins.
std::set<std::string> taken_names(const snapshot::Snapshot& snapshot) {
  std::set<std::string> taken = {"bind", "rbind", "clone", "rclone", "pins"};
  taken.insert(common_types().begin(), common_types().end());
#define TYPE(name, origin) taken.insert(#name);
#include "compiler/import/types.def"
  for (const snapshot::Superblock& superblock : snapshot.superblocks)
    taken.insert(superblock.type);
  return taken;
}

}  // namespace

Superblocks::Superblocks(const snapshot::Snapshot& snapshot, const DescribeOptions& options)
    : snapshot_(snapshot),
      options_(options),
      all_(snapshot.superblocks.size()),
      type_names_(taken_names(snapshot)),
      names_(type_names_) {
  count();
  for (uint32_t s = 0; s < all_.size(); ++s) plan(s);
  // Named after the first mount that shows the whole of it, or else after the first one.
  for (const bool only_whole : {true, false}) {
    for (const snapshot::Namespace& ns : snapshot.namespaces) {
      for (const snapshot::Mount& mount : ns.mounts) {
        if (!only_whole || path(mount).empty()) name(mount.superblock, mount);
      }
    }
  }
}

void Superblocks::count() {
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    for (const snapshot::Mount& mount : ns.mounts) {
      if (has_own_path(mount)) all_[mount.superblock].roots.insert(mount.root);
    }
  }
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    for (const snapshot::Mount& mount : ns.mounts) {
      Declared& declared = all_[mount.superblock];
      ++declared.shown;
      if (mount.kind == snapshot::Kind::file) declared.files.insert(mount.root);
      if (has_own_path(mount)) continue;
      const std::string key = (mount.root_removed ? "-" : "+") + mount.root;
      auto [found, fresh] = invented_.try_emplace({mount.superblock, key});
      if (!fresh) continue;
      std::string path = has_dotdot(mount.root) ? name_from(mount.root) + "_above" : mount.root;
      if (mount.root_removed) path += ".removed";
      while (!declared.roots.insert(path).second) path += "_";
      found->second = path;
      if (mount.kind == snapshot::Kind::file) declared.files.insert(path);
    }
  }
  for (uint32_t group : groups_outside(snapshot_)) {
    for (const snapshot::Namespace& ns : snapshot_.namespaces) {
      for (const snapshot::Mount& mount : ns.mounts) {
        if (mount.master == group) ++all_[mount.superblock].shown;
      }
    }
  }
}

void Superblocks::plan(uint32_t s) {
  const snapshot::Superblock& superblock = snapshot_.superblocks[s];
  Declared& declared = all_[s];
  if (options_.stand_in) {
    declared.source = *options_.stand_in;
    declared.in_memory = true;
    return;
  }
  declared.handed =
      making_of(superblock.type) == Making::handed || has_relative_layers(superblock);
  declared.in_memory = is_in_memory(superblock.type);
  if (superblock.type.empty()) {
    declared.type_param = names_.take(name_from(superblock.source) + "_type");
    declared.source = "${" + declared.type_param + "}" + option_list(superblock);
  } else {
    declared.source = quote(superblock.type) + option_list(superblock);
  }
  // `none` is what the kernel shows where nothing was given.
  if (!superblock.source.empty() && superblock.source != "none") {
    declared.source += " on " + quote(superblock.source);
  }
}

bool Superblocks::keeps_flags(const snapshot::Mount& mount) const {
  if (snapshot_.superblocks[mount.superblock].of_host) return true;
  return of(mount).handed;
}

void Superblocks::name(uint32_t s, const snapshot::Mount& shown_by) {
  Declared& declared = all_[s];
  const bool file = declared.handed && shown_by.root_internal;
  if (!declared.name.empty() && !file) return;
  const bool has_entries = !snapshot_.superblocks[s].entries.empty();
  if (declared.shown == 1 && path(shown_by).empty() && !declared.handed && !has_entries) return;
  std::string wanted = name_from(shown_by.full_target);
  if (type_names_.contains(wanted)) wanted += "_fs";
  if (file) {
    const auto [found, fresh] = files_.try_emplace({s, shown_by.root});
    if (fresh) found->second = names_.take(wanted);
    return;
  }
  declared.name = names_.take(wanted);
  if (declared.handed) declared.param = declared.name;
}

// Will something be mounted at the path, or above it, where the layout is run? It says then
// that what is there now is meant.
bool Superblocks::is_declared_over(std::string_view path) const {
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    if (ns.has_root()) continue;
    for (const snapshot::Mount& mount : ns.mounts) {
      if (is_within(path, mount.full_target)) return true;
    }
  }
  return false;
}

std::string Superblocks::path(const snapshot::Mount& mount) const {
  if (invented_.empty()) return mount.root;
  const auto key =
      std::make_pair(mount.superblock, (mount.root_removed ? "-" : "+") + mount.root);
  const auto found = invented_.find(key);
  return found == invented_.end() ? mount.root : found->second;
}

std::string Superblocks::whole(uint32_t superblock) const {
  const Declared& declared = all_[superblock];
  return declared.param.empty() ? declared.name : "bind ${" + declared.param + "}";
}

std::string Superblocks::source(const snapshot::Mount& mount) const {
  const auto file = files_.find({mount.superblock, mount.root});
  if (file != files_.end()) return "bind ${" + file->second + "}";
  const Declared& declared = of(mount);
  const std::string inside = path(mount);
  if (snapshot_.superblocks[mount.superblock].of_host) {
    const std::string path = "/" + inside;
    return (mount.may_have_more ? "rbind" : "bind") +
           std::string(is_declared_over(path) ? "(host) " : " ") + quote(path);
  }
  if (declared.name.empty()) return declared.source;
  if (declared.param.empty())
    return declared.name + (inside.empty() ? "" : " at " + quote(inside));
  if (inside.empty()) return "bind ${" + declared.param + "}";
  const std::string rest = quote(inside);
  return "bind \"${" + declared.param + "}/" +
         (rest[0] == '"' ? rest.substr(1, rest.size() - 2) : rest) + "\"";
}

// What mounts show of it, what else is known to be in it, and the directories on the way there.
std::string Superblocks::entries(uint32_t s) const {
  const Declared& declared = all_[s];
  std::map<std::string, const snapshot::Entry*> made;
  const auto add = [&made](const std::string& path, const snapshot::Entry* entry) {
    for (size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1))
      made.try_emplace(path.substr(0, at));
    if (const snapshot::Entry*& there = made[path]; entry) there = entry;
  };
  for (const std::string& root : declared.roots) add(root, nullptr);
  made.erase("");
  for (const snapshot::Entry& entry : snapshot_.superblocks[s].entries) add(entry.path, &entry);
  std::string text;
  for (const auto& [path, entry] : made) {
    const std::string name = quote(declared.name + ":/" + path);
    const char* const kind = declared.files.contains(path) ? "file" : "dir";
    text += entry ? fmt::format("{} {} {};\n", entry->keyword, name, entry->rest)
                  : fmt::format("{} {};\n", kind, name);
  }
  return text;
}

std::vector<bool> Superblocks::can_be_made() const {
  std::vector<bool> can;
  for (uint32_t s = 0; s < all_.size(); ++s) can.push_back(!all_[s].handed);
  return can;
}

std::string Superblocks::declarations(const std::function<bool(uint32_t)>& wanted) const {
  std::string text;
  for (uint32_t s = 0; s < all_.size(); ++s) {
    const Declared& declared = all_[s];
    const snapshot::Superblock& superblock = snapshot_.superblocks[s];
    if (superblock.of_host || !wanted(s)) continue;
    if (!declared.type_param.empty() && declared.shown > 0) {
      text += fmt::format("param {};  # what `blkid -o value -s TYPE {}` says\n",
                          declared.type_param, quote(superblock.source));
    }
    if (declared.name.empty()) continue;
    if (!declared.param.empty()) {
      text +=
          fmt::format("# {} of {}: give a path where the whole of it can be bound\nparam {};\n",
                      superblock.type, quote(superblock.source), declared.param);
      continue;
    }
    text += fmt::format("filesystem {} {};", declared.name, declared.source);
    if (options_.stand_in) {
      text += fmt::format("  # {} of {}", superblock.type, quote(superblock.source));
    }
    text += "\n";
    if (declared.in_memory) text += entries(s);
  }
  for (const auto& [file, param] : files_) {
    if (!wanted(file.first)) continue;
    text += fmt::format("# {}: give a path where such a file can be bound\nparam {};\n",
                        quote(file.second), param);
  }
  return text;
}

}  // namespace mountc
