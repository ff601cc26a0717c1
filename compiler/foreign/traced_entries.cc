// compiler/foreign/traced_entries.cc - what the calls of an strace log make, remove and rename.
#include <cstdio>

#include "compiler/foreign/call_flags.h"
#include "compiler/foreign/entries.h"
#include "compiler/foreign/traced.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

// `S_IFCHR|0666` -> `0666`
std::string permissions(const std::string& mode) {
  const std::string last = mode.substr(mode.rfind('|') + 1);
  return last.find_first_not_of("01234567") == std::string::npos ? last : "";
}

// `S_IFCHR|0666`, `makedev(0x1, 0x3)` -> `c 1:3 0666`
std::string device_node(const std::string& mode, const std::string& device) {
  const bool character = mode.starts_with("S_IFCHR");
  unsigned major = 0, minor = 0;
  if ((!character && !mode.starts_with("S_IFBLK")) ||
      std::sscanf(device.c_str(), "makedev(%x, %x)", &major, &minor) != 2) {
    return "";
  }
  return node_text(character ? "c" : "b", std::to_string(major), std::to_string(minor),
                   permissions(mode));
}

}  // namespace

using kernel::DentryKind;
using kernel::Path;

// Whatever a path of the host leads to exists; what it is, the log says.
void TracedExecutor::make_node(const Words& words) {
  Path found;
  const bool relative = words[0].ends_with("at") && words[0] != "creat";
  if (!at(relative ? words[1] : "", words[relative ? 2 : 1], found)) return;
  const bool directory_made = words[0].starts_with("mkdir");
  learn_kind(found, directory_made ? DentryKind::directory : DentryKind::file);
  const size_t mode = relative ? 3 : 2;
  if (directory_made) {
    // What umask(2) leaves of 777, nobody tells.
    const std::string given = permissions(words[mode]);
    remember(found, "dir", given == "0777" || given == "0755" ? "" : given);
  } else if (words[0].starts_with("mknod") && words.size() > mode + 1) {
    const std::string node = device_node(words[mode], words[mode + 1]);
    if (!node.empty()) remember(found, "node", node);
  }
}

void TracedExecutor::make_link(const Words& words) {
  Path found;
  const bool relative = words[0] == "symlinkat";
  if (!at(relative ? words[2] : "", words[relative ? 3 : 2], found)) return;
  remember(found, "symlink", "to " + quote(words[1]));
}

// What the log shows of a directory that rmdir(2) has removed may not be all that was in it.
void TracedExecutor::remove_node(const Words& words) {
  Path found;
  const bool relative = words[0] == "unlinkat";
  const bool directory =
      words[0] == "rmdir" || (relative && has_flag(words[3], "AT_REMOVEDIR"));
  if (at(relative ? words[1] : "", words[relative ? 2 : 1], found)) remove(found, directory);
}

void TracedExecutor::rename_node(const Words& words) {
  Path from, to;
  const bool relative = words[0] != "rename";
  if (!at(relative ? words[1] : "", words[relative ? 2 : 1], from) ||
      !at(relative ? words[3] : "", words[relative ? 4 : 2], to))
    return;
  const std::string flags = words[0] == "renameat2" ? words[5] : "";
  move(from, to, has_flag(flags, "RENAME_EXCHANGE"));
  if (has_flag(flags, "RENAME_WHITEOUT")) {
    learn_kind(from, DentryKind::file);
    remember(from, "node", node_text("c", "0", "0", "0"));
  }
}

}  // namespace mountc
