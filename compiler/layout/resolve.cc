// compiler/layout/resolve.cc - syntax tree to layout, step by step.
#include "compiler/layout/resolve.h"

#include "compiler/layout/expand.h"
#include "compiler/layout/resolver.h"

namespace mountc {

std::optional<Layout> resolve(ast::File file, Sources& sources,
                              const std::map<std::string, std::string>& definitions,
                              Diagnostics& diagnostics) {
  LayoutVariables variables(sources, definitions, diagnostics);
  const auto statements = expand(std::move(file.statements), sources, variables, diagnostics);
  if (!statements) return std::nullopt;

  Resolver resolver{sources, variables, diagnostics};
  declare_names(resolver, *statements);
  bind_masters(resolver, *statements);
  collect_mounts(resolver, *statements, none, none);
  bind_layers(resolver);
  if (diagnostics.has_errors()) return std::nullopt;

  find_parents(resolver);
  bind_clones(resolver);
  check_places(resolver);
  if (diagnostics.has_errors()) return std::nullopt;
  place_entries(resolver);
  if (diagnostics.has_errors()) return std::nullopt;
  return std::move(resolver.layout);
}

}  // namespace mountc
