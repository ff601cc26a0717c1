// test/kernel/model_look.cc - see model_look.h.
#include "test/kernel/model_look.h"

#include <string>

namespace mountc::differential {
namespace {

std::string options(uint32_t attributes) {
  std::string text;
  const auto add = [&](const char* word) {
    text += (text.empty() ? "" : ",") + std::string(word);
  };
  if (attributes & 0x4) add("nodev");
  if (attributes & 0x8) add("noexec");
  if (attributes & 0x2) add("nosuid");
  if (attributes & 0x200000) add("nosymfollow");
  add("relatime");
  add(attributes & 1 ? "ro" : "rw");
  return text;
}

}  // namespace

Namespace look_at(const kernel::Kernel& kernel, kernel::MountRef root) {
  Namespace seen;
  const kernel::MountTable& mounts = kernel.mounts();
  if (!kernel.is_mounted(root)) return seen;
  const kernel::Dentries& dentries = kernel.dentries();
  for (kernel::MountRef m = root; m != kernel::nothing; m = mounts.next(m, root)) {
    const kernel::Mount& each = mounts[m];
    Seen s;
    s.id = m;
    s.parent = m == root ? -1 : static_cast<long>(each.parent);
    s.superblock = static_cast<long>(dentries[each.root].superblock) + 1;
    s.root = dentries.path(each.root);
    if (m != root) {
      const std::string above = dentries.path(mounts[each.parent].root);
      s.mountpoint = dentries.path(each.mountpoint).substr(above == "/" ? 0 : above.size());
      if (s.mountpoint == "/") s.mountpoint.clear();
    }
    s.options = options(each.attributes);
    s.group = each.shared ? static_cast<long>(each.group) : 0;
    s.master =
        each.master == kernel::nothing ? 0 : static_cast<long>(mounts[each.master].group);
    s.unbindable = each.unbindable;
    seen.push_back(s);
  }
  return seen;
}

}  // namespace mountc::differential
