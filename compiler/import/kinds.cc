// compiler/import/kinds.cc - which mounts of a running namespace show files.
#include "compiler/import/kinds.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "compiler/import/throwaway.h"

namespace mountc {
namespace {

// A letter for each mount: what the path to it leads to. No symbolic link is on a path that the
// kernel shows, and nothing is mounted or fetched for this.
std::string kinds_from(const snapshot::Namespace& ns, int root) {
  std::string kinds;
  for (const snapshot::Mount& mount : ns.mounts) {
    const char* const path = mount.full_target == "/" ? "." : mount.full_target.c_str() + 1;
    constexpr int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
    struct statx status {};
    const bool there = ::statx(root, path, flags, STATX_TYPE | STATX_MNT_ID, &status) == 0 &&
                       (status.stx_mask & STATX_MNT_ID) && status.stx_mnt_id == mount.id;
    kinds += !there ? '?' : S_ISDIR(status.stx_mode) ? 'd' : 'f';
  }
  return kinds;
}

// `/proc/N/ns/mnt` -> `/proc/N/root`; others: nothing.
std::string root_beside(const std::string& file) {
  constexpr std::string_view end = "/ns/mnt";
  if (!file.starts_with("/proc/") || !file.ends_with(end)) return "";
  return file.substr(0, file.size() - end.size()) + "/root";
}

}  // namespace

void learn_kinds(snapshot::Namespace& ns) {
  std::string kinds;
  if (const std::string path = root_beside(ns.file); !path.empty()) {
    const int root = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (root < 0) return;
    kinds = kinds_from(ns, root);
    ::close(root);
  } else {
    const int file = ::open(ns.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return;
    const auto read = [&ns](std::string& found) {
      const int root = ::open("/", O_PATH | O_CLOEXEC);
      found = kinds_from(ns, root);
      return root >= 0;
    };
    if (!inside(file, read, kinds)) kinds.clear();
    ::close(file);
  }
  for (size_t m = 0; m < ns.mounts.size() && m < kinds.size(); ++m) {
    if (kinds[m] == 'd') ns.mounts[m].kind = snapshot::Kind::directory;
    if (kinds[m] == 'f') ns.mounts[m].kind = snapshot::Kind::file;
  }
}

}  // namespace mountc
