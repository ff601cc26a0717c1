// compiler/foreign/executor_kinds.cc - what is a file in the filesystems of a script, and what
// a directory: a mount has to be of the kind of its mount point.
#include <filesystem>

#include "compiler/foreign/executor.h"

namespace mountc {

using kernel::DentryKind;
using kernel::Path;

DentryKind Executor::kind_of(Path at) {
  const kernel::Dentry& dentry = kernel().dentries()[at.dentry];
  if (dentry.kind != DentryKind::any || dentry.superblock != result_.host) return dentry.kind;
  std::error_code ignored;
  const auto here = std::filesystem::status(kernel().dentries().path(at.dentry), ignored);
  if (std::filesystem::is_directory(here)) return DentryKind::directory;
  return std::filesystem::exists(here) ? DentryKind::file : DentryKind::any;
}

// What has something in it is a directory.
void Executor::learn_kind(Path at, DentryKind kind) {
  kernel::Dentries& dentries = kernel().dentries();
  for (kernel::DentryRef d = at.dentry; d != kernel::nothing; d = dentries[d].parent) {
    if (dentries[d].kind == DentryKind::any && kind != DentryKind::any)
      dentries.set_kind(d, kind);
    kind = DentryKind::directory;
  }
}

void Executor::match_kinds(Path from, Path to) {
  const bool said = kernel().dentries()[to.dentry].kind != DentryKind::any;
  learn_kind(from, said ? kernel().dentries()[to.dentry].kind : kind_of(from));
  learn_kind(to, kernel().dentries()[from.dentry].kind);
}

// What is not known is taken to be so; but in a new tmpfs is only what the script makes there.
bool Executor::is_there(const std::string& how, const std::string& path) {
  Path found;
  if (kernel().look_up(task(), task().cwd, path, found).refused()) return false;
  const DentryKind kind = kind_of(found);
  const kernel::SuperblockRef superblock = kernel().dentries()[found.dentry].superblock;
  const std::string& type = kernel().dentries().superblock(superblock).type;
  if (how == "-e") return kind != DentryKind::any || (type != "tmpfs" && type != "ramfs");
  const DentryKind asked = how == "-d" ? DentryKind::directory : DentryKind::file;
  learn_kind(found, kind == DentryKind::any ? asked : kind);
  return kind == asked || kind == DentryKind::any;
}

}  // namespace mountc
