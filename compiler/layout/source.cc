// compiler/layout/source.cc - what a mount or a declared filesystem shows.
#include "compiler/layout/numbers.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"
#include "compiler/layout/super_options.h"

namespace mountc {
namespace {

void check_length(Resolver& r, Span span, const std::string& text) {
  if (text.size() > option_bytes_max) {
    r.diagnostics.report<rule::option_too_long>(span, text.size());
  }
}

std::string inner_path(Resolver& r, const ast::Value& value) {
  const std::string path = r.decode(value).value_or("");
  check_path(r, value.span, path);
  if (has_dotdot(path)) r.diagnostics.report<rule::dotdot_target>(value.span, path);
  std::string inner = normalise(path);
  if (inner.starts_with('/')) inner.erase(0, 1);
  return inner;
}

SuperblockOption resolve_option(Resolver& r, const ast::Option& node, std::string_view type) {
  SuperblockOption option;
  option.key = r.decode(node.key).value_or("");
  option.has_value = node.has_value;
  check_length(r, node.key.span, option.key);
  for (const ast::Value& value : node.values) {
    option.values.push_back(r.decode(value).value_or(""));
    check_length(r, value.span, option.values.back());
    if (!node.layers.empty()) continue;
    if (const auto wanted = wrong_number(type, option.key, option.values.back())) {
      Diagnostic& diagnostic =
          r.diagnostics.report<rule::bad_number>(value.span, option.values.back(), *wanted);
      if (*wanted == "size") diagnostic.hint("one of K M G T P E may follow the digits: `64M`");
    }
  }
  for (const ast::Layer& layer : node.layers) {
    const Span span = node.values[layer.index].span;
    option.layers.push_back(
        {layer.index, none, layer.at ? inner_path(r, *layer.at) : "", span});
  }
  // The kernel's appending keys take one element a call: lowerdir=[/a, /b] is `lowerdir+`
  // twice.
  // For a layer of the layout, and for data alone, there is no other key (Linux
  // fs/overlayfs/params.c ovl_parameter_spec).
  const bool appends =
      type == "overlay" &&
      ((option.key == "lowerdir" && !node.layers.empty()) || option.key == "datadir");
  if (node.is_list || appends) option.key += '+';
  return option;
}

void no_options(Resolver& r, const ast::Source& node, std::string_view what) {
  if (!node.options) return;
  r.diagnostics.report<rule::unknown_option>(node.options->span, what,
                                             r.sources.text(node.options->span));
}

void no_clause(Resolver& r, const std::optional<ast::Value>& clause, std::string_view word,
               std::string_view why) {
  if (clause) r.diagnostics.report<rule::misplaced>(clause->span, word, why);
}

void resolve_bind(Resolver& r, const ast::Source& node, Mount& mount) {
  mount.source.kind = node.kind == ast::SourceKind::bind ? SourceKind::bind : SourceKind::rbind;
  mount.source.path = r.decode(node.head).value_or("/");
  if (!mount.source.path.starts_with('/')) {
    hint_at_relative(
        r.diagnostics.report<rule::relative_source>(node.head.span, mount.source.path),
        mount.source.path);
  }
  check_path(r, node.head.span, mount.source.path);
  // `..` and symbolic links mean what the caller's namespace makes of them: only tidied.
  mount.source.path = normalise(mount.source.path);
  if (node.in) mount.source.in = namespace_file(r, *node.in);
  no_clause(r, node.on, "on", "belongs to a filesystem type");
  no_clause(r, node.at, "at",
            "belongs to a declared filesystem or a clone; write the whole path");
  if (!node.options) return;
  for (const ast::Option& option : node.options->options) {
    if (r.raw(option.key) == "host" && !option.has_value) {
      mount.source.of_host = true;
    } else {
      report_unknown_option(r, option.key.span, "bind", r.raw(option.key));
    }
  }
}

// NAME:TARGET is a mount of the namespace NAME, :TARGET one outside namespaces.
void clone_namespace(Resolver& r, Span span, std::string& target, Draft& draft) {
  const size_t colon = target.find(':');
  if (target.starts_with('/') || colon == std::string::npos) return;
  const std::string name = target.substr(0, colon);
  target.erase(0, colon + 1);
  const auto found = r.namespaces.find(name);
  if (name.empty()) {
    draft.clone_ns = none;
  } else if (found == r.namespaces.end()) {
    report_undeclared(r, span, "namespace", name, r.namespaces);
  } else {
    draft.clone_ns = found->second;
  }
}

void resolve_clone(Resolver& r, const ast::Source& node, Mount& mount, Draft& draft) {
  mount.source.kind =
      node.kind == ast::SourceKind::clone ? SourceKind::clone : SourceKind::rclone;
  std::string target = r.decode(node.head).value_or("/");
  clone_namespace(r, node.head.span, target, draft);
  draft.clone_target = normalise(target);
  check_path(r, node.head.span, draft.clone_target);
  if (!draft.clone_target.starts_with('/')) {
    r.diagnostics.report<rule::relative_target>(node.head.span, target)
        .hint("what is cloned is named by its whole target, in a block, too");
  }
  if (node.at) mount.source.at = inner_path(r, *node.at);
  no_options(r, node, "clone");
  no_clause(r, node.on, "on", "belongs to a filesystem type");
}

void resolve_filesystem(Resolver& r, const ast::Mount& statement, Mount& mount) {
  const ast::Source& node = statement.source;
  mount.source.kind = SourceKind::filesystem;
  const std::string head = r.decode(node.head).value_or("");
  const auto declared = r.filesystems.find(head);
  if (declared != r.filesystems.end()) {
    mount.source.superblock = declared->second;
    no_options(r, node, head);
    no_clause(r, node.on, "on", "belongs to the declaration of the filesystem");
    if (node.at) mount.source.at = inner_path(r, *node.at);
    return;
  }
  if (head.starts_with('/')) {
    report_path_as_type(r, statement);
    return;
  }
  if (head.starts_with('-')) {
    r.diagnostics
        .report<rule::misplaced>(node.head.span, head, "stands where a source is expected")
        .hint("options of mount(8) are attributes here, after the source: `ro nosuid`");
    return;
  }
  if (node.at) {
    // Only a declared filesystem has places that can be shown.
    report_undeclared(r, node.head.span, "filesystem", head, r.filesystems);
    return;
  }
  auto superblock = resolve_superblock(r, node, Describes::mount);
  if (!superblock) return;
  superblock->span = node.span;
  superblock->statement = node.span;
  mount.source.superblock = static_cast<SuperblockId>(r.layout.superblocks.size());
  r.layout.superblocks.push_back(std::move(*superblock));
}

}  // namespace

std::string namespace_file(Resolver& r, const ast::Value& value) {
  std::string path = r.decode(value).value_or("/");
  check_path(r, value.span, path);
  if (!path.starts_with('/')) r.diagnostics.report<rule::relative_source>(value.span, path);
  return path;
}

void resolve_source(Resolver& r, const ast::Mount& statement, Mount& mount, Draft& draft) {
  const ast::Source& node = statement.source;
  mount.source.span = node.span;
  switch (node.kind) {
    case ast::SourceKind::bind:
    case ast::SourceKind::rbind: return resolve_bind(r, node, mount);
    case ast::SourceKind::clone:
    case ast::SourceKind::rclone: return resolve_clone(r, node, mount, draft);
    case ast::SourceKind::filesystem: return resolve_filesystem(r, statement, mount);
  }
}

std::optional<Superblock> resolve_superblock(Resolver& r, const ast::Source& node,
                                             Describes what) {
  if (node.kind != ast::SourceKind::filesystem) {
    r.diagnostics.report<rule::misplaced>(node.span, r.sources.text(node.span),
                                          "is no filesystem type");
    return std::nullopt;
  }
  Superblock superblock;
  superblock.type = r.decode(node.head).value_or("");
  if (node.on) {
    superblock.source = r.decode(*node.on);
    if (superblock.source) check_length(r, node.on->span, *superblock.source);
  }
  if (node.options) {
    for (const ast::Option& option : node.options->options) {
      superblock.options.push_back(resolve_option(r, option, superblock.type));
    }
  }
  check_superblock(r, node, superblock, what);
  return superblock;
}

}  // namespace mountc
