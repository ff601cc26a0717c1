// compiler/layout/resolver.h - the state that the steps of resolve() share. Internal to layout/.
//
// Every step is a free function over it, in a file of its own, called in order by resolve().
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"
#include "compiler/layout/variables.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// What is known of a mount before parents and clones are found. Parallel to Layout::mounts.
struct Draft {
  MountId block = none;          // the mount whose block holds it
  bool over = false;
  bool is_copy = false;          // made by an rclone, not declared
  NamespaceId clone_ns = none;   // of clone and rclone: where the target is declared
  std::string clone_target;
  Span over_span;
  Span propagate_span;
  Span beneath_span;
};

// An entry, still with the place it stands in.
struct PendingEntry {
  const ast::Entry* node = nullptr;
  NamespaceId ns = none;
  MountId block = none;
  Span span;
};

struct Resolver {
  const Sources& sources;
  LayoutVariables& variables;
  Diagnostics& diagnostics;
  Layout layout = {};
  std::vector<Draft> drafts = {};
  std::vector<PendingEntry> entries = {};
  std::unordered_map<std::string, GroupId> groups = {};
  std::unordered_map<std::string, SuperblockId> filesystems = {};
  std::unordered_map<std::string, NamespaceId> namespaces = {};
  std::map<IdMap, uint32_t> idmaps = {};
  // The topmost mount at each target, by key(): filled by find_parents.
  std::unordered_map<std::string, MountId> targets = {};

  std::optional<std::string> decode(const ast::Value& value) const {
    return mountc::decode(sources, value, variables, diagnostics);
  }
  std::string_view raw(const ast::Value& value) const { return sources.text(value.span); }

  // A mount's target as a clone in `from` would name it.
  std::string clone_name(MountId m, NamespaceId from) const {
    const Mount& mount = layout.mounts[m];
    if (mount.ns == from) return mount.full_target;
    return (mount.ns == none ? "" : layout.namespaces[mount.ns].name) + ":" + mount.full_target;
  }

  static std::string key(NamespaceId ns, std::string_view target) {
    return std::to_string(ns) + ":" + std::string(target);
  }

  // The key of the place a mount stands on. One full target can be several places: what a block
  // mounts may be hidden by something else.
  std::string place(MountId m) const {
    const Mount& mount = layout.mounts[m];
    return mount.parent == none ? key(mount.ns, mount.target) : place(mount.parent, mount.target);
  }
  static std::string place(MountId parent, std::string_view target) {
    return "in " + std::to_string(parent) + ":" + std::string(target);
  }
};

// Reports a name that the table does not hold, with the nearest one it does.
template <typename Table>
void report_undeclared(Resolver& resolver, Span span, std::string_view what,
                       const std::string& name, const Table& table) {
  Diagnostic& diagnostic = resolver.diagnostics.report<rule::undeclared>(span, what, name);
  std::vector<std::string_view> candidates;
  for (const auto& [candidate, id] : table) candidates.push_back(candidate);
  const std::string_view meant = nearest(name, candidates);
  if (!meant.empty()) {
    diagnostic.suggest({span, std::string(meant)}, "did you mean `{}`?", meant);
  }
}

// declarations.cc: groups, filesystems and namespaces, wherever they stand.
void declare_names(Resolver& resolver, const std::vector<ast::Statement>& statements);
void bind_masters(Resolver& resolver, const std::vector<ast::Statement>& statements);

// mounts.cc: the mounts, masks, pins and entries in the order of the text.
void collect_mounts(Resolver& resolver, const std::vector<ast::Statement>& statements,
                    NamespaceId ns, MountId block);

// attributes.cc: a mount's attribute words.
void resolve_attributes(Resolver& resolver, const ast::Mount& node, Mount& mount, Draft& draft);
// unknown_attribute.cc: `known` are the words that there are. False when the words after it are
// likely another statement's.
bool report_unknown_attribute(Resolver& resolver, const ast::Source& source,
                              const ast::Attribute& attribute, const std::string& word,
                              const std::vector<std::string_view>& known);

// Of `shared A slave B`, in any order.
void suggest_slave_group(const Resolver& resolver, Diagnostic& diagnostic,
                         const ast::Attribute& first, const ast::Attribute& second);

// unknown_option.cc: `owner(option)`.
void report_unknown_option(Resolver& resolver, Span span, std::string_view owner,
                           std::string_view option);

// source_order.cc: a path stands where a filesystem type is expected, as with mount(8).
void report_path_as_type(Resolver& resolver, const ast::Mount& node);

// relative.cc: what a path that does not begin with a slash may have been meant to be.
void hint_at_relative(Diagnostic& diagnostic, std::string_view path);

// idmap.cc: an `idmap` attribute, after the mount's source.
void resolve_idmap(Resolver& resolver, const ast::Attribute& attribute, Mount& mount);

// Reports a path that Linux would not look up, for its length.
void check_path(Resolver& resolver, Span span, std::string_view path);
// A path in a block, as it leads from the root of the block's mount; reported when it is absolute
// and leads elsewhere.
std::optional<std::string> path_in_block(Resolver& resolver, Span span, const std::string& path,
                                         MountId block);

// source.cc: what a mount or a declared filesystem shows.
std::string namespace_file(Resolver& resolver, const ast::Value& value);
void resolve_source(Resolver& resolver, const ast::Mount& node, Mount& mount, Draft& draft);
// What a filesystem is described for: the advice differs where flags are said of something
// else.
enum class Describes : uint8_t { mount, declaration };
std::optional<Superblock> resolve_superblock(Resolver& resolver, const ast::Source& node,
                                             Describes what);

// super_checks.cc: options that cannot do what they are meant to.
void check_superblock(Resolver& resolver, const ast::Source& node, const Superblock& superblock,
                      Describes what);

// layers.cc: binds the layers among the options of filesystems.
void bind_layers(Resolver& resolver);

// forest.cc: parents, stacks and namespace roots.
void find_parents(Resolver& resolver);
// A mount point that another child's mount would hide is attached to first.
void order_children(const Resolver& resolver, Mount& mount);

// clones.cc: binds clone targets, then settles roots, flags, `inherit` and `follow`.
void bind_clones(Resolver& resolver);

// unroll.cc: makes clones of rclones; `order`: what is declared, sources before their clones.
void unroll_rclones(Resolver& resolver, const std::vector<MountId>& order);

// places.cc: no two mounts on one place, none where it cannot be.
void check_places(Resolver& resolver);

// entries.cc: puts entries and the mount points of memory filesystems into their superblocks.
void place_entries(Resolver& resolver);
// An octal mode, at most 7777; reported when it is none.
std::optional<uint32_t> octal_mode(Resolver& resolver, const ast::Value& value);

}  // namespace mountc
