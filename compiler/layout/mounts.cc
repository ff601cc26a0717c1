// compiler/layout/mounts.cc - the mounts, masks, pins and entries in the order of the text.
#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

class Collector {
 public:
  explicit Collector(Resolver& r) : r_(r) {}

  void statements(const std::vector<ast::Statement>& list, NamespaceId ns, MountId block) {
    for (const ast::Statement& statement : list) {
      ns_ = ns;
      block_ = block;
      span_ = statement.span;
      std::visit([this](const auto& node) { visit(node); }, statement.node);
    }
  }

 private:
  // Declarations are global and have been read; inside a block or namespace they are misplaced.
  void visit(const ast::Param& node) { only_at_top(node.is_let ? "let" : "param"); }
  void visit(const ast::Group&) { only_at_top("group"); }
  void visit(const ast::Filesystem&) { only_at_top("filesystem"); }

  // Nothing is left of them: expand.cc.
  void visit(const ast::Include&) {}
  void visit(const ast::For&) {}

  void visit(const ast::Namespace& node) {
    only_at_top("namespace");
    const auto name = r_.decode(node.name);
    const auto found = name ? r_.namespaces.find(*name) : r_.namespaces.end();
    if (found == r_.namespaces.end()) return;
    Collector(r_).statements(node.body, found->second, none);
  }

  void visit(const ast::Mount& node) {
    Mount mount;
    Draft draft;
    draft.clone_ns = ns_;
    if (r_.raw(node.target).starts_with('-')) return option_first(node);
    target(node.target, mount);  // a bad one is reported; what follows it is looked at as well
    resolve_source(r_, node, mount, draft);
    resolve_attributes(r_, node, mount, draft);
    const MountId id = add(std::move(mount), std::move(draft));
    if (node.has_block) Collector(r_).statements(node.block, ns_, id);
  }

  // `mount -t TYPE SOURCE TARGET`: words of mount(8), told once, in the order of a layout.
  void option_first(const ast::Mount& node) {
    Diagnostic& diagnostic =
        r_.diagnostics.report<rule::relative_target>(node.target.span, r_.raw(node.target));
    const auto word = [&](size_t i) { return r_.raw(node.attributes[i].word); };
    const std::string_view option = r_.raw(node.target), value = r_.raw(node.source.head);
    if (option == "-t" && node.attributes.size() == 2) {
      diagnostic.hint("the target comes first: `mount {} {} on {};`", word(1), value, word(0));
    } else if ((option == "--bind" || option == "--rbind") && node.attributes.size() == 1) {
      diagnostic.hint("the target comes first: `mount {} {} {};`", word(0), option.substr(2),
                      value);
    } else if (option.starts_with("--make-")) {
      diagnostic.hint(
          "what exists is left as it is: `shared GROUP`, `slave GROUP` and `private` are said "
          "of the "
          "mounts of the layout");
    } else {
      diagnostic.hint(
          "options of mount(8) are words here: `mount TARGET TYPE on SOURCE ro nosuid;`, "
          "`mount TARGET bind PATH;`");
    }
  }

  void visit(const ast::Mask& node) {
    Mount mount;
    mount.is_mask = true;
    target(node.path, mount);
    add(std::move(mount), {});
  }

  void visit(const ast::Entry& node) { r_.entries.push_back({&node, ns_, block_, span_}); }

  void visit(const ast::Pin& node) {
    if (ns_ == none || block_ != none) {
      r_.diagnostics.report<rule::misplaced>(span_, "pin", "belongs directly into a namespace");
      return;
    }
    Namespace& ns = r_.layout.namespaces[ns_];
    const auto path = r_.decode(node.path);
    if (!path) return;
    check_path(r_, node.path.span, *path);
    if (ns.pin) {
      r_.diagnostics.report<rule::declared_twice>(node.path.span, "the pin of", ns.name)
          .note(ns.pin_span, "it is pinned here already");
    } else if (!path->starts_with('/')) {
      r_.diagnostics.report<rule::relative_target>(node.path.span, *path);
    } else {
      ns.pin = normalise(*path);
      ns.pin_span = node.path.span;
      ns.pin_statement = span_;
    }
  }

  void only_at_top(std::string_view what) {
    if (ns_ == none && block_ == none) return;
    r_.diagnostics.report<rule::misplaced>(
        span_, what, "is global: declare it outside namespaces and blocks");
  }

  // Fills the target fields.
  void target(const ast::Value& value, Mount& mount) {
    const auto path = r_.decode(value);
    if (!path) return;
    mount.target_span = value.span;
    check_path(r_, value.span, *path);
    if (has_dotdot(*path)) {
      r_.diagnostics.report<rule::dotdot_target>(value.span, *path);
      return;
    }
    mount.full_target = mount.target = normalise(*path);
    if (block_ == none) {
      if (path->starts_with('/')) return;
      Diagnostic& diagnostic = r_.diagnostics.report<rule::relative_target>(value.span, *path);
      hint_at_relative(diagnostic, *path);
      return;
    }
    mount.target = path_in_block(r_, value.span, mount.target, block_).value_or("");
    mount.full_target = join(r_.layout.mounts[block_].full_target, mount.target);
  }

  MountId add(Mount mount, Draft draft) {
    const auto id = static_cast<MountId>(r_.layout.mounts.size());
    mount.ns = ns_;
    mount.span = span_;
    draft.block = block_;
    r_.layout.mounts.push_back(std::move(mount));
    r_.drafts.push_back(std::move(draft));
    return id;
  }

  Resolver& r_;
  NamespaceId ns_ = none;
  MountId block_ = none;
  Span span_;
};

}  // namespace

void collect_mounts(Resolver& r, const std::vector<ast::Statement>& statements, NamespaceId ns,
                    MountId block) {
  Collector(r).statements(statements, ns, block);
}

void check_path(Resolver& r, Span span, std::string_view path) {
  constexpr size_t path_bytes_max = 4095, name_bytes_max = 255;  // Linux PATH_MAX - 1, NAME_MAX
  if (path.size() > path_bytes_max) {
    r.diagnostics.report<rule::path_too_long>(span, "a path", path.size(), path_bytes_max);
  } else if (longest_name(path) > name_bytes_max) {
    r.diagnostics.report<rule::path_too_long>(span, "a name", longest_name(path),
                                              name_bytes_max);
  }
}

std::optional<std::string> path_in_block(Resolver& r, Span span, const std::string& path,
                                         MountId block) {
  if (!path.starts_with('/')) return path;
  const Mount& outer = r.layout.mounts[block];
  if (is_within(path, outer.full_target) && path != outer.full_target) {
    return std::string(rest_below(path, outer.full_target));
  }
  r.diagnostics.report<rule::target_outside>(span, path)
      .note(outer.target_span, "the block is that of `{}`", outer.full_target);
  return std::nullopt;
}

}  // namespace mountc
