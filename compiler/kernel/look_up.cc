// compiler/kernel/look_up.cc - paths to mounts and dentries: the part of fs/namei.c that
// matters.
#include "compiler/kernel/kernel.h"
#include "runtime/ops.h"

namespace mountc::kernel {
namespace {

// follow_dotdot(): off a mount's root, to where it is mounted, as often as it takes; never
// above the task's root. Then onto whatever is mounted over that place.
Path parent_of(const MountTable& mounts, const Dentries& dentries, Path at, Path root) {
  while (at != root) {
    if (at.dentry != mounts[at.mount].root) {
      at.dentry = dentries[at.dentry].parent;
      break;
    }
    if (!mounts.has_parent(at.mount)) break;
    at = {mounts[at.mount].parent, mounts[at.mount].mountpoint};
  }
  return mounts.topmost(at);
}

}  // namespace

Answer Kernel::look_up(const Task& task, Path at, std::string_view path, Path& found,
                       Crossing crossing) {
  if (path.starts_with('/')) at = task.root;
  for (size_t begin = 0; begin < path.size();) {
    size_t end = path.find('/', begin);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    const DentryKind kind = dentries_[at.dentry].kind;
    if (kind == DentryKind::symlink) return Refusal::symbolic_link;
    if (kind == DentryKind::file) return Refusal::not_a_directory;
    if (name == "..") {
      at = parent_of(mounts_, dentries_, at, task.root);
      continue;
    }
    const DentryRef next = dentries_.child(at.dentry, name);
    if (next == nothing) return Refusal::missing;
    at.dentry = next;
    const bool last = path.find_first_not_of('/', end) == std::string_view::npos;
    if (crossing == Crossing::stay_last && last) continue;
    const Path top = mounts_.topmost(at);
    if (crossing == Crossing::no_xdev && top != at) return Refusal::leaves_the_mount;
    at = top;
  }
  found = at;
  return done;
}

Answer Kernel::make_entry(Path dir, std::string_view name, DentryKind kind) {
  if (dentries_[dir.dentry].kind == DentryKind::file) return Refusal::not_a_directory;
  const DentryRef there = dentries_.child(dir.dentry, name);
  if (there != nothing) return Refusal::exists;
  const Superblock& superblock = dentries_.superblock(dentries_[dir.dentry].superblock);
  if (superblock.read_only || (mounts_[dir.mount].attributes & plan::bit::attr_RDONLY))
    return Refusal::read_only;
  dentries_.make(dir.dentry, name, kind);
  return done;
}

}  // namespace mountc::kernel
