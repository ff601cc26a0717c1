// runtime/syscall.h - how a system call is made, and its numbers, per architecture.
#pragma once

#include <stdint.h>

namespace mountc::sys {

// A pointer or an integer of any width, as a register holds it. Of an `int` the kernel looks at
// the lower half alone, so that its sign need not be extended.
template <typename T>
long word(T value) {
  return (long)value;
}
inline long word(int value) { return static_cast<unsigned>(value); }

#if defined(__x86_64__)

// arch/x86/entry/syscalls/syscall_64.tbl
enum class Call : long {
  read = 0, write = 1, close = 3, lseek = 8, mmap = 9, mprotect = 10, rt_sigaction = 13,
  rt_sigprocmask = 14, ioctl = 16, mremap = 25, getpid = 39,
  clone = 56, execve = 59, exit = 60, wait4 = 61, fcntl = 72, chdir = 80, fchdir = 81,
  rt_sigpending = 127, fstatfs = 138, pivot_root = 155, chroot = 161, umount2 = 166, clock_gettime = 228, exit_group = 231, openat = 257, mkdirat = 258, mknodat = 259, fchownat = 260,
  unlinkat = 263, symlinkat = 266, fchmodat = 268, unshare = 272, prlimit64 = 302,
  setns = 308, memfd_create = 319, statx = 332, open_tree = 428, move_mount = 429, fsopen = 430, fsconfig = 431,
  fsmount = 432, pidfd_open = 434, close_range = 436, openat2 = 437, mount_setattr = 442, fchmodat2 = 452,
  statmount = 457, listmount = 458, open_tree_attr = 467,
};

// One function for each number of arguments: registers that hold none need no code.
inline long raw(Call call) {
  long result = static_cast<long>(call);
  asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
  return result;
}
inline long raw(Call call, long a) {
  long result = static_cast<long>(call);
  asm volatile("syscall" : "+a"(result) : "D"(a) : "rcx", "r11", "memory");
  return result;
}
inline long raw(Call call, long a, long b) {
  long result = static_cast<long>(call);
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b) : "rcx", "r11", "memory");
  return result;
}
inline long raw(Call call, long a, long b, long c) {
  long result = static_cast<long>(call);
  asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
inline long raw(Call call, long a, long b, long c, long d) {
  long result = static_cast<long>(call);
  register long r10 asm("r10") = d;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(a), "S"(b), "d"(c), "r"(r10)
               : "rcx", "r11", "memory");
  return result;
}
inline long raw(Call call, long a, long b, long c, long d, long e) {
  long result = static_cast<long>(call);
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
               : "rcx", "r11", "memory");
  return result;
}
inline long raw(Call call, long a, long b, long c, long d, long e, long f) {
  long result = static_cast<long>(call);
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

// Runs `body(argument)` in a child on the stack that ends at `top` (16-byte aligned); the child
// exits with what it returns. The caller gets the child's pid or a negative errno.
inline long clone_onto(unsigned long flags, char* top, int (*body)(void*), void* argument) {
  void** frame = reinterpret_cast<void**>(top) - 2;
  frame[0] = reinterpret_cast<void*>(body);
  frame[1] = argument;
  long result = static_cast<long>(Call::clone);
  register long r10 asm("r10") = 0;
  register long r8 asm("r8") = 0;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "pop %%rax\n\t"
      "pop %%rdi\n\t"
      "call *%%rax\n\t"
      "mov %%eax, %%edi\n\t"
      "mov $60, %%eax\n\t"
      "syscall\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(flags), "S"(frame), "d"(0L), "r"(r10), "r"(r8)
      : "rcx", "r11", "memory");
  return result;
}

#elif defined(__aarch64__)

// include/uapi/asm-generic/unistd.h
enum class Call : long {
  fcntl = 25, ioctl = 29, mknodat = 33, mkdirat = 34, unlinkat = 35, symlinkat = 36,
  umount2 = 39, pivot_root = 41, fstatfs = 44, chdir = 49, fchdir = 50, chroot = 51,
  fchmodat = 53, fchownat = 54, openat = 56, close = 57, lseek = 62, read = 63, write = 64, exit = 93,
  exit_group = 94, unshare = 97, clock_gettime = 113, rt_sigaction = 134, rt_sigprocmask = 135,
  rt_sigpending = 136, getpid = 172,
  mremap = 216, clone = 220, execve = 221, mmap = 222, wait4 = 260, prlimit64 = 261, setns = 268,
  statx = 291, open_tree = 428, move_mount = 429, fsopen = 430, fsconfig = 431, fsmount = 432,
  pidfd_open = 434, close_range = 436, openat2 = 437, mount_setattr = 442, fchmodat2 = 452, statmount = 457,
  listmount = 458, open_tree_attr = 467,
};

inline long raw(Call call, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                long f = 0) {
  register long x8 asm("x8") = static_cast<long>(call);
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
}

// As above.
inline long clone_onto(unsigned long flags, char* top, int (*body)(void*), void* argument) {
  void** frame = reinterpret_cast<void**>(top) - 2;
  frame[0] = reinterpret_cast<void*>(body);
  frame[1] = argument;
  register long x8 asm("x8") = static_cast<long>(Call::clone);
  register long x0 asm("x0") = static_cast<long>(flags);
  register void** x1 asm("x1") = frame;
  register long x2 asm("x2") = 0;
  register long x3 asm("x3") = 0;
  register long x4 asm("x4") = 0;
  asm volatile(
      "svc 0\n\t"
      "cbnz x0, 1f\n\t"
      "ldp x1, x0, [sp], #16\n\t"
      "blr x1\n\t"
      "mov x8, #93\n\t"
      "svc 0\n"
      "1:"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
      : "x30", "memory");
  return x0;
}

#else
#error "syscall.h knows x86_64 and aarch64"
#endif

}  // namespace mountc::sys
