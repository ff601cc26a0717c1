// runtime/sys.cc - the calls that several places make, and those that are more than one.
#include "runtime/sys.h"

namespace mountc::sys {

int open(int dir, const char* path, unsigned flags) {
  return as_fd(call(Call::openat, dir, path, flags | o_cloexec));
}

int open_path(int dir, const char* path, uint64_t resolve, unsigned flags) {
  const OpenHow how{flags | o_cloexec, 0, resolve};
  // EAGAIN: something was renamed or mounted while the path was looked up, fs/namei.c
  // handle_dots(). Somebody might do nothing else.
  int attempts = 100;
  long fd = 0;
  do fd = call(Call::openat2, dir, path, &how, sizeof how);
  while (fd == -EAGAIN && --attempts > 0);
  return as_fd(fd);
}

long statx(int dir, const char* path, unsigned mask, Statx* to) {
  const unsigned flags = at_symlink_nofollow | at_no_automount | at_empty_path;
  return call(Call::statx, dir, path, flags, mask, to);
}

long kind_of(int dir, const char* path) {
  Statx found;
  const long done = statx(dir, path, statx_type, &found);
  return done < 0 ? done : found.mode & s_ifmt;
}

long filesystem_type(int fd) {
  Statfs found;
  const long done = call(Call::fstatfs, fd, &found);
  return done < 0 ? done : found.type;
}

int new_filesystem(const char* type, unsigned attr) {
  const int ctx = fsopen(type);
  if (ctx < 0) return ctx;
  const long made = fsconfig(ctx, config_create, nullptr, nullptr);
  const int mount = made < 0 ? as_fd(made) : fsmount(ctx, attr);
  close(ctx);
  return mount;
}

// Linux 6.6 has fchmodat2; before it only symbolic links, which have no mode, differ.
long fchmodat(int dir, const char* name, unsigned mode) {
  const long done = call(Call::fchmodat2, dir, name, mode, at_symlink_nofollow);
  return done == -ENOSYS ? call(Call::fchmodat, dir, name, mode) : done;
}

int clone_changed(int dir, const char* path, unsigned flags, const MountAttr* attr) {
  int fd = open_tree_attr(dir, path, flags, attr);
  if (fd != -ENOSYS) return fd;
  fd = open_tree(dir, path, flags);
  if (fd < 0) return fd;
  const long done = mount_setattr(fd, "", at_empty_path | (flags & at_recursive), attr);
  if (done >= 0) return fd;
  close(fd);
  return as_fd(done);
}

char* decimal(char* end, long number) {
  *--end = 0;
  do *--end = static_cast<char>('0' + number % 10);
  while (number /= 10);
  return end;
}

void change_mask(int how, uint64_t& mask) {
  call(Call::rt_sigprocmask, how, &mask, &mask, sizeof mask);
}

int proc() {
  const int own = new_filesystem("proc", 0);
  return own >= 0 ? own : open(at_fdcwd, "/proc", o_path);
}

int mount_namespace_by_pidfd() {
  const int pidfd = as_fd(call(Call::pidfd_open, call(Call::getpid), 0));
  const int ns = as_fd(call(Call::ioctl, pidfd, pidfd_get_mnt_namespace, 0));
  close(pidfd);
  return ns;
}

int mount_namespace() {
  int ns = mount_namespace_by_pidfd();
  if (ns >= 0) return ns;
  const int fs = proc();
  ns = open(fs, "self/ns/mnt", o_rdonly);
  close(fs);
  return ns;
}

}  // namespace mountc::sys
