// runtime/exec_idmap.cc - makes the user namespaces whose id maps mounts get.
#include "runtime/machine.h"

namespace mountc::run {
namespace {

int end_at_once(void*) { return 0; }

// `name` of the process behind `dir`.
long write_map(int dir, const char* name, const char* map) {
  const int file = sys::open(dir, name, sys::o_wronly);
  const long done = file < 0 ? file : sys::write(file, map, plan::length_until(map, 0));
  sys::close(file);
  return done;
}

}  // namespace

// Maps of any ids can be written by nobody in the namespace (Linux kernel/user_namespace.c
// new_idmap_permitted()). So it is that of a child, which has no need to live: a process that
// nobody has waited for still has its files.
int exec::user_namespace(Machine& m, const Args& a) {
  const int proc = sys::proc();
  m.part = Part::clone;
  const long pid = start_child(m, sys::clone_newuser, end_at_once, nullptr);
  if (pid > 0) m.part = Part::none;
  char name[24];
  const int dir =
      pid < 0 ? sys::as_fd(pid) : sys::open(proc, sys::decimal(name + sizeof name, pid), sys::o_path);
  long done = dir;
  if (done >= 0) done = write_map(dir, "uid_map", a.text(1));
  if (done >= 0) done = write_map(dir, "gid_map", a.text(2));
  if (done >= 0) done = sys::open(dir, "ns/user", sys::o_rdonly);
  sys::close(dir);
  sys::close(proc);
  forget_child(pid);
  return static_cast<int>(done);
}

}  // namespace mountc::run
