// runtime/exec_idmap.cc - makes the user namespaces whose id maps mounts get.
#include "runtime/machine.h"

namespace mountc::run {
namespace {

int end_at_once(void*) { return 0; }

}  // namespace

// Maps of any ids can be written by nobody in the namespace (Linux kernel/user_namespace.c
// new_idmap_permitted()). So it is that of a child, which has no need to live: a process that
// nobody has waited for still has its files.
int exec::user_namespace(Machine& m, const Args& a) {
  const long pid = start_child(m, sys::clone_newuser, end_at_once, nullptr);
  if (pid < 0) {
    m.part = Part::clone;
    return static_cast<int>(pid);
  }
  char name[24];
  const int proc = sys::proc();
  const int dir = sys::open(proc, sys::decimal(name + sizeof name, pid), sys::o_path);
  long done = 0;
  for (int i = 0; i < 2 && done >= 0; ++i) {
    const char* map = a.string(i);
    const int file = sys::open(dir, i == 0 ? "uid_map" : "gid_map", sys::o_wronly);
    done = file < 0 ? file : sys::write(file, map, plan::length_until(map, 0));
    sys::close(file);
  }
  if (done >= 0) done = sys::open(dir, "ns/user", sys::o_rdonly);
  sys::close(dir);
  sys::close(proc);
  forget_child(pid);
  return static_cast<int>(done);
}

}  // namespace mountc::run
