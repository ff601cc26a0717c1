// runtime/exec_namespace.cc - makes a mount namespace in a short-lived child, so that the
// caller's namespace, root and working directory are never left.
#include "runtime/machine.h"

namespace mountc::run {
namespace {

// Shared with the child, which runs in the same memory while its parent waits.
struct Birth {
  int root;
  uint32_t flags;
  int ns = -1;
  Part part = Part::clone;  // the system call that comes next
  long result = -sys::EIO;  // of a child that is killed
};

// Never 0 on Linux 6.11 and newer, always 0 before.
uint64_t namespace_id(int ns) {
  uint64_t id = 0;
  sys::call(sys::Call::ioctl, ns, sys::ns_get_mntns_id, &id);
  return id;
}

long unshare(Birth& birth) {
  if (birth.ns >= 0) sys::close(birth.ns);
  birth.ns = -1;
  birth.part = Part::unshare;
  const long done = sys::unshare(sys::clone_newns);
  if (done < 0) return done;
  birth.part = Part::pidfd_open;
  return birth.ns = sys::mount_namespace();
}

// A namespace can only be mounted in one with a smaller id (Linux 6.18, fs/namespace.c
// mnt_ns_loop()), but each CPU gives ids from a batch of its own (kernel/nstree.c
// ns_tree_gen_id()): one made on another CPU than the caller's may have a smaller id than that.
// So one that is to be pinned is made again with an id of a new batch, which is larger than
// all: UTS namespaces, of a microsecond each, use the old batch up. Should the child be moved
// to another CPU meanwhile, it takes another attempt. Where it does not help at all, the step
// that pins the namespace reports why.
long unshare_younger(Birth& birth) {
  birth.part = Part::pidfd_open;
  birth.ns = sys::mount_namespace();
  if (birth.ns < 0) return birth.ns;
  const uint64_t home = namespace_id(birth.ns);
  for (int attempts = 8;;) {
    const long done = unshare(birth);
    if (done < 0 || namespace_id(birth.ns) - 1 >= home || --attempts == 0) return done;
    for (int i = 0; i < sys::namespace_batch; ++i) sys::unshare(sys::clone_newuts);
  }
}

long enter_private_copy(Birth& birth) {
  const bool pinned = birth.flags & plan::bit::namespace__PINNED;
  long done = pinned ? unshare_younger(birth) : unshare(birth);
  if (done < 0) return done;
  // Leaves a chroot of the caller: pivot_root(2) is for the namespace's own root.
  birth.part = Part::setns;
  done = sys::setns(birth.ns, sys::clone_newns);
  if (done < 0) return done;
  birth.part = Part::mount_setattr;
  return sys::mount_setattr(sys::at_fdcwd, "/", plan::bit::setattr_RECURSIVE,
                            &sys::make_private);
}

// The tree is attached over `/` and trades places with what lies below it; then that is on top,
// and detached. No directory is needed for the old root.
long change_root(Birth& birth) {
  birth.part = Part::move_mount;
  long done = sys::move_mount(birth.root, sys::at_fdcwd, "/", 0);
  if (done < 0) return done;
  birth.part = Part::fchdir;
  done = sys::fchdir(birth.root);
  if (done < 0) return done;
  birth.part = Part::pivot_root;
  done = sys::pivot_root(".", ".");
  if (done == -sys::EINVAL) {
    // The initramfs' root cannot be replaced: the tree stays over it, and setns(2) enters the
    // topmost mount (Linux 6.18, fs/namespace.c pivot_root(), mntns_install()).
    birth.part = Part::chroot;
    return sys::chroot(".");
  }
  if (done < 0) return done;
  birth.part = Part::umount2;
  done = sys::umount2(".", sys::mnt_detach);
  return done < 0 ? done : sys::chdir("/");
}

int child(void* argument) {
  Birth& birth = *static_cast<Birth*>(argument);
  long done = enter_private_copy(birth);
  if (done >= 0) done = change_root(birth);
  // pivot_root(".", ".") needs a private root: it is made shared last.
  if (done >= 0 && (birth.flags & plan::bit::namespace__SHARED)) {
    const sys::MountAttr shared{0, 0, plan::bit::propagation_SHARED, 0};
    birth.part = Part::mount_setattr;
    done = sys::mount_setattr(birth.root, "", sys::at_empty_path, &shared);
  }
  birth.result = done;
  return 0;
}

}  // namespace

int exec::namespace_(Machine& m, const Args& a) {
  Birth birth{a.fd(1), a.value[3]};
  const long pid = in_child(m, child, &birth);
  long done = pid < 0 ? pid : birth.result;
  if (done >= 0 && m.entered == &a.in) {
    birth.part = Part::fcntl;
    done = m.entered_fd = sys::dup(birth.ns);
  }
  if (done >= 0) return birth.ns;
  if (birth.ns >= 0) sys::close(birth.ns);
  m.part = birth.part;
  return static_cast<int>(done);
}

}  // namespace mountc::run
