// runtime/undo.cc - takes the visible instructions back, last first. A mount is detached by
// itself, never by its path: what somebody else has mounted over it stays, and is reported.
#include "runtime/machine.h"
#include "runtime/mounts.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

// umount2(2) acts on the topmost mount at the place it is given, so the caller has made sure
// that this is `fd`. Without /proc a directory is detached as the working directory.
long detach(int fd) {
  char path[] = "/proc/self/fd/..........";
  char* at = path + sizeof "/proc/self/fd/" - 1;
  char* end = at;
  for (int rest = fd; end == at || rest; rest /= 10) *end++ = static_cast<char>('0' + rest % 10);
  *end-- = 0;
  for (; at < end; ++at, --end) {
    const char swapped = *at;
    *at = *end;
    *end = swapped;
  }
  const long done = sys::umount2(path, sys::mnt_detach);
  if (done != -sys::ENOENT && done != -sys::ENOTDIR) return done;
  if (!is_directory(fd)) return -sys::ENOTDIR;

  const int cwd = sys::open(sys::at_fdcwd, ".", sys::o_path);
  if (cwd < 0) return cwd;
  long detached = sys::fchdir(fd);
  if (detached == 0) detached = sys::umount2(".", sys::mnt_detach);
  sys::fchdir(cwd);
  sys::close(cwd);
  return detached;
}

// A file without /proc: the path by which its target was found, if that still leads to it.
long detach_by_path(const Machine& m, const Instruction& publish, uint32_t step) {
  const uint32_t origin = definition(m.view, step, publish.half[1]);
  if (origin == plan::no_step || m.target_base != sys::at_fdcwd) return -sys::ENOTDIR;
  const Instruction& lookup = m.view.code[origin];
  if (plan::Op{lookup.op} != plan::Op::openat2 || !plan::is_pseudo(lookup.half[1])) {
    return -sys::ENOTDIR;
  }
  const char* path = m.text(lookup.word[0]);
  const int now = sys::open_path(sys::at_fdcwd, path, 0);
  if (now < 0) return now;
  const bool same = same_mount(now, m.slot(publish.half[0]));
  sys::close(now);
  return same ? sys::umount2(path, sys::mnt_detach) : -sys::EBUSY;
}

namespace undo {

// Each returns null, or why its step could not be taken back.
const char* publish(const Machine& m, const Instruction& in, uint32_t step) {
  const int fd = m.slot(in.half[0]);
  const Cover found = cover(fd);
  if (found == Cover::foreign) return "another mount has been mounted over it";
  long done = found == Cover::none ? detach(fd) : -sys::ENOTDIR;
  if (done == -sys::ENOTDIR) done = detach_by_path(m, in, step);
  // Somebody else has detached it already: EINVAL, fs/namespace.c can_umount().
  return done == 0 || done == -sys::EINVAL ? nullptr : errno_text(-done);
}

const char* make(const Machine& m, const Instruction& in, uint32_t) {
  const bool directory = (in.word[1] & sys::s_ifmt) == sys::s_ifdir;
  const long done = sys::unlinkat(m.slot(in.half[0]), m.text(in.word[0]),
                                  directory ? sys::at_removedir : 0);
  return done == 0 || done == -sys::ENOENT ? nullptr : errno_text(-done);
}

}  // namespace undo

const char* undo_step(const Machine& m, const Instruction& in, uint32_t step) {
#define UNDO_hidden(name)
#define UNDO_visible(name) \
  if (plan::Op{in.op} == plan::Op::name) return undo::name(m, in, step);
#define OP(code, name, since, effect, summary, ...) UNDO_##effect(name)
#include "runtime/ops.def"
#undef UNDO_hidden
#undef UNDO_visible
  return nullptr;
}

}  // namespace

bool undo(Machine& m, uint32_t steps) {
  bool all = true;
  while (steps-- > 0) {
    const Instruction& in = m.view.code[steps];
    if (plan::ops[in.op - 1].effect != plan::Effect::visible) continue;
    if (m.mark(in.half[0]) != Mark::done_visibly) continue;
    if (const char* why = undo_step(m, in, steps)) {
      report_left(m, steps, why);
      all = false;
    }
  }
  return all;
}

}  // namespace mountc::run
