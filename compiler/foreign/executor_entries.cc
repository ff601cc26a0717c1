// compiler/foreign/executor_entries.cc - what a script or a log makes, removes and moves in its
// filesystems.
#include <algorithm>
#include <filesystem>

#include "compiler/foreign/entries.h"
#include "compiler/foreign/executor.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

// What `ln -sr` makes of its operands; empty: that takes the current directory. (The links on
// the way, which ln(1) resolves, are not known.)
std::string relative_text(const std::string& to, const std::string& link) {
  const std::filesystem::path target = std::filesystem::path(to).lexically_normal();
  const std::filesystem::path from = std::filesystem::path(link).lexically_normal();
  const auto without_slash = [](const std::filesystem::path& path) {
    return path.has_filename() ? path : path.parent_path();
  };
  if (target.is_absolute() != from.is_absolute()) return "";
  const auto above = without_slash(from).parent_path();
  return without_slash(target).lexically_relative(above.empty() ? "." : above).string();
}

}  // namespace

using kernel::DentryKind;
using kernel::DentryRef;
using kernel::Path;

// A directory that is there stays what it is, and so does a link that leads to one; whatever
// else is made takes the place of what was there.
void Executor::remember(Path at, const std::string& keyword, const std::string& rest) {
  const kernel::Dentries& dentries = kernel().dentries();
  const std::string& type = dentries.superblock(dentries[at.dentry].superblock).type;
  if (kernel().is_root(at) || (type != "tmpfs" && type != "ramfs")) return;
  const auto [entry, fresh] = result_.world.made.try_emplace(at.dentry);
  if (fresh || keyword != "dir") entry->second = {"", keyword, rest};
}

// What it knows of a path, and of all that is in it. A mount point stays: it is busy.
std::vector<Executor::KnownEntry> Executor::take_away(Path at) {
  std::vector<KnownEntry> taken;
  kernel::Dentries& dentries = kernel().dentries();
  const bool alone = dentries[at.dentry].kind == DentryKind::file;
  // What is in a directory comes after it.
  const DentryRef end = alone ? at.dentry + 1 : static_cast<DentryRef>(dentries.size());
  for (DentryRef d = at.dentry; d < end; ++d) {
    const Path here = {at.mount, d};
    if (!dentries.is_within(d, at.dentry) || kernel().mounts().topmost(here) != here) continue;
    KnownEntry known{.kind = dentries[d].kind};
    for (DentryRef each = d; each != at.dentry; each = dentries[each].parent)
      known.names.emplace(known.names.begin(), dentries.name(each));
    if (known.kind != DentryKind::missing) dentries.set_kind(d, DentryKind::any);
    if (auto made = result_.world.made.extract(d)) known.made = std::move(made.mapped());
    if (known.made || known.kind != DentryKind::any) taken.push_back(std::move(known));
  }
  return taken;
}

void Executor::put(Path at, const std::vector<KnownEntry>& entries) {
  for (const KnownEntry& known : entries) {
    Path place = at;
    for (const std::string& name : known.names) {
      if (place.dentry != kernel::nothing)
        place.dentry = kernel().dentries().child(place.dentry, name);
    }
    if (place.dentry == kernel::nothing) continue;
    learn_kind(place, known.kind);
    if (known.made) remember(place, known.made->keyword, known.made->rest);
  }
}

// rmdir(2) refuses a directory that something is in, and so does rm(1) without `-r`. With a
// link goes what was made by a path through it.
void Executor::remove(Path at, bool all) {
  if (kernel().is_root(at)) return;
  kernel::Dentries& dentries = kernel().dentries();
  auto& made = result_.world.made;
  const auto there = made.find(at.dentry);
  if (all || (there != made.end() && there->second.keyword == "symlink")) {
    (void)take_away(at);
    return;
  }
  const bool has_more = std::ranges::any_of(made, [&](const auto& each) {
    return each.first != at.dentry && dentries.is_within(each.first, at.dentry);
  });
  if (has_more) return;
  made.erase(at.dentry);
  dentries.set_kind(at.dentry, DentryKind::any);
}

void Executor::move(Path from, Path to, bool exchange) {
  const kernel::Dentries& dentries = kernel().dentries();
  if (kernel().is_root(from) || kernel().is_root(to) ||
      dentries.is_within(from.dentry, to.dentry) || dentries.is_within(to.dentry, from.dentry))
    return;
  const DentryKind kind = kind_of(from);
  const std::vector<KnownEntry> moved = take_away(from);
  const std::vector<KnownEntry> replaced = take_away(to);
  put(to, moved);
  const bool link = !moved.empty() && moved[0].made && moved[0].made->keyword == "symlink";
  if (!link) learn_kind(to, kind);
  if (exchange) put(from, replaced);
}

// Where an entry gets its name; `path`: the same in the words of the script.
bool Executor::place_of(const MadeEntry& entry, Path& place, std::string& path) {
  const auto is_found = [&] {
    return !path.empty() && !kernel().look_up(task(), task().cwd, path, place).refused();
  };
  path = entry.path;
  if (!is_found()) return false;
  if (entry.like.empty() || entry.removed) return true;
  if (!entry.inside && kernel().dentries()[place.dentry].kind != DentryKind::directory)
    return true;
  path += "/" + std::filesystem::path(entry.like).filename().string();
  return is_found();
}

void Executor::make_entries(const std::vector<std::string>& words) {
  for (MadeEntry& entry : made_entries(words)) {
    Path place, source;
    std::string path;
    if (!place_of(entry, place, path)) continue;
    const bool has_source = !entry.like.empty() &&
                            !kernel().look_up(task(), task().cwd, entry.like, source).refused();
    if (entry.removed) {
      remove(place, entry.all);
      continue;
    }
    if (entry.moved) {
      if (has_source) move(source, place, false);
      continue;
    }
    if (entry.kind == DentryKind::any && has_source) entry.kind = kind_of(source);
    if (entry.relative) {
      const std::string text = relative_text(entry.like, path);
      if (text.empty()) {
        remark("what the link leads to takes the current directory: it is left out");
        continue;
      }
      entry.rest = "to " + quote(text);
    }
    if (!entry.keyword.empty()) remember(place, entry.keyword, entry.rest);
    const auto there = result_.world.made.find(place.dentry);
    if (entry.sets_mode && there != result_.world.made.end() && there->second.keyword == "dir")
      there->second.rest = entry.rest;
    // What it leads to may be either.
    if (entry.keyword != "symlink") learn_kind(place, entry.kind);
  }
}

}  // namespace mountc
