// runtime/probe.cc - asks the kernel for features by calls that cannot succeed: the errno tells
// whether the arguments were looked at. A version is never read.
#include "runtime/probe.h"

namespace mountc::run {
namespace features {
namespace {

bool mount_setattr() {
  return sys::call(sys::Call::mount_setattr, -1, "", 0, 0, 0) != -sys::ENOSYS;
}

// fs/namespace.c move_mount(): an unknown flag is EINVAL before the bad descriptors are EBADF.
bool set_group() {
  const long answer = sys::move_mount(-1, -1, "", sys::move_set_group | sys::move_to_empty);
  return answer != -sys::ENOSYS && answer != -sys::EINVAL;
}

bool open_tree_attr() {
  return sys::call(sys::Call::open_tree_attr, -1, "", 0, 0, 0) != -sys::ENOSYS;
}

// Came with Linux 6.15 as open_tree_attr(2) did; nested_detached_by_trying() asks in earnest.
bool nested_detached() { return open_tree_attr(); }

bool mount_ns_fd() {
  const int pidfd =
      sys::as_fd(sys::call(sys::Call::pidfd_open, sys::call(sys::Call::getpid, 0), 0));
  if (pidfd < 0) return false;
  const int ns =
      sys::as_fd(sys::call(sys::Call::ioctl, pidfd, sys::pidfd_get_mnt_namespace, 0));
  if (ns >= 0) sys::close(ns);
  sys::close(pidfd);
  return ns >= 0;
}

}  // namespace

// A clone of a detached mount is refused up to Linux 6.14 (fs/namespace.c __do_loopback():
// check_mnt), by the same rule as a mount attached inside a detached tree.
bool nested_detached_by_trying() {
  const unsigned clone = plan::bit::tree_CLONE;
  const int outer = sys::open_tree(sys::at_fdcwd, "/", clone);
  if (outer < 0) return true;  // nothing learned
  const int inner = sys::open_tree(outer, "", clone | sys::at_empty_path);
  if (inner >= 0) sys::close(inner);
  sys::close(outer);
  return inner != -sys::EINVAL;
}

}  // namespace features

int missing_feature(uint32_t wanted) {
#define FEATURE(bit, name, since, what) \
  if ((wanted & 1u << bit) && !features::name()) return bit;
#include "runtime/features.def"
  return -1;
}

}  // namespace mountc::run
