// compiler/foreign/mount_remarks.cc - what mount(8) does with a command line beside its calls,
// which a layout does not say.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/foreign/mount_command.h"

namespace mountc {
namespace {

// Those that mount(8) leaves to a helper, which adds options of its own.
bool has_helper(std::string_view type) {
  static constexpr std::string_view types[] = {"nfs",  "nfs4",      "cifs", "smb3",
                                               "ceph", "glusterfs", "fuse"};
  return std::ranges::find(types, type) != std::end(types) || type.starts_with("fuse.");
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> mount_remarks(const MountCommand& m) {
  std::vector<std::string> made;
  const bool binds = m.bind || m.rbind;
  if (m.nofail)
    made.push_back("`nofail` is left out: `optional` leaves out what has no source");
  if (m.mkdir)
    made.push_back("the mount point is taken to exist: where it may be missing, add `mkdir`");
  if (binds && !m.fs_options.empty())
    made.push_back(fmt::format("a bind takes no `{}`: it is left out", m.fs_options));
  if (binds || m.remount) return made;
  if (has_helper(m.type))
    made.push_back(fmt::format(
        "what the helper mount.{} finds out and adds, such as addresses, is not in the layout",
        m.type.substr(0, m.type.find('.'))));
  for (const std::string_view option : split_options(m.fs_options)) {
    const bool owns = option.starts_with("uid=") || option.starts_with("gid=");
    if (owns && !is_digits(option.substr(4)) && option[4] != '$')
      made.push_back(fmt::format(
          "`{}` is a name, which mount(8) looks up: the kernel takes numbers", option));
  }
  return made;
}

}  // namespace mountc
