// compiler/foreign/links.cc - the symbolic links on the way to what a sketch mounts.
//
// runc and bubblewrap look their targets up as mount(2) does, inside the root that they make. A
// layout follows no link in what it builds, so it names what the path leads to: links that the
// description itself makes are known, and those in a directory of this machine are read.
#include <algorithm>
#include <filesystem>

#include "compiler/foreign/sketch.h"
#include "compiler/layout/paths.h"

namespace mountc {
namespace {

// In front of what is still to go, the last one first.
void add_parts(std::string_view path, std::vector<std::string>& pending) {
  std::vector<std::string> parts;
  for (size_t at = 0; at < path.size();) {
    const size_t slash = std::min(path.find('/', at), path.size());
    if (slash > at) parts.emplace_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  pending.insert(pending.end(), parts.rbegin(), parts.rend());
}

}  // namespace

std::string Sketch::followed(const std::string& path, bool last_one_too) {
  constexpr int links_max = 40;  // Linux include/linux/namei.h MAXSYMLINKS
  std::vector<std::string> pending;
  add_parts(path, pending);
  std::string done;
  for (int links = 0; !pending.empty();) {
    const std::string part = std::move(pending.back());
    pending.pop_back();
    if (part == ".") continue;
    if (part == "..") {
      done.erase(std::min(done.rfind('/'), done.size()));
      continue;
    }
    const std::string next = done + "/" + part;
    const auto text = pending.empty() && !last_one_too ? std::nullopt : link_at(next);
    if (!text || ++links > links_max) {
      done = next;
      continue;
    }
    if (text->starts_with('/')) done.clear();
    add_parts(*text, pending);
  }
  return done.empty() ? "/" : done;
}

std::optional<std::string> Sketch::link_at(const std::string& path) {
  if (exactly_at(path)) return std::nullopt;
  const Mount* const parent = parent_of(path);
  if (!parent) return std::nullopt;
  if (parent->in_memory) {
    const auto made = links_.find(path);
    return made == links_.end() ? std::nullopt : std::optional(made->second);
  }
  if (parent->directory.empty()) return std::nullopt;
  std::error_code error;
  const auto text = std::filesystem::read_symlink(
      parent->directory + "/" + std::string(rest_below(path, parent->target)), error);
  return error ? std::nullopt : std::optional(text.string());
}

}  // namespace mountc
