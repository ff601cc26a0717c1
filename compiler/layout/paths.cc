// compiler/layout/paths.cc - paths as texts.
#include "compiler/layout/paths.h"

#include <algorithm>

namespace mountc {

std::string normalise(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  const bool absolute = !path.empty() && path[0] == '/';
  for_components(path, [&](std::string_view component) {
    if (component == ".") return;
    if (absolute || !out.empty()) out += '/';
    out += component;
  });
  if (absolute && out.empty()) out = "/";
  return out;
}

bool has_dotdot(std::string_view path) {
  bool found = false;
  for_components(path, [&](std::string_view component) { found |= component == ".."; });
  return found;
}

bool is_within(std::string_view inner, std::string_view outer) {
  if (outer.empty() || outer == "/") return true;
  return inner.starts_with(outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == '/');
}

std::string_view rest_below(std::string_view inner, std::string_view outer) {
  if (outer == "/") return inner.substr(1);
  std::string_view rest = inner.substr(outer.size());
  return rest.starts_with('/') ? rest.substr(1) : rest;
}

std::string join(std::string_view head, std::string_view tail) {
  if (head.empty()) return std::string(tail);
  if (tail.empty()) return std::string(head);
  std::string out(head);
  if (out.back() != '/') out += '/';
  out += tail;
  return out;
}

std::string_view common_ancestor(std::string_view a, std::string_view b) {
  while (!is_within(b, a)) a = parent_of(a);
  return a;
}

std::string_view parent_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

int depth_of(std::string_view path) {
  int depth = 0;
  for_components(path, [&](std::string_view) { ++depth; });
  return depth;
}

size_t longest_name(std::string_view path) {
  size_t bytes = 0;
  for_components(path, [&](std::string_view name) { bytes = std::max(bytes, name.size()); });
  return bytes;
}

}  // namespace mountc
