// compiler/layout/includes.cc - reads included files.
#include "compiler/layout/includes.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "compiler/syntax/parse.h"
#include "compiler/syntax/respan.h"

namespace mountc {
namespace {

constexpr std::size_t depth_max = 64;

}  // namespace

std::optional<std::vector<ast::Statement>> Includes::read(const ast::Statement& statement,
                                                          std::set<uint32_t>& texts) {
  const Span place = std::get<ast::Include>(statement.node).path.span;
  const auto path =
      decode(sources_, std::get<ast::Include>(statement.node).path, variables_, diagnostics_);
  if (!path || is_too_deep(place)) return std::nullopt;
  const std::string from_here = path_from(place.file, *path);
  const auto reading =
      sources_.include(from_here, {place, fmt::format("`{}` is included here", *path)});
  if (!reading) {
    diagnostics_.report<rule::include_unreadable>(place, from_here, std::strerror(errno));
    return std::nullopt;
  }
  if (is_circle(place, *reading)) return std::nullopt;
  const uint32_t text = sources_.text_of(*reading);
  if (!texts.insert(text).second) return std::nullopt;
  const auto [parsed, fresh] = parsed_.try_emplace(text);
  if (fresh) parsed->second = parse(sources_, *reading, diagnostics_);
  if (!parsed->second) return std::nullopt;
  return respan(parsed->second->statements, *reading);
}

// A relative path leads from the directory of the file that includes; from standard input, from
// the working directory.
std::string Includes::path_from(uint32_t reading, const std::string& path) const {
  const std::string& includer = sources_.file(reading).name;
  if (path.starts_with('/')) return path;
  return includer.substr(0, includer.rfind('/') + 1) + path;
}

bool Includes::is_too_deep(Span place) {
  std::size_t depth = 0;
  for (const Origin* origin = sources_.origin(place.file); origin != nullptr;
       origin = sources_.origin(origin->place.file)) {
    depth += origin->is_include ? 1 : 0;
  }
  if (depth < depth_max) return false;
  diagnostics_.report<rule::expansion_too_large>(place, "files include each other",
                                                 fmt::format("{} deep", depth_max));
  return true;
}

bool Includes::is_circle(Span place, uint32_t reading) {
  const uint32_t text = sources_.text_of(reading);
  std::vector<Span> edges = {place};  // the include statements, from the last one up
  const auto includer = [&](Span edge) -> const std::string& {
    return sources_.file(edge.file).name;
  };
  uint32_t at = place.file;
  while (sources_.text_of(at) != text) {
    const Origin* const origin = sources_.origin(at);
    if (!origin) return false;
    if (origin->is_include) edges.push_back(origin->place);
    at = origin->place.file;
  }
  std::ranges::reverse(edges);
  const std::string& first = sources_.file(reading).name;
  const std::string& second = edges.size() > 1 ? includer(edges[1]) : first;
  Diagnostic& diagnostic = diagnostics_.report<rule::include_cycle>(place, first, second);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const std::string& included = i + 1 < edges.size() ? includer(edges[i + 1]) : first;
    diagnostic.note(edges[i], "`{}` includes `{}` here", includer(edges[i]), included);
  }
  return true;
}

}  // namespace mountc
