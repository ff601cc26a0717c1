// runtime/exec_namespace.cc - what is done in other mount namespaces: in a short-lived child,
// so that the caller's namespace, root and working directory are never left.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run {
namespace {

// Shared with the child, which runs in the same memory while its parent waits.
struct Child {
  long (*body)(Child&);
  Machine& m;
  uint32_t flags;           // of `namespace_`
  int given;                // the tree of `namespace_`, the namespace of `stage`
  int fd = -1;              // what the child has made
  Part part = Part::clone;  // the system call that comes next
  long result = -sys::EIO;  // of a child that is killed
};

int start(void* argument) {
  Child& child = *static_cast<Child*>(argument);
  child.result = child.body(child);
  return 0;
}

long run(Child& child) {
  const long pid = in_child(child.m, start, &child);
  if (child.part != Part::none) child.m.part = child.part;
  return pid < 0 ? pid : child.result;
}

long change_all(Child& child, uint64_t propagation) {
  const sys::MountAttr change{0, 0, propagation, 0};
  child.part = Part::mount_setattr;
  return sys::mount_setattr(sys::at_fdcwd, "/", plan::bit::setattr_RECURSIVE, &change);
}

// Never 0 on Linux 6.11 and newer, always 0 before.
uint64_t namespace_id(int ns) {
  uint64_t id = 0;
  sys::call(sys::Call::ioctl, ns, sys::ns_get_mntns_id, &id);
  return id;
}

// What gets a root of its own needs no copy of the caller's mounts, which would only be
// dissolved again: from Linux 7.1 on, it starts with an empty root that nothing can be made in.
// Before, the flag is that of clone(2) alone, and refused (kernel/fork.c
// check_unshare_flags()).
long unshare(Child& child) {
  if (child.fd >= 0) sys::close(child.fd);
  child.fd = -1;
  child.part = Part::unshare;
  long done = -sys::EINVAL;
  if (child.given >= 0) done = sys::unshare(sys::clone_newns | sys::unshare_empty_mntns);
  if (done == -sys::EINVAL) done = sys::unshare(sys::clone_newns);
  if (done < 0) return done;
  child.part = Part::pidfd_open;
  return child.fd = sys::mount_namespace();
}

// A namespace can only be mounted in one with a smaller id (Linux 6.18, fs/namespace.c
// mnt_ns_loop()), but each CPU gives ids from a batch of its own (kernel/nstree.c
// ns_tree_gen_id()): one made on another CPU than the caller's may have a smaller id than that.
// So one that is to be pinned is made again with an id of a new batch, which is larger than
// all: UTS namespaces, of a microsecond each, use the old batch up. Should the child be moved
// to another CPU meanwhile, it takes another attempt. Where it does not help at all, the step
// that pins the namespace reports why.
long unshare_younger(Child& child) {
  child.part = Part::pidfd_open;
  child.fd = sys::mount_namespace();
  if (child.fd < 0) return child.fd;
  const uint64_t home = namespace_id(child.fd);
  for (int attempts = 8;;) {
    const long done = unshare(child);
    if (done < 0 || namespace_id(child.fd) - 1 >= home || --attempts == 0) return done;
    for (int i = 0; i < sys::namespace_batch; ++i) sys::unshare(sys::clone_newuts);
  }
}

long enter_copy(Child& child) {
  const bool pinned = child.flags & plan::bit::namespace__PINNED;
  long done = pinned ? unshare_younger(child) : unshare(child);
  if (done < 0) return done;
  // Leaves a chroot of the caller: pivot_root(2) is for the namespace's own root.
  child.part = Part::setns;
  done = sys::setns(child.fd, sys::clone_newns);
  if (done < 0 || (child.flags & plan::bit::namespace__KEEP)) return done;
  return change_all(child, child.flags & plan::bit::namespace__SLAVE
                               ? plan::bit::propagation_SLAVE
                               : plan::bit::propagation_PRIVATE);
}

// The tree is attached over `/` and trades places with what lies below it; then that is on top,
// and detached. No directory is needed for the old root.
[[gnu::noinline]] long change_root(Child& child) {
  child.part = Part::move_mount;
  long done = sys::move_mount(child.given, sys::at_fdcwd, "/", 0);
  if (done < 0) return done;
  child.part = Part::fchdir;
  done = sys::fchdir(child.given);
  if (done < 0) return done;
  child.part = Part::pivot_root;
  done = sys::pivot_root(".", ".");
  if (done == -sys::EINVAL && is_absolute_root()) {
    // The initramfs' root cannot be replaced: the tree stays over it, and setns(2) enters the
    // topmost mount (Linux 6.18, fs/namespace.c pivot_root(), mntns_install()).
    child.part = Part::chroot;
    return sys::chroot(".");
  }
  if (done < 0) return done;
  child.part = Part::umount2;
  done = sys::umount2(".", sys::mnt_detach);
  return done < 0 ? done : sys::chdir("/");
}

long bear(Child& child) {
  long done = enter_copy(child);
  if (done >= 0 && child.given >= 0) done = change_root(child);
  // pivot_root(".", ".") needs a private root: it is made shared last.
  if (done >= 0 && (child.flags & plan::bit::namespace__SHARED)) {
    const sys::MountAttr shared{0, 0, plan::bit::propagation_SHARED, 0};
    child.part = Part::mount_setattr;
    done = sys::mount_setattr(child.given, "", sys::at_empty_path, &shared);
  }
  return done;
}

// Kernels before 6.15 need mounts to be attached somewhere before others are attached in them,
// or cloned from them. The place is over `/`, where lookups do not see it: they begin below it.
long enter_stage(Child& child) {
  child.part = Part::setns;
  if (child.given >= 0) {
    const long done = sys::setns(child.given, sys::clone_newns);
    return done < 0 ? done : child.fd = sys::open(sys::at_fdcwd, "/", sys::o_path);
  }
  child.part = Part::unshare;
  long done = sys::unshare(sys::clone_newns);
  if (done >= 0) done = change_all(child, plan::bit::propagation_PRIVATE);
  if (done < 0) return done;
  child.part = Part::fsmount;
  child.fd = sys::new_filesystem("tmpfs", 0);
  if (child.fd < 0) return child.fd;
  child.part = Part::move_mount;
  return sys::move_mount(child.fd, sys::at_fdcwd, "/", 0);
}

long play(Child& child) {
  Machine& m = child.m;
  long done = enter_stage(child);
  m.slot(m.view.code[m.step].half[0]) = child.fd;
  if (done < 0) return done;
  child.part = Part::none;
  m.away = true;
  ++m.step;
  return run_steps(m);
}

}  // namespace

int exec::stage(Machine& m, const Args& a) {
  Child child{play, m, 0, a.fd(1)};
  // Another namespace has a root of its own.
  int& base = m.base(plan::slot_host);
  const int ours = base;
  if (child.given >= 0) base = sys::at_fdcwd;
  const long done = run(child);
  base = ours;
  m.away = false;
  return done < 0 ? static_cast<int>(done) : null_result;
}

int exec::unstage(Machine&, const Args&) { return 0; }  // the run ends the child

int exec::namespace_(Machine& m, const Args& a) {
  Child child{bear, m, a.word[1], a.fd(1)};
  long done = run(child);
  if (done >= 0 && m.entered == m.view.code + m.step) {
    m.part = Part::fcntl;
    done = m.entered_fd = sys::dup(child.fd);
  }
  if (done >= 0) return child.fd;
  sys::close(child.fd);
  return static_cast<int>(done);
}

}  // namespace mountc::run
