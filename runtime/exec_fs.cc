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

int fsconfig_path(Machine& m, const Args& a) {
  const char* path = a.string(1);
  // The kernel looks it up itself, from the caller's root: --root can only be put in front, and
  // of each directory where there are several.
  const char* const root = m.options.root;
  if (root && *path == '/') {
    const char* from = path;
    char* to = m.scratch;
    path = to;
    for (bool begins = true; *from; begins = from[-1] == ':' && from[-2] != '\\') {
      for (const char* in = root; begins && *from == '/' && *in;) {
        if (to == path + path_size) return -sys::ENAMETOOLONG;
        *to++ = *in++;
      }
      if (to == path + path_size) return -sys::ENAMETOOLONG;
      *to++ = *from++;
    }
    *to = 0;
  }
  return static_cast<int>(sys::fsconfig(a.fd(0), sys::config_string, a.string(0), path));
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
