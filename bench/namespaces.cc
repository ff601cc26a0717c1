// bench/namespaces.cc - what it costs to make a mount namespace of a tree, in the ways that
// kernels have: with the number of mounts that the caller's namespace has, in microseconds.
//
//   namespaces [ROUNDS [MOUNTS...]]
//
// copied: clone(2), unshare(2), the tree over `/`, pivot_root(2), the old root detached
// open_tree: open_tree(2) with OPEN_TREE_NAMESPACE makes one of a copy of the tree (Linux 7.0)
// empty: clone(2), unshare(2) with UNSHARE_EMPTY_MNTNS, the tree over `/` (Linux 7.1)
//
// A way that the kernel does not know is `-`. The time is from a tree that is assembled to one
// that is not needed any more, without the end of the namespace.
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

constexpr unsigned open_tree_namespace = 1 << 1;
constexpr int unshare_empty = 0x00100000;
constexpr unsigned at_recursive = 0x8000;

struct Attr {
  uint64_t set, clear, propagation, userns;
};

long attach(int tree, const char* path) {
  return syscall(SYS_move_mount, tree, "", AT_FDCWD, path, 4u /* MOVE_MOUNT_F_EMPTY_PATH */);
}

int new_tree() {
  const long context = syscall(SYS_fsopen, "tmpfs", 1u);
  syscall(SYS_fsconfig, context, 6u /* FSCONFIG_CMD_CREATE */, nullptr, nullptr, 0);
  const long tree = syscall(SYS_fsmount, context, 1u, 0u);
  close(static_cast<int>(context));
  return static_cast<int>(tree);
}

int own_namespace() {
  const int self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  const int made = ioctl(self, 0xff03 /* PIDFD_GET_MNT_NAMESPACE */, 0);
  close(self);
  return made;
}

struct Child {
  int tree;
  bool empty;
  int made = -1;
};

// With the caller's memory and descriptors, as mountrun does it.
int bear(void* argument) {
  Child& child = *static_cast<Child*>(argument);
  if (child.empty) {
    if (unshare(CLONE_NEWNS | unshare_empty) != 0 || attach(child.tree, "/") != 0) return 1;
    return (child.made = own_namespace()) < 0;
  }
  if (unshare(CLONE_NEWNS) != 0) return 1;
  const Attr private_{0, 0, MS_PRIVATE, 0};
  syscall(SYS_mount_setattr, AT_FDCWD, "/", at_recursive, &private_, sizeof private_);
  child.made = own_namespace();
  if (attach(child.tree, "/") != 0 || fchdir(child.tree) != 0) return 1;
  if (syscall(SYS_pivot_root, ".", ".") != 0) return 1;
  return umount2(".", MNT_DETACH);
}

int in_child(int tree, bool empty) {
  static char stack[1 << 16];
  Child child{tree, empty};
  const int pid =
      clone(bear, stack + sizeof stack, CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, &child);
  int status = 0;
  waitpid(pid, &status, 0);
  return status == 0 ? child.made : -1;
}

int copied(int tree) { return in_child(tree, false); }
int empty(int tree) { return in_child(tree, true); }
int of_open_tree(int tree) {
  return static_cast<int>(syscall(
      SYS_open_tree, tree, "", AT_EMPTY_PATH | O_CLOEXEC | at_recursive | open_tree_namespace));
}

double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// The least time of one namespace, or a negative number.
double measure(int (*make)(int), int rounds) {
  double least = -1;
  for (int round = 0; round < rounds; ++round) {
    const int tree = new_tree();
    const double began = now();
    const int made = make(tree);
    close(tree);  // a copy leaves the tree to be dissolved
    const double took = now() - began;
    if (made < 0) return -1;
    close(made);
    if (least < 0 || took < least) least = took;
  }
  return least;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? atoi(argv[1]) : 100;
  std::vector<int> counts;
  for (int i = 2; i < argc; ++i) counts.push_back(atoi(argv[i]));
  if (counts.empty()) counts = {0, 100, 1000};
  if (unshare(CLONE_NEWNS) != 0 ||
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    perror("namespaces");
    return 1;
  }
  printf("mounts    copied open_tree     empty\n");
  int have = 0;
  for (const int count : counts) {
    for (; have < count; ++have) mount("/srv", "/srv", nullptr, MS_BIND, nullptr);
    printf("%6d", count);
    for (const auto make : {copied, of_open_tree, empty}) {
      const double took = measure(make, rounds);
      took < 0 ? printf("         -") : printf("%10.1f", took);
    }
    printf("\n");
  }
}
