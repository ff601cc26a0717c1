// bench/floor.cc - the fewest system calls known that make the mounts of a benchmark layout,
// written by hand: `floor SHAPE COUNT DIRECTORY`.
//
// Beneath DIRECTORY lie `source`, `target` and `tree`, made by bench/run.py, which also writes the
// layout that says the same. Every shape assembles a detached tree on a clone of `target` and
// attaches it at `tree` by its last call but one. Nothing is checked but that calls succeed: no
// libc, no allocation, no report. The exit status is the number of the call site that failed.
#include "runtime/sys.h"

namespace {

using namespace mountc::sys;

constexpr unsigned clone_one = 1;  // OPEN_TREE_CLONE
constexpr uint64_t make_private = 1 << 18, make_slave = 1 << 19, make_shared = 1 << 20;
constexpr uint64_t read_only = 1, no_suid = 2, no_dev = 4;
constexpr int group_size = 10;  // members of a peer group
constexpr int chain_size = 8;   // links of a chain of slaves
constexpr int nest_depth = 8;   // mounts on one another's directories
constexpr int digits = 4;
constexpr Call close_range{436};  // the shapes with groups close all descriptors at the end

constexpr MountAttr as_private{0, 0, make_private, 0};
constexpr MountAttr as_shared{0, 0, make_shared, 0};
constexpr MountAttr as_slave{0, 0, make_slave, 0};
constexpr MountAttr locked_down{read_only | no_suid | no_dev, 0, make_private, 0};

[[noreturn]] void finish(int status) {
  for (;;) call(Call::exit_group, status);
}

int check(long result, int site) {
  if (result < 0) finish(site);
  return static_cast<int>(result);
}

// A path whose number is written over for each mount.
struct Path {
  char text[64];
  int at;  // of the number

  Path(const char* before, const char* after) : text{}, at(0) {
    while (*before) text[at++] = *before++;
    int end = at + digits;
    while (*after) text[end++] = *after++;
  }

  const char* numbered(int number) {
    for (int digit = digits; digit-- > 0; number /= 10)
      text[at + digit] = static_cast<char>('0' + number % 10);
    return text;
  }
};

int clone_host(const char* path, const MountAttr& attr, int site) {
  return check(open_tree_attr(at_fdcwd, path, clone_one, &attr), site);
}

void attach(int fd, int root, const char* path, int site) {
  check(move_mount(fd, root, path, 0), site);
}

// Flat binds with attributes.
void flat(int root, int count) {
  Path source("source/", ""), name("", "");
  for (int at = 0; at < count; ++at) {
    const int fd = clone_host(source.numbered(at), locked_down, 10);
    attach(fd, root, name.numbered(at), 11);
    close(fd);
  }
}

// Flat binds out of a mount with many mounts in it: out of one clone of their directory, for the
// kernel looks at all those mounts whenever it clones theirs.
void busy(int root, int count) {
  const int source = clone_host("busy/source", as_private, 60);
  Path name("", "");
  for (int at = 0; at < count; ++at) {
    const int fd = check(open_tree_attr(source, name.numbered(at), clone_one, &locked_down), 61);
    attach(fd, root, name.text, 62);
    close(fd);
  }
}

// Peer groups whose members show one directory: a clone of a member is born into its group.
void peers(int root, int count) {
  Path source("source/", ""), name("", "");
  for (int at = 0; at < count; at += group_size) {
    const int first = clone_host(source.numbered(at / group_size), as_shared, 20);
    for (int member = 1; member < group_size && at + member < count; ++member) {
      const int fd = check(open_tree(first, "", clone_one | at_empty_path), 21);
      attach(fd, root, name.numbered(at + member), 22);
    }
    attach(first, root, name.numbered(at), 23);
  }
}

// Peer groups whose members show different directories: they join the first, widest member.
void joined(int root, int count) {
  Path source("source/", ""), name("", "");
  Path part("source/", "/0");
  for (int at = 0; at < count; at += group_size) {
    const int first = clone_host(source.numbered(at / group_size), as_shared, 30);
    for (int member = 1; member < group_size && at + member < count; ++member) {
      part.numbered(at / group_size);
      part.text[part.at + digits + 1] = static_cast<char>('0' + member);
      const int fd = check(open_tree(at_fdcwd, part.text, clone_one), 31);
      check(move_mount(first, fd, "", move_set_group | move_to_empty), 32);
      attach(fd, root, name.numbered(at + member), 33);
    }
    attach(first, root, name.numbered(at), 34);
  }
}

// Chains: each mount is a slave of the one before it, and shared.
void chains(int root, int count) {
  Path source("source/", ""), name("", "");
  for (int at = 0; at < count; at += chain_size) {
    int last = clone_host(source.numbered(at / chain_size), as_shared, 40);
    attach(last, root, name.numbered(at), 41);
    for (int link = 1; link < chain_size && at + link < count; ++link) {
      last = check(open_tree_attr(last, "", clone_one | at_empty_path, &as_slave), 42);
      check(mount_setattr(last, "", at_empty_path, &as_shared), 43);
      attach(last, root, name.numbered(at + link), 44);
    }
  }
}

// Mounts on one another, `d` in `d` in `d`, addressed from the root of the tree.
void nested(int root, int count) {
  Path source("source/", ""), name("", "");
  for (int at = 0; at < count; at += nest_depth) {
    int end = digits;
    for (int level = 0; level < nest_depth && at + level < count; ++level) {
      name.text[end] = 0;
      const int fd = check(open_tree(at_fdcwd, source.numbered(level), clone_one), 50);
      attach(fd, root, name.numbered(at / nest_depth), 51);
      close(fd);
      name.text[end++] = '/';
      name.text[end++] = 'd';
    }
  }
}

struct Shape {
  const char* name;
  void (*build)(int root, int count);
};
constexpr Shape shapes[] = {{"flat", flat},
                            {"busy", busy},
                            {"peers", peers},
                            {"joined", joined},
                            {"chains", chains},
                            {"nested", nested}};

bool equal(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

int number(const char* text) {
  int value = 0;
  while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
  return value;
}

int run(long argc, char** argv) {
  if (argc != 4) return 2;
  const int count = number(argv[2]);
  check(chdir(argv[3]), 3);
  for (const Shape& shape : shapes) {
    if (!equal(shape.name, argv[1])) continue;
    const int root = clone_host("target", as_private, 4);
    shape.build(root, count);
    attach(root, at_fdcwd, "tree", 5);
    call(close_range, 3, ~0u, 0);
    return 0;
  }
  return 2;
}

}  // namespace

// The kernel enters with argc on top of the stack.
asm(
#if defined(__x86_64__)
    ".globl _start\n_start: xor %ebp, %ebp; mov %rsp, %rdi; and $-16, %rsp; call start\n"
#elif defined(__aarch64__)
    ".globl _start\n_start: mov x0, sp; bl start\n"
#endif
);

extern "C" [[noreturn, gnu::used]] void start(long* stack) {
  finish(run(stack[0], reinterpret_cast<char**>(stack + 1)));
}
