// runtime/probe.cc - asks the kernel for features by calls that cannot succeed: the errno tells
// whether the arguments were looked at. A version is never read.
#include "runtime/probe.h"

namespace mountc::run {
namespace {

bool exists(sys::Call call) { return sys::call(call, -1, "", 0, 0, 0) != -sys::ENOSYS; }

// fs/namespace.c move_mount(): an unknown flag is EINVAL before the bad descriptors are EBADF.
bool is_known(long answer) { return answer != -sys::ENOSYS && answer != -sys::EINVAL; }

bool has(Feature feature) {
  switch (feature) {
    case Feature::mount_setattr: return exists(sys::Call::mount_setattr);
    // All came with Linux 6.15, and to ask for nesting takes two mounts. Before, overlay takes no
    // descriptors of detached mounts, and none that are O_PATH.
    case Feature::open_tree_attr:
    case Feature::layer_fd:
    case Feature::nested_detached: return exists(sys::Call::open_tree_attr);
    case Feature::set_group: return is_known(sys::join(-1, -1));
    case Feature::beneath: return is_known(sys::attach_beneath(-1, -1));
    case Feature::mount_ns_fd: break;
  }
  const int ns = sys::mount_namespace_by_pidfd();
  if (ns >= 0) sys::close(ns);
  return ns >= 0;
}

}  // namespace

bool may_mount() {
  const int fd = sys::open_tree(sys::at_fdcwd, "/", plan::bit::tree_CLONE);
  sys::close(fd);
  return fd != -sys::EPERM;
}

int missing_feature(uint32_t wanted) {
  for (int bit = 0; wanted >> bit; ++bit) {
    if ((wanted >> bit & 1) && !has(Feature(bit))) return bit;
  }
  return no_feature;
}

}  // namespace mountc::run

extern "C" void mountrun_probe(const mountrun_options* options) {
  using namespace mountc;
  run::Output out(*options);
#define FEATURE(bit, name, since, what) \
  static_assert(Text::feature_##name == first_feature + bit);
#include "runtime/features.def"
  for (int bit = 0; bit < run::features_count; ++bit) {
    const bool is_there = run::missing_feature(1u << bit) == run::no_feature;
    out.say(Text::offered, first_feature + bit, is_there ? Text::yes : Text::no);
  }
}
