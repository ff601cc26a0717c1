// runtime/exec_fs.cc - instructions that make new superblocks.
#include "runtime/machine.h"

namespace mountc::run::exec {

int fsopen(Machine&, const Args& a) { return sys::fsopen(a.string(0)); }

int fsconfig_flag(Machine&, const Args& a) {
  return static_cast<int>(sys::fsconfig(a.fd(0), sys::config_flag, a.string(0), nullptr));
}

int fsconfig_string(Machine&, const Args& a) {
  return static_cast<int>(sys::fsconfig(a.fd(0), sys::config_string, a.string(0), a.string(1)));
}

int fsconfig_fd(Machine&, const Args& a) {
  return static_cast<int>(
      sys::fsconfig(a.fd(0), sys::config_fd, a.string(0), nullptr, a.fd(1)));
}

int fsconfig_source(Machine& m, const Args& a) {
  const char* path = a.string(0);
  // The kernel looks the source up itself, from the caller's root: --root can only be prefixed.
  const char* root = m.options.root;
  if (root && path[0] == '/') path = m.path(root, plan::length_until(root, 0), path + 1);
  if (!path) return -sys::ENAMETOOLONG;
  return static_cast<int>(sys::fsconfig(a.fd(0), sys::config_string, "source", path));
}

int fsconfig_create(Machine& m, const Args& a) {
  const long done = sys::fsconfig(a.fd(0), sys::config_create, nullptr, nullptr);
  const bool missing = done == -sys::ENOENT || done == -sys::ENOTDIR;
  if (!missing || !(a.word[0] & plan::bit::tree_OPTIONAL)) return static_cast<int>(done);
  m.give_up(a.half[0]);
  return 0;
}

int fsmount(Machine&, const Args& a) { return sys::fsmount(a.fd(1), a.word[0]); }

}  // namespace mountc::run::exec
