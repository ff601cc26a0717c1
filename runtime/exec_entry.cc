// runtime/exec_entry.cc - instructions that make directories, files, devices and links.
#include "runtime/machine.h"

namespace mountc::run::exec {
namespace {

constexpr uint32_t permissions = 07777;

// Creation goes through the umask, which a library must not change: the mode is set afterwards.
int set_mode(Machine& m, int dir, const char* name, uint32_t mode) {
  const long done = sys::fchmodat(dir, name, mode & permissions);
  if (done < 0) m.part = "fchmodat";
  return static_cast<int>(done);
}

}  // namespace

int mkdirat(Machine& m, const Args& a) {
  const int dir = a.fd[0];
  const char* name = a.text[0];
  const long done = sys::mkdirat(dir, name, a.in.word[1] & permissions);
  return done < 0 ? static_cast<int>(done) : set_mode(m, dir, name, a.in.word[1]);
}

int mknodat(Machine& m, const Args& a) {
  const int dir = a.fd[0];
  const char* name = a.text[0];
  const plan::Pair& node = m.view.pairs[a.in.half[1]];
  const long done = sys::mknodat(dir, name, node.first, node.second);
  return done < 0 ? static_cast<int>(done) : set_mode(m, dir, name, node.first);
}

int symlinkat(Machine&, const Args& a) {
  return static_cast<int>(sys::symlinkat(a.text[1], a.fd[0], a.text[0]));
}

int fchownat(Machine& m, const Args& a) {
  const plan::Pair& owner = m.view.pairs[a.in.half[1]];
  return static_cast<int>(sys::fchownat(a.fd[0], a.text[0], owner.first, owner.second));
}

int fchmodat(Machine& m, const Args& a) {
  return set_mode(m, a.fd[0], a.text[0], a.in.word[1]);
}

int make(Machine& m, const Args& a) {
  const int dir = a.fd[1];
  const char* name = a.text[0];
  const uint32_t mode = a.in.word[1];
  const bool directory = (mode & sys::s_ifmt) == sys::s_ifdir;
  const long done = directory ? sys::mkdirat(dir, name, mode & permissions)
                              : sys::mknodat(dir, name, sys::s_ifreg | (mode & permissions), 0);
  if (done == -sys::EEXIST) {
    sys::Statx found;
    const bool known = sys::statx(dir, name, sys::statx_type, &found) == 0;
    const bool is_directory = known && (found.mode & sys::s_ifmt) == sys::s_ifdir;
    const bool is_link = known && (found.mode & sys::s_ifmt) == sys::s_iflnk;
    return known && !is_link && is_directory == directory ? null_result : -sys::EEXIST;
  }
  if (done < 0) return static_cast<int>(done);

  const int made = sys::dup(dir);
  const int moded = made < 0 ? made : set_mode(m, dir, name, mode);
  if (moded < 0) {
    sys::unlinkat(dir, name, directory ? sys::at_removedir : 0);
    if (made >= 0) sys::close(made);
    return moded;
  }
  m.mark(a.in.half[0]) = Mark::done_visibly;
  return made;
}

}  // namespace mountc::run::exec
