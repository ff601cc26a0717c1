// runtime/exec_fs.cc - instructions that make new superblocks.
#include "runtime/machine.h"

namespace mountc::run::exec {

int fsopen(Machine&, const Args& a) { return sys::fsopen(a.text[0]); }

int fsconfig_flag(Machine&, const Args& a) {
  return static_cast<int>(sys::fsconfig(a.fd[0], sys::config_flag, a.text[0], nullptr));
}

int fsconfig_string(Machine&, const Args& a) {
  return static_cast<int>(sys::fsconfig(a.fd[0], sys::config_string, a.text[0], a.text[1]));
}

int fsconfig_source(Machine& m, const Args& a) {
  const char* path = a.text[0];
  if (m.options->root && path[0] == '/') {
    // The kernel looks the source up itself, from the caller's root: --root can only be
    // prefixed.
    size_t used = 0;
    const auto append = [&](const char* part) {
      for (; *part && used + 1 < child_stack_size; ++part) m.scratch[used++] = *part;
      return !*part;
    };
    if (!append(m.options->root) || !append(path)) return -sys::ENAMETOOLONG;
    m.scratch[used] = 0;
    path = m.scratch;
  }
  return static_cast<int>(sys::fsconfig(a.fd[0], sys::config_string, "source", path));
}

int fsconfig_create(Machine& m, const Args& a) {
  const long done = sys::fsconfig(a.fd[0], sys::config_create, nullptr, nullptr);
  const bool missing = done == -sys::ENOENT || done == -sys::ENOTDIR;
  if (missing && (a.in.word[0] & plan::bit::tree_OPTIONAL)) {
    sys::close(a.fd[0]);
    m.slot(a.in.half[0]) = -1;
    return 0;
  }
  return static_cast<int>(done);
}

int fsmount(Machine&, const Args& a) { return sys::fsmount(a.fd[1], a.in.word[0]); }

}  // namespace mountc::run::exec
