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
  const char* part = "clone";
};

// 0 before Linux 6.11.
uint64_t namespace_id(int ns) {
  uint64_t id = 0;
  sys::call(sys::Call::ioctl, ns, sys::ns_get_mntns_id, &id);
  return id;
}

// The next of the CPUs that the child may run on; false after the last. The caller stays where
// it is: the child is a task of its own.
bool move_to_next_cpu(const sys::CpuSet& allowed, unsigned& next) {
  for (; next < sys::cpus_max; ++next) {
    sys::CpuSet one{};
    one.bits[next / 64] = allowed.bits[next / 64] & uint64_t{1} << next % 64;
    if (!one.bits[next / 64]) continue;
    ++next;
    return sys::call(sys::Call::sched_setaffinity, 0, sizeof one, &one) == 0;
  }
  return false;
}

long unshare(Birth& birth) {
  if (birth.ns >= 0) sys::close(birth.ns);
  birth.ns = -1;
  birth.part = "unshare";
  const long done = sys::unshare(sys::clone_newns);
  if (done < 0) return done;
  birth.part = "pidfd_open";
  return birth.ns = sys::mount_namespace();
}

// A namespace can only be mounted in one with a smaller id (Linux 6.18, fs/namespace.c
// mnt_ns_loop()), but each CPU gives ids from a batch of its own (kernel/nstree.c
// ns_tree_gen_id()): one made on another CPU than the caller's may have a smaller id than that.
// So one that is to be pinned is made again on each CPU, and at last with an id of a new batch:
// UTS namespaces, which cost a microsecond, use the old one up. Where even that does not help,
// the step that pins it reports why.
long unshare_younger(Birth& birth) {
  birth.part = "pidfd_open";
  birth.ns = sys::mount_namespace();
  if (birth.ns < 0) return birth.ns;
  const uint64_t home = namespace_id(birth.ns);
  sys::CpuSet allowed{};
  unsigned next = 0;
  for (bool last = false;; last = !move_to_next_cpu(allowed, next)) {
    for (int i = 0; last && i < sys::namespace_batch; ++i) sys::unshare(sys::clone_newuts);
    const long done = unshare(birth);
    const uint64_t id = done < 0 ? 0 : namespace_id(birth.ns);
    if (id == 0 || id > home || last) return done;
    if (next == 0) sys::call(sys::Call::sched_getaffinity, 0, sizeof allowed, &allowed);
  }
}

long enter_private_copy(Birth& birth) {
  const bool pinned = birth.flags & plan::bit::namespace__PINNED;
  long done = pinned ? unshare_younger(birth) : unshare(birth);
  if (done < 0) return done;
  // Leaves a chroot of the caller: pivot_root(2) is for the namespace's own root.
  birth.part = "setns";
  done = sys::setns(birth.ns, sys::clone_newns);
  if (done < 0) return done;
  const sys::MountAttr apart{0, 0, plan::bit::propagation_PRIVATE, 0};
  birth.part = "mount_setattr";
  return sys::mount_setattr(sys::at_fdcwd, "/", plan::bit::setattr_RECURSIVE, &apart);
}

// The tree is attached over `/` and trades places with what lies below it; then that is on top,
// and detached. No directory is needed for the old root.
long change_root(Birth& birth) {
  birth.part = "move_mount";
  long done = sys::move_mount(birth.root, sys::at_fdcwd, "/", 0);
  if (done < 0) return done;
  birth.part = "fchdir";
  done = sys::fchdir(birth.root);
  if (done < 0) return done;
  birth.part = "pivot_root";
  done = sys::pivot_root(".", ".");
  if (done == -sys::EINVAL) {
    // The initramfs' root cannot be replaced: the tree stays over it, and setns(2) enters the
    // topmost mount (Linux 6.18, fs/namespace.c pivot_root(), mntns_install()).
    birth.part = "chroot";
    return sys::chroot(".");
  }
  if (done < 0) return done;
  birth.part = "umount2";
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
    birth.part = "mount_setattr";
    done = sys::mount_setattr(birth.root, "", sys::at_empty_path, &shared);
  }
  return done < 0 ? static_cast<int>(-done) : 0;
}

}  // namespace

int exec::namespace_(Machine& m, const Args& a) {
  Birth birth{a.fd[1], a.in.word[1]};
  // A handler of the caller's must not run on the child's small stack.
  const uint64_t all = ~uint64_t{0};
  uint64_t before = 0;
  sys::call(sys::Call::rt_sigprocmask, sys::sig_setmask, &all, &before, sizeof all);
  // No exit signal: the caller's SIGCHLD handler never learns of this child.
  const long pid = sys::clone_onto(sys::clone_vm | sys::clone_vfork | sys::clone_files,
                                   m.scratch + child_stack_size, child, &birth);
  long done = pid;
  int status = 0;
  if (pid > 0) {
    do done = sys::call(sys::Call::wait4, pid, &status, sys::wait_all, nullptr);
    while (done == -sys::EINTR);
  }
  sys::call(sys::Call::rt_sigprocmask, sys::sig_setmask, &before, nullptr, sizeof all);
  if (done >= 0) done = status & 0x7f ? -sys::EIO : -(status >> 8);
  if (done >= 0 && m.entered == &a.in) {
    birth.part = "fcntl";
    done = m.entered_fd = sys::dup(birth.ns);
  }
  if (done >= 0) return birth.ns;
  if (birth.ns >= 0) sys::close(birth.ns);
  m.part = birth.part;
  return static_cast<int>(done);
}

}  // namespace mountc::run
