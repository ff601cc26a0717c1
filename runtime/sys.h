// runtime/sys.h - the system calls that the runtime makes, by name. Each returns what the
// kernel returns: zero or more, or a negative errno.
#pragma once

#include "runtime/kernel.h"
#include "runtime/syscall.h"

namespace mountc::sys {

template <typename... Args>
long call(Call number, Args... args) {
  return raw(number, word(args)...);
}

inline int as_fd(long result) { return static_cast<int>(result); }

inline long read(int fd, void* to, size_t size) { return call(Call::read, fd, to, size); }
inline long write(int fd, const void* from, size_t size) {
  return call(Call::write, fd, from, size);
}
inline long close(int fd) { return call(Call::close, fd); }
inline int dup(int fd) { return as_fd(call(Call::fcntl, fd, dup_cloexec, 0)); }

int open(int dir, const char* path, unsigned flags);
int open_path(int dir, const char* path, uint64_t resolve, unsigned flags = o_path);
long statx(int dir, const char* path, unsigned mask, Statx* to);  // of the entry itself
long kind_of(int dir, const char* path);  // S_IFMT of its mode, or a negative errno
long filesystem_type(int fd);             // its magic number, or a negative errno

inline int open_tree(int dir, const char* path, unsigned flags) {
  return as_fd(call(Call::open_tree, dir, path, flags | open_tree_cloexec));
}
inline int open_tree_attr(int dir, const char* path, unsigned flags, const MountAttr* attr) {
  return as_fd(
      call(Call::open_tree_attr, dir, path, flags | open_tree_cloexec, attr, sizeof *attr));
}
// The same, in two calls before Linux 6.15.
int clone_changed(int dir, const char* path, unsigned flags, const MountAttr* attr);
inline long mount_setattr(int dir, const char* path, unsigned flags, const MountAttr* attr) {
  return call(Call::mount_setattr, dir, path, flags, attr, sizeof *attr);
}
inline long move_mount(int from, int to_dir, const char* to_path, unsigned flags) {
  return call(Call::move_mount, from, "", to_dir, to_path, flags | move_from_empty);
}
// Puts the private mount `to` into the sharing group of `from`.
inline long join(int from, int to) {
  return move_mount(from, to, "", move_set_group | move_to_empty);
}
// Attaches `mount` beneath the mount whose root `top` is.
inline long attach_beneath(int mount, int top) {
  return move_mount(mount, top, "", move_beneath | move_to_empty);
}
inline long umount2(const char* path, int flags) { return call(Call::umount2, path, flags); }

inline int fsopen(const char* type) { return as_fd(call(Call::fsopen, type, fsopen_cloexec)); }
inline long fsconfig(int ctx, unsigned command, const char* key, const char* value, int aux = 0) {
  return call(Call::fsconfig, ctx, command, key, value, aux);
}
inline int fsmount(int ctx, unsigned attr) {
  return as_fd(call(Call::fsmount, ctx, fsmount_cloexec, attr));
}

// A detached mount of a new filesystem that takes no options.
int new_filesystem(const char* type, unsigned attr);

inline long mkdirat(int dir, const char* name, unsigned mode) {
  return call(Call::mkdirat, dir, name, mode);
}
inline long mknodat(int dir, const char* name, unsigned mode, unsigned device) {
  return call(Call::mknodat, dir, name, mode, device);
}
inline long symlinkat(const char* text, int dir, const char* name) {
  return call(Call::symlinkat, text, dir, name);
}
inline long unlinkat(int dir, const char* name, unsigned flags) {
  return call(Call::unlinkat, dir, name, flags);
}
inline long fchownat(int dir, const char* name, unsigned uid, unsigned gid) {
  return call(Call::fchownat, dir, name, uid, gid, at_symlink_nofollow);
}
long fchmodat(int dir, const char* name, unsigned mode);

inline long chdir(const char* path) { return call(Call::chdir, path); }
inline long fchdir(int fd) { return call(Call::fchdir, fd); }
inline long chroot(const char* path) { return call(Call::chroot, path); }
inline long pivot_root(const char* root, const char* old) {
  return call(Call::pivot_root, root, old);
}
inline long unshare(unsigned long flags) { return call(Call::unshare, flags); }
inline long setns(int fd, unsigned long flags) { return call(Call::setns, fd, flags); }

// A procfs: one of one's own where none is mounted (an initramfs), and /proc where a user
// namespace must not mount one.
int proc();

// `number` as a text that ends before `end`; where it begins.
char* decimal(char* end, long number);

// The calling process's mount namespace; /proc/self/ns/mnt serves kernels before 6.11.
int mount_namespace();
int mount_namespace_by_pidfd();

// Of signals, the thread's. `mask` becomes what it was.
void change_mask(int how, uint64_t& mask);

inline uint64_t microseconds() {
  Time now{};
  call(Call::clock_gettime, 1, &now);
  return static_cast<uint64_t>(now.seconds) * 1000000u +
         static_cast<uint64_t>(now.nanoseconds) / 1000u;
}

}  // namespace mountc::sys
