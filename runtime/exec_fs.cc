// runtime/exec_fs.cc - instructions that make new superblocks.
#include "runtime/machine.h"

namespace mountc::run::exec {

int fsopen(Machine& m, const Instruction& in) { return sys::fsopen(m.text(in.word[0])); }

int fsconfig_flag(Machine& m, const Instruction& in) {
  return static_cast<int>(
      sys::fsconfig(m.slot(in.half[0]), sys::config_flag, m.text(in.word[0]), nullptr));
}

int fsconfig_string(Machine& m, const Instruction& in) {
  return static_cast<int>(sys::fsconfig(m.slot(in.half[0]), sys::config_string,
                                        m.text(in.word[0]), m.text(in.word[1])));
}

int fsconfig_source(Machine& m, const Instruction& in) {
  const char* path = m.text(in.word[0]);
  if (m.options->root && path[0] == '/') {
    // The kernel looks the source up itself, from the caller's root: --root can only be prefixed.
    size_t used = 0;
    const auto append = [&](const char* part) {
      for (; *part && used + 1 < child_stack_size; ++part) m.scratch[used++] = *part;
      return !*part;
    };
    if (!append(m.options->root) || !append(path)) return -sys::ENAMETOOLONG;
    m.scratch[used] = 0;
    path = m.scratch;
  }
  return static_cast<int>(
      sys::fsconfig(m.slot(in.half[0]), sys::config_string, "source", path));
}

int fsconfig_create(Machine& m, const Instruction& in) {
  int& ctx = m.slot(in.half[0]);
  const long done = sys::fsconfig(ctx, sys::config_create, nullptr, nullptr);
  const bool missing = done == -sys::ENOENT || done == -sys::ENOTDIR;
  if (missing && (in.word[0] & plan::bit::tree_OPTIONAL)) {
    sys::close(ctx);
    ctx = -1;
    return 0;
  }
  return static_cast<int>(done);
}

int fsmount(Machine& m, const Instruction& in) {
  return sys::fsmount(m.slot(in.half[1]), in.word[0]);
}

}  // namespace mountc::run::exec
