// compiler/layout/idmap.cc - the attribute `idmap`: the file of a user namespace.
#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

uint32_t number_of(Resolver& r, const ast::Value& value) {
  const std::string path = r.decode(value).value_or("/");
  check_path(r, value.span, path);
  if (!path.starts_with('/')) r.diagnostics.report<rule::relative_source>(value.span, path);
  auto& all = r.layout.idmaps;
  const auto found = std::ranges::find(all, path);
  const auto number = static_cast<uint32_t>(found - all.begin());
  if (found == all.end()) all.push_back(path);
  return number;
}

}  // namespace

void resolve_idmap(Resolver& r, const ast::Attribute& attribute, Mount& mount) {
  bool said = false;
  if (attribute.options) {
    for (const ast::Option& option : attribute.options->options) {
      const auto key = r.decode(option.key).value_or("");
      const bool one = option.has_value && !option.is_list && option.layers.empty();
      if (key == "ns" && one && !said) {
        said = true;
        mount.idmap = number_of(r, option.values[0]);
      } else if (key == "recursive" && !option.has_value) {
        mount.idmap_recursive = true;
      } else {
        r.diagnostics.report<rule::unknown_option>(option.key.span, "idmap", key);
        return;
      }
    }
  }
  if (!said) r.diagnostics.report<rule::idmap_of_nothing>(attribute.span);
  const bool tree =
      mount.source.kind == SourceKind::rbind || mount.source.kind == SourceKind::rclone;
  if (mount.idmap_recursive && !tree) {
    r.diagnostics.report<rule::misplaced>(attribute.span, "recursive",
                                          "concerns the mounts below an `rbind` or `rclone`");
  }
}

}  // namespace mountc
