// runtime/exec_entry.cc - instructions that make directories, files, devices and links.
#include "runtime/machine.h"

namespace mountc::run::exec {
namespace {

bool is_directory(uint32_t mode) { return (mode & sys::s_ifmt) == sys::s_ifdir; }

// Creation goes through the umask, which a library must not change: the mode is set afterwards.
// A directory or, of any other type, a node. Where the type goes without saying, the kernel
// passes over it (fs/open.c chmod_common(), fs/namei.c vfs_mkdir()).
int make_entry(Machine& m, int dir, const char* name, uint32_t mode, uint32_t device) {
  const long made = is_directory(mode) ? sys::mkdirat(dir, name, mode)
                                       : sys::mknodat(dir, name, mode, device);
  if (made < 0) return static_cast<int>(made);
  const long done = sys::fchmodat(dir, name, mode);
  if (done < 0) m.part = Part::fchmodat;
  return static_cast<int>(done);
}

}  // namespace

int mkdirat(Machine& m, const Args& a) {
  return make_entry(m, a.fd(0), a.string(0), a.word[1] | sys::s_ifdir, 0);
}

int mknodat(Machine& m, const Args& a) {
  return make_entry(m, a.fd(0), a.string(0), m.pair(a.half[1]).first, m.pair(a.half[1]).second);
}

int symlinkat(Machine&, const Args& a) {
  return static_cast<int>(sys::symlinkat(a.string(1), a.fd(0), a.string(0)));
}

int fchownat(Machine& m, const Args& a) {
  const plan::Pair& owner = m.pair(a.half[1]);
  return static_cast<int>(sys::fchownat(a.fd(0), a.string(0), owner.first, owner.second));
}

int fchmodat(Machine&, const Args& a) {
  return static_cast<int>(sys::fchmodat(a.fd(0), a.string(0), a.word[1]));
}

int make(Machine& m, const Args& a) {
  const int dir = a.fd(1);
  const char* name = a.string(0);
  const bool directory = is_directory(a.word[1]);
  // First of all: once something is made, there is no more fd that could be lacking.
  const int made = sys::dup(dir);
  if (made < 0) return made;
  const int done = make_entry(m, dir, name, a.word[1], 0);
  if (done >= 0 || m.part != Part::none) {
    // It is there, though perhaps without its mode: undoing removes it.
    m.mark(a.half[0]) = Mark::done_visibly;
    m.slot(a.half[0]) = made;
    return done < 0 ? done : made;
  }
  sys::close(made);
  if (done == -sys::EEXIST) {
    const long kind = sys::kind_of(dir, name);
    const bool fits = directory ? kind == sys::s_ifdir : kind != sys::s_ifdir;
    if (kind >= 0 && kind != sys::s_iflnk && fits) return null_result;
  }
  return done;
}

}  // namespace mountc::run::exec
