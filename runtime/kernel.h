// runtime/kernel.h - the kernel's structures and constants that the runtime uses, as in
// include/uapi/linux/{mount,stat,fcntl,openat2,sched,pidfd}.h. Flags that a plan can hold are in
// bits.def.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mountc::sys {

enum Errno : int {
#define ERRNO(number, name, text) name = number,
#include "runtime/errnos.def"
};

inline constexpr int at_fdcwd = -100;
inline constexpr unsigned at_symlink_nofollow = 0x100, at_removedir = 0x200,
                          at_no_automount = 0x800, at_empty_path = 0x1000,
                          at_recursive = 0x8000;

inline constexpr unsigned o_rdonly = 0, o_wronly = 1, o_nonblock = 04000, o_cloexec = 02000000, o_path = 010000000;
#if defined(__aarch64__)
inline constexpr unsigned o_directory = 040000;
#else
inline constexpr unsigned o_directory = 0200000;
#endif
inline constexpr unsigned open_tree_cloexec = o_cloexec;

inline constexpr unsigned move_from_empty = 0x04, move_to_empty = 0x40, move_set_group = 0x100,
                          move_beneath = 0x200;
inline constexpr unsigned fsopen_cloexec = 1, fsmount_cloexec = 1;
inline constexpr unsigned config_flag = 0, config_string = 1, config_fd = 5, config_create = 6;

inline constexpr uint64_t resolve_no_xdev = 0x01, resolve_no_magiclinks = 0x02,
                          resolve_no_symlinks = 0x04, resolve_beneath = 0x08,
                          resolve_in_root = 0x10;

struct OpenHow {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

struct MountAttr {
  uint64_t set;
  uint64_t clear;
  uint64_t propagation;
  uint64_t userns_fd;
};

inline constexpr MountAttr make_private{0, 0, 0x040000, 0};  // MS_PRIVATE

inline constexpr unsigned statx_type = 0x1, statx_mnt_id = 0x1000,
                          statx_mnt_id_unique = 0x4000;  // Linux 5.8 and 6.8

inline constexpr uint64_t statx_attr_automount = 0x1000, statx_attr_mount_root = 0x2000;  // 5.8

struct Statx {
  uint32_t mask, blksize;
  uint64_t attributes;
  uint32_t nlink, uid, gid;
  uint16_t mode, spare0;
  uint64_t ino, size, blocks, attributes_mask;
  uint64_t times[8];
  uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
  uint64_t mnt_id;
  uint64_t spare[13];
};
static_assert(offsetof(Statx, mnt_id) == 0x90 && sizeof(Statx) == 0x100);

inline constexpr unsigned permissions = 07777, s_ifmt = 0170000, s_ifdir = 0040000, s_ifreg = 0100000,
                          s_iflnk = 0120000;

// Linux 6.8: statmount(2) and listmount(2).
struct MountIdRequest {
  uint32_t size;  // 24: MNT_ID_REQ_SIZE_VER0
  uint32_t spare;
  uint64_t mount_id;
  uint64_t param;
};
inline constexpr uint64_t statmount_sb_basic = 0x1, statmount_mnt_basic = 0x2,
                          statmount_mnt_root = 0x8, statmount_mnt_point = 0x10;
struct Statmount {
  uint32_t size, options;
  uint64_t mask;
  uint64_t device;  // major and minor
  uint64_t magic;
  uint32_t sb_flags, fs_type;
  uint64_t id, parent_id;
  uint32_t id_old, parent_id_old;
  uint64_t attr, propagation, peer_group, master, propagate_from;
  uint32_t root, point;  // where they are in the strings behind it
  uint64_t spare[50];
};
static_assert(offsetof(Statmount, propagation) == 72 && sizeof(Statmount) == 512);

struct Statfs {
  long type;
  long rest[14];
};
inline constexpr long btrfs_magic = 0x9123683e, nsfs_magic = 0x6e736673;

struct Time {
  int64_t seconds, nanoseconds;
};

inline constexpr int namespace_batch = 4096;  // Linux 6.18, include/linux/cookie.h

struct Limit {
  uint64_t soft, hard;
};
inline constexpr int limit_nofile = 7;

inline constexpr unsigned long clone_vm = 0x100, clone_files = 0x400, clone_vfork = 0x4000,
                               clone_newns = 0x20000, clone_newuts = 0x4000000,
                               clone_newuser = 0x10000000;
inline constexpr unsigned long unshare_empty_mntns = 0x100000;  // Linux 7.1
inline constexpr int wait_all = 0x40000000;  // __WALL: children with another exit signal, too
inline constexpr int mnt_detach = 2;
inline constexpr unsigned pidfd_get_mnt_namespace = 0xff03;  // _IO(PIDFS_IOCTL_MAGIC, 3)
inline constexpr unsigned ns_get_mntns_id = 0x8008b705;      // _IOR(NSIO, 5, __u64)
inline constexpr int dup_cloexec = 1030;                     // F_DUPFD_CLOEXEC
inline constexpr int sig_block = 0, sig_setmask = 2, sig_default = 0;

// A set of signals, as masks have them (include/uapi/asm-generic/signal.h).
constexpr uint64_t signals(auto... numbers) {
  return (uint64_t{0} | ... | (uint64_t{1} << (numbers - 1)));
}
// SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV and SIGSYS, which faults raise.
inline constexpr uint64_t fault_signals = signals(4, 5, 7, 8, 11, 31);
// SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG and SIGWINCH: their default
// action ends no process.
inline constexpr uint64_t harmless_signals = signals(17, 18, 19, 20, 21, 22, 23, 28);

}  // namespace mountc::sys
