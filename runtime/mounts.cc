// runtime/mounts.cc - asks statmount(2), listmount(2) and statx(2).
#include "runtime/mounts.h"

#include "runtime/ops.h"

namespace mountc::run {
namespace {

// The kernel's number of a mount: unique for ever since Linux 6.8, before that since 5.8 the
// one of mountinfo. 0 when it does not tell.
uint64_t mount_id(int fd, const char* path = "") {
  constexpr unsigned kinds = sys::statx_mnt_id | sys::statx_mnt_id_unique;
  sys::Statx found;
  const long done = sys::statx(fd, path, kinds, &found);
  return done == 0 && (found.mask & kinds) ? found.mnt_id : 0;
}

// Of statmount(2) and listmount(2), which refuse ids that are not unique, and 0.
long ask(sys::Call call, uint64_t id, uint64_t what, void* to, size_t size) {
  const sys::MountIdRequest request{24, 0, id, what};
  return sys::call(call, &request, to, size, 0);
}

// Before Linux 6.8, what /proc/self/mountinfo says: MS_SHARED and MS_SLAVE of a mount, or
// (`children`) whether it has any. Negative when it does not say.
long in_mountinfo(uint64_t id, int children) {
  const int proc = sys::proc();
  const int file = sys::open(proc, "self/mountinfo", sys::o_rdonly);
  sys::close(proc);
  long found = file < 0 ? -1 : children - 1;
  uint64_t number = 0;
  int word = 0;  // of the line: its own id, its parent's, ...; `-` ends the optional ones
  bool wanted = false;
  char text[1024], before = 0;
  for (long got; (got = sys::read(file, text, sizeof text)) > 0;) {
    for (const char* at = text; at < text + got; before = *at++) {
      if (*at == ' ' || *at == '\n') {
        if (word++ == children && number == id) wanted = true, found = children;
        number = 0;
        if (*at == '\n') word = 0, wanted = false;
        continue;
      }
      number = number * 10 + static_cast<unsigned>(*at - '0');
      if (!wanted || before != ' ' || word < 6) continue;
      if (*at == '-') wanted = false;
      if (*at == 's') found |= plan::bit::propagation_SHARED;
      if (*at == 'm') found |= plan::bit::propagation_SLAVE;
    }
  }
  sys::close(file);
  return found;
}

long look(uint64_t id, sys::Statmount& found) {
  return ask(sys::Call::statmount, id, sys::statmount_mnt_basic, &found, sizeof found);
}

long sharing_of(uint64_t id) {
  sys::Statmount found;
  const long done = look(id, found);
  constexpr uint64_t kinds = plan::bit::propagation_SHARED | plan::bit::propagation_SLAVE;
  return done >= 0 ? static_cast<long>(found.propagation & kinds) : in_mountinfo(id, 0);
}

}  // namespace

long sharing(int fd) { return sharing_of(mount_id(fd)); }

long sharing_below(int fd) {
  sys::Statmount found;
  const long done = look(mount_id(fd), found);
  return done < 0 ? done : sharing_of(found.parent_id);
}

bool is_surely_private(int fd, int like) {
  const long known = sharing(fd);
  if (known >= 0) return known == 0;
  // A private clone has the same root and superblock: only a donor without a group is refused.
  const int clone = sys::open_tree(like, "", plan::bit::tree_CLONE | sys::at_empty_path);
  if (clone < 0) return false;
  sys::mount_setattr(clone, "", sys::at_empty_path, &sys::make_private);
  const long joined = sys::join(fd, clone);
  sys::close(clone);
  return joined == -sys::EINVAL;
}

bool is_busy(const char* path, void* room) {
  constexpr size_t many = 256;
  return ask(sys::Call::listmount, mount_id(sys::at_fdcwd, path), 0, room, many) == many;
}

// Its parent is itself (fs/namespace.c mnt_has_parent()).
bool is_absolute_root() {
  sys::Statmount found;
  const uint64_t id = mount_id(sys::at_fdcwd, "/");
  return look(id, found) == 0 && found.parent_id == id;
}

bool is_directory(int fd) { return sys::kind_of(fd, "") == sys::s_ifdir; }

bool is_mount_root(int fd) {
  sys::Statx found;
  return sys::statx(fd, "", 0, &found) == 0 && (found.attributes & sys::statx_attr_mount_root);
}

// `..` of a lookup's root is that root, and from there the lookup steps up to what is mounted on
// it: fs/namei.c follow_dotdot(), step_into(). Run on Linux 6.18. No path is needed.
int topmost(int fd) { return sys::open_path(fd, "..", sys::resolve_in_root); }

bool is_child(int top, int fd) {
  sys::Statmount found;
  return look(mount_id(top), found) == 0 && found.parent_id == mount_id(fd);
}

Text cover(int fd) {
  long others = -1;
  if (is_directory(fd)) {
    const int top = topmost(fd);
    const uint64_t id = mount_id(fd);
    if (top >= 0 && id != 0) others = id != mount_id(top);
    sys::close(top);
  } else {
    // Whatever is mounted on a mount whose root is a file hides it. (Linux 6.8.)
    uint64_t child;
    others = ask(sys::Call::listmount, mount_id(fd), 0, &child, 1);
    if (others < 0) others = in_mountinfo(mount_id(fd), 1);
  }
  return others < 0 ? Text::cover_unknown : others == 0 ? Text::none : Text::covered;
}

long detach(int fd) {
  // umount2(2) takes no fd.
  const int proc = sys::proc();
  const int cwd = sys::open(sys::at_fdcwd, ".", sys::o_path);
  // Written from its end: "self/fd/N".
  char path[32];
  char* at = sys::decimal(path + sizeof path, fd);
  for (const char* from = "/df/fles"; *from; ++from) *--at = *from;
  long done = cwd < 0 ? cwd : sys::fchdir(proc);
  if (done == 0) {
    done = sys::umount2(at, sys::mnt_detach);
    sys::fchdir(cwd);
  }
  sys::close(cwd);
  sys::close(proc);
  return done;
}

bool same_superblock(int fd, int other) {
  sys::Statx a, b;
  if (sys::statx(fd, "", 0, &a) < 0 || sys::statx(other, "", 0, &b) < 0) return true;
  if (a.dev_major == b.dev_major && a.dev_minor == b.dev_minor) return true;
  // btrfs gives each subvolume a device number of its own.
  return sys::filesystem_type(fd) == sys::btrfs_magic &&
         sys::filesystem_type(other) == sys::btrfs_magic;
}

}  // namespace mountc::run
