// runtime/mounts.cc - asks statmount(2), listmount(2) and procfs.
#include "runtime/mounts.h"

#include "runtime/ops.h"

namespace mountc::run {
namespace {

// procfs: the one at /proc, or where there is none (an initramfs) a detached one.
class Proc {
 public:
  Proc() : fd_(sys::open(sys::at_fdcwd, "/proc", sys::o_path)) {
    sys::Statfs found;
    if (fd_ >= 0 && sys::fstatfs(fd_, &found) == 0 && found.type == proc_magic) return;
    if (fd_ >= 0) sys::close(fd_);
    fd_ = sys::new_filesystem("proc", 0);
  }
  ~Proc() {
    if (fd_ >= 0) sys::close(fd_);
  }
  Proc(const Proc&) = delete;
  Proc& operator=(const Proc&) = delete;

  int fd() const { return fd_; }

 private:
  static constexpr long proc_magic = 0x9fa0;
  int fd_;
};

// Reads mountinfo: "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [shared:N] [master:N] - ...".
class Mountinfo {
 public:
  Mountinfo() : fd_(sys::open(Proc().fd(), "self/mountinfo", sys::o_rdonly)) {}
  ~Mountinfo() {
    if (fd_ >= 0) sys::close(fd_);
  }
  Mountinfo(const Mountinfo&) = delete;
  Mountinfo& operator=(const Mountinfo&) = delete;

  uint64_t id = 0, parent = 0;
  bool shared = false, slave = false;

  bool can_be_read() const { return fd_ >= 0; }

  // The next line; false at the end.
  bool next() {
    int field = 0, length = 0;
    bool ended = false;
    char first = 0;
    id = parent = 0;
    shared = slave = false;
    for (;;) {
      const int c = get();
      if (c < 0) return false;
      if (c == '\n') return true;
      if (c == ' ') {
        ++field;
        length = 0;
        continue;
      }
      if (length++ == 0) first = static_cast<char>(c);
      if (field < 2) {
        uint64_t& number = field == 0 ? id : parent;
        number = number * 10 + static_cast<uint64_t>(c - '0');
      } else if (field > 5 && !ended) {
        // The optional fields are shared:, master:, propagate_from: and unbindable.
        if (first == '-') ended = true;
        if (first == 's') shared = true;
        if (first == 'm') slave = true;
      }
    }
  }

 private:
  int get() {
    if (at_ == filled_) {
      const long got = fd_ < 0 ? -1 : sys::read(fd_, buffer_, sizeof buffer_);
      if (got <= 0) return -1;
      at_ = 0;
      filled_ = got;
    }
    return static_cast<unsigned char>(buffer_[at_++]);
  }

  int fd_;
  long at_ = 0, filled_ = 0;
  char buffer_[1024];
};

// The kernel's number of a mount: unique for ever since Linux 6.8, before that since 5.8 the
// one of mountinfo. 0 when it does not tell.
uint64_t mount_id(int fd, unsigned kind) {
  sys::Statx found;
  if (sys::statx(fd, "", kind, &found) < 0 || !(found.mask & kind)) return 0;
  return found.mnt_id;
}

uint64_t best_mount_id(int fd) {
  const uint64_t unique = mount_id(fd, sys::statx_mnt_id_unique);
  return unique ? unique : mount_id(fd, sys::statx_mnt_id);
}

}  // namespace

Sharing sharing(int fd) {
  if (const uint64_t id = mount_id(fd, sys::statx_mnt_id_unique)) {
    const sys::MountIdRequest request{24, 0, id, sys::statmount_mnt_basic};
    sys::Statmount found;
    if (sys::call(sys::Call::statmount, &request, &found, sizeof found, 0) == 0) {
      return found.propagation & plan::bit::propagation_SHARED  ? Sharing::shared
             : found.propagation & plan::bit::propagation_SLAVE ? Sharing::slave
                                                                : Sharing::private_;
    }
  }
  const uint64_t id = mount_id(fd, sys::statx_mnt_id);
  Mountinfo info;
  while (id && info.next()) {
    if (info.id != id) continue;
    return info.shared ? Sharing::shared : info.slave ? Sharing::slave : Sharing::private_;
  }
  return Sharing::unknown;
}

bool is_surely_private(int fd) {
  const Sharing known = sharing(fd);
  if (known != Sharing::unknown) return known == Sharing::private_;
  // A private clone has the same root and superblock: only a donor without a group is refused.
  const int clone = sys::open_tree(fd, "", plan::bit::tree_CLONE | sys::at_empty_path);
  if (clone < 0) return false;
  const sys::MountAttr apart{0, 0, plan::bit::propagation_PRIVATE, 0};
  sys::mount_setattr(clone, "", sys::at_empty_path, &apart);
  const long joined = sys::move_mount(fd, clone, "", sys::move_set_group | sys::move_to_empty);
  sys::close(clone);
  return joined == -sys::EINVAL;
}

bool same_mount(int fd, int other) {
  const uint64_t id = best_mount_id(fd);
  return id != 0 && id == best_mount_id(other);
}

bool is_directory(int fd) {
  sys::Statx found;
  return sys::statx(fd, "", sys::statx_type, &found) == 0 &&
         (found.mode & sys::s_ifmt) == sys::s_ifdir;
}

Cover cover(int fd) {
  if (is_directory(fd)) {
    // `..` of a lookup's root is that root, and from there the lookup steps up to what is
    // mounted on it: fs/namei.c follow_dotdot(), step_into(). Run on Linux 6.18. No path is
    // needed.
    const int top = sys::open_path(fd, "..", sys::resolve_in_root);
    if (top < 0) return Cover::unknown;
    const bool same = same_mount(fd, top);
    sys::close(top);
    return same ? Cover::none : Cover::foreign;
  }
  // Whatever is mounted on a mount whose root is a file hides it.
  if (const uint64_t id = mount_id(fd, sys::statx_mnt_id_unique)) {
    const sys::MountIdRequest request{24, 0, id, 0};
    uint64_t child;
    const long count = sys::call(sys::Call::listmount, &request, &child, 1, 0);
    if (count >= 0) return count == 0 ? Cover::none : Cover::foreign;
  }
  const uint64_t id = mount_id(fd, sys::statx_mnt_id);
  Mountinfo info;
  if (!id || !info.can_be_read()) return Cover::unknown;
  while (info.next()) {
    if (info.parent == id) return Cover::foreign;
  }
  return Cover::none;
}

long detach(int fd) {
  char path[32] = "self/fd/";
  size_t used = sizeof "self/fd/" - 1;
  int unit = 1;
  while (fd / unit > 9) unit *= 10;
  for (; unit > 0; unit /= 10) path[used++] = static_cast<char>('0' + fd / unit % 10);

  const int cwd = sys::open(sys::at_fdcwd, ".", sys::o_path);
  if (cwd < 0) return cwd;
  const Proc proc;
  long done = sys::fchdir(proc.fd());
  if (done == 0) done = sys::umount2(path, sys::mnt_detach);
  sys::fchdir(cwd);
  sys::close(cwd);
  return done;
}

bool same_superblock(int fd, int other) {
  sys::Statx a, b;
  if (sys::statx(fd, "", 0, &a) < 0 || sys::statx(other, "", 0, &b) < 0) return true;
  if (a.dev_major == b.dev_major && a.dev_minor == b.dev_minor) return true;
  // btrfs gives each subvolume a device number of its own.
  sys::Statfs x, y;
  return sys::fstatfs(fd, &x) == 0 && sys::fstatfs(other, &y) == 0 &&
         x.type == sys::btrfs_magic && y.type == sys::btrfs_magic;
}

}  // namespace mountc::run
