// compiler/layout/declarations.cc - the names a layout declares: groups, filesystems,
// namespaces.
#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"
#include "compiler/layout/words.h"

namespace mountc {
namespace {

// Decodes a declared name and enters it; none when it is taken or is no name.
template <typename Table, typename SpanOf>
std::optional<std::string> declare(Resolver& r, const ast::Value& value, std::string_view what,
                                   const Table& table, SpanOf span_of) {
  auto name = r.decode(value);
  if (!name) return std::nullopt;
  if (!is_name(*name)) {
    r.diagnostics.report<rule::bad_name>(value.span, *name, what);
    return std::nullopt;
  }
  const auto found = table.find(*name);
  if (found == table.end()) return name;
  r.diagnostics.report<rule::declared_twice>(value.span, what, *name)
      .note(span_of(found->second), "`{}` is declared first here", *name);
  return std::nullopt;
}

void declare_group(Resolver& r, const ast::Group& node, Span statement) {
  auto name = declare(r, node.name, "group", r.groups,
                      [&](GroupId g) { return r.layout.groups[g].span; });
  if (!name) return;
  Group group;
  group.name = *name;
  group.span = node.name.span;
  group.statement = statement;
  if (node.peers_of) {
    group.peers_of = r.decode(*node.peers_of).value_or("/");
    group.master_span = node.peers_of->span;
    if (!group.peers_of->starts_with('/')) {
      r.diagnostics.report<rule::relative_source>(node.peers_of->span, *group.peers_of);
    }
    check_path(r, node.peers_of->span, *group.peers_of);
    *group.peers_of = normalise(*group.peers_of);
    if (node.peers_in) group.peers_in = namespace_file(r, *node.peers_in);
  }
  r.groups.emplace(*name, static_cast<GroupId>(r.layout.groups.size()));
  r.layout.groups.push_back(std::move(group));
}

void declare_filesystem(Resolver& r, const ast::Filesystem& node, Span statement) {
  auto name = declare(r, node.name, "filesystem", r.filesystems,
                      [&](SuperblockId s) { return r.layout.superblocks[s].span; });
  if (!name) return;
  if (is_source_keyword(*name)) {
    r.diagnostics.report<rule::bad_name>(node.name.span, *name, "filesystem");
    return;
  }
  if (is_common_type(*name)) {
    r.diagnostics.report<rule::name_shadows_type>(node.name.span, *name);
  }
  auto superblock = resolve_superblock(r, node.source, Describes::declaration);
  if (!superblock) return;
  superblock->name = *name;
  superblock->span = node.name.span;
  superblock->statement = statement;
  r.filesystems.emplace(*name, static_cast<SuperblockId>(r.layout.superblocks.size()));
  r.layout.superblocks.push_back(std::move(*superblock));
}

void declare_namespace(Resolver& r, const ast::Namespace& node, Span statement) {
  auto name = declare(r, node.name, "namespace", r.namespaces,
                      [&](NamespaceId n) { return r.layout.namespaces[n].span; });
  if (!name) return;
  Namespace ns;
  ns.name = *name;
  ns.span = node.name.span;
  ns.statement = statement;
  if (node.copy) {
    const std::string_view kind = r.raw(*node.copy);
    ns.copy_span = node.copy->span;
    ns.copy = kind == "slave"     ? Copy::slave
              : kind == "inherit" ? Copy::inherit
                                  : Copy::private_;
  }
  r.namespaces.emplace(*name, static_cast<NamespaceId>(r.layout.namespaces.size()));
  r.layout.namespaces.push_back(std::move(ns));
}

}  // namespace

void declare_names(Resolver& r, const std::vector<ast::Statement>& statements) {
  for (const ast::Statement& statement : statements) {
    const Span span = statement.span;
    if (const auto* group = std::get_if<ast::Group>(&statement.node)) {
      declare_group(r, *group, span);
    } else if (const auto* filesystem = std::get_if<ast::Filesystem>(&statement.node)) {
      declare_filesystem(r, *filesystem, span);
    } else if (const auto* ns = std::get_if<ast::Namespace>(&statement.node)) {
      declare_namespace(r, *ns, span);
    }
  }
}

void bind_masters(Resolver& r, const std::vector<ast::Statement>& statements) {
  for (const ast::Statement& statement : statements) {
    const auto* node = std::get_if<ast::Group>(&statement.node);
    if (!node || !node->slave_of) continue;
    const auto name = r.decode(node->name);
    const auto master = r.decode(*node->slave_of);
    if (!name || !master) continue;
    const auto self = r.groups.find(*name);
    if (self == r.groups.end()) continue;
    const auto found = r.groups.find(*master);
    if (found == r.groups.end()) {
      report_undeclared(r, node->slave_of->span, "group", *master, r.groups);
      continue;
    }
    Group& group = r.layout.groups[self->second];
    group.master = found->second;
    group.master_span = node->slave_of->span;
  }
}

}  // namespace mountc
