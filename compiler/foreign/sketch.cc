// compiler/foreign/sketch.cc - a namespace, mount by mount, and the layout that declares it.
#include "compiler/foreign/sketch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "compiler/layout/paths.h"
#include "compiler/layout/words.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

namespace fs = std::filesystem;

std::string below(std::string_view path, std::string_view directory) {
  return std::string(path.substr(directory == "/" ? 0 : directory.size()));
}

}  // namespace

bool is_type(std::string_view word) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.';
  };
  return !word.empty() && std::ranges::all_of(word, is_part) && !is_source_keyword(word);
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  const auto type = fs::status(path, ignored).type();
  return type != fs::file_type::directory && type != fs::file_type::not_found &&
         type != fs::file_type::none;
}

std::string plain_path(std::string_view path) {
  std::string plain = ("/" / fs::path(path).relative_path()).lexically_normal().string();
  if (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
  return plain;
}

void Sketch::mount(Mount mount) {
  mount.target = followed(mount.target, true);
  mounts_.push_back(std::move(mount));
}

Sketch::Mount* Sketch::exactly_at(std::string_view target) {
  const auto found = std::find_if(mounts_.rbegin(), mounts_.rend(),
                                  [&](const Mount& m) { return m.target == target; });
  return found == mounts_.rend() ? nullptr : &*found;
}

// The longest target above it; of a stack, the topmost.
const Sketch::Mount* Sketch::parent_of(std::string_view target) const {
  const Mount* parent = nullptr;
  for (const Mount& mount : mounts_) {
    if (mount.target == target || !is_within(target, mount.target)) continue;
    if (!parent || mount.target.size() >= parent->target.size()) parent = &mount;
  }
  return parent;
}

void Sketch::directories_above(const std::string& path, const Mount& parent) {
  const std::string inside = below(path, parent.target);
  for (size_t slash = inside.find('/', 1); slash != std::string::npos;
       slash = inside.find('/', slash + 1)) {
    const std::string prefix = parent.target == "/" ? "" : parent.target;
    const std::string directory = prefix + inside.substr(0, slash);
    if (exactly_at(directory) || !made_.insert(directory).second) continue;
    entries_.push_back(fmt::format("dir {};\n", quote(directory)));
  }
}

bool Sketch::entry(std::string_view keyword, const std::string& written,
                   const std::string& rest) {
  const std::string path = followed(written, keyword == "dir");
  if (keyword == "dir" && exactly_at(path)) return true;
  const Mount* const parent = parent_of(path);
  if (!parent || !parent->in_memory || exactly_at(path)) return false;
  if (keyword == "dir" && !made_.insert(path).second) return true;
  directories_above(path, *parent);
  entries_.push_back(
      fmt::format("{} {}{}{};\n", keyword, quote(path), rest.empty() ? "" : " ", rest));
  return true;
}

bool Sketch::link(const std::string& path, const std::string& text) {
  if (!entry("symlink", path, "to " + quote(text))) return false;
  links_[followed(path, false)] = text;
  return true;
}

void Sketch::make_read_only(const std::string& written) {
  const std::string path = followed(written, true);
  if (Mount* const there = exactly_at(path)) {
    const std::string word = there->is_tree ? "ro(top)" : "ro";
    std::erase(there->attributes, there->is_tree ? "rw(top)" : "rw");
    const bool is_so = std::ranges::find(there->attributes, "ro") != there->attributes.end() ||
                       std::ranges::find(there->attributes, word) != there->attributes.end();
    if (!is_so) there->attributes.insert(there->attributes.begin(), word);
    return;
  }
  const Mount* const shown = parent_of(path);
  if (!shown) return;
  const std::string inside = below(path, shown->target);
  mount({.target = path,
         .source = fmt::format("clone {} at {}", quote(shown->target), quote(inside.substr(1))),
         .attributes = {"ro", "optional"},
         .directory = shown->directory.empty() ? "" : shown->directory + inside,
         .in_memory = shown->in_memory});
}

// How its mount point comes to be, where it does not exist: always in a tmpfs of the layout,
// and in a directory of this machine when it is missing there.
std::string Sketch::mount_point(const Mount& mount) const {
  const Mount* const parent = parent_of(mount.target);
  if (!parent || mount.source.starts_with("clone ")) return "";
  std::error_code ignored;
  const bool looked_at =
      !parent->directory.empty() && fs::is_directory(parent->directory, ignored);
  const std::string inside = below(mount.target, parent->target);
  const bool missing = looked_at && !fs::exists(fs::symlink_status(
                                        fs::path(parent->directory + inside), ignored));
  if (!parent->in_memory && !missing) return "";
  const bool deep = inside.find('/', 1) != std::string::npos;
  return fmt::format(" {}{}", mount.is_file ? "touch" : "mkdir", deep ? "(parents)" : "");
}

std::string Sketch::text(const std::string& name) const {
  std::string out = fmt::format("namespace {} {{\n", name);
  std::set<std::string_view> covered;
  for (const Mount& mount : mounts_) {
    const bool over = !covered.insert(mount.target).second;
    out += fmt::format("mount {} {}{}{}{}{};\n", quote(mount.target), mount.source,
                       mount.attributes.empty() ? "" : " ", fmt::join(mount.attributes, " "),
                       over ? "" : mount_point(mount), over ? " over" : "");
  }
  if (!entries_.empty()) out += "\n";
  for (const std::string& entry : entries_) out += entry;
  if (!masks_.empty()) out += "\n";
  for (const std::string& path : masks_) out += fmt::format("mask {};\n", quote(path));
  return out + "}\n";
}

}  // namespace mountc
