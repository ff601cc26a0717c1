// runtime/mounts.cc - asks statmount(2), listmount(2), statx(2), and mountinfo.
#include "runtime/mounts.h"

#include "runtime/ops.h"

namespace mountc::run {
namespace {

uint64_t number_of(int fd, const char* path, unsigned kinds) {
  sys::Statx found;
  const long done = sys::statx(fd, path, kinds, &found);
  return done == 0 && (found.mask & kinds) ? found.mnt_id : 0;
}

// The kernel's number of a mount: unique for ever since Linux 6.8, before that since 5.8 the
// one of mountinfo. 0 when it does not tell.
uint64_t mount_id(int fd, const char* path = "") {
  return number_of(fd, path, sys::statx_mnt_id | sys::statx_mnt_id_unique);
}

// Of statmount(2) and listmount(2), which refuse ids that are not unique, and 0.
long ask(sys::Call call, uint64_t id, uint64_t what, void* to, size_t size) {
  const sys::MountIdRequest request{24, 0, id, what};
  return sys::call(call, &request, to, size, 0);
}

// Not inlined, it is smaller.
[[gnu::noinline]] long look(uint64_t id, sys::Statmount& found) {
  return ask(sys::Call::statmount, id, sys::statmount_mnt_basic, &found, sizeof found);
}

constexpr long kinds = plan::bit::propagation_SHARED | plan::bit::propagation_SLAVE;

}  // namespace

uint64_t mountinfo_id(int fd) { return number_of(fd, "", sys::statx_mnt_id); }

// Before Linux 6.8 mountinfo tells.
long sharing(int fd, bool below) {
  sys::Statmount found;
  long done = look(mount_id(fd), found);
  if (done >= 0 && below) done = look(found.parent_id, found);
  if (done >= 0) return static_cast<long>(found.propagation) & kinds;
  Mountinfo::Room line;
  Mountinfo info(line);
  bool known = info.find(mountinfo_id(fd));
  if (known && below) known = info.find(info.number(Mountinfo::parent));
  return known ? info.propagation() & kinds : -1;
}

bool is_surely_unshared(const char* path) {
  sys::Statmount found;
  return look(mount_id(sys::at_fdcwd, path), found) >= 0 && !(found.propagation & kinds);
}

int private_clone(int fd) {
  constexpr unsigned flags = plan::bit::tree_CLONE | sys::at_empty_path;
  return sys::clone_changed(fd, "", flags, &sys::make_private);
}

long try_join(int from, int like) {
  const int clone = private_clone(like);
  const long joined = clone < 0 ? 1 : sys::join(from, clone);
  sys::close(clone);
  return joined;
}

bool is_surely_private(int fd, int like) {
  const long known = sharing(fd);
  // A private clone has the same root and superblock: only a donor without a group is refused.
  return known < 0 ? try_join(fd, like) == -sys::EINVAL : known == 0;
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

namespace {

// By statmount(2). Gives the unique id of its parent, or 0. Not inlined, it is smaller.
[[gnu::noinline]] uint64_t show_one(uint64_t id, Mountinfo::Room& room, Shown& shown) {
  auto& found = reinterpret_cast<sys::Statmount&>(room);
  constexpr uint64_t wanted = sys::statmount_sb_basic | sys::statmount_mnt_basic |
                              sys::statmount_mnt_root | sys::statmount_mnt_point;
  if (ask(sys::Call::statmount, id, wanted, &room, sizeof room) < 0) return 0;
  const char* const texts = reinterpret_cast<const char*>(&found + 1);
  shown = {found.device, texts + found.root, texts + found.point};
  return found.parent_id;
}

// By mountinfo: the number there of its parent, or 0.
uint32_t show_line(uint64_t id, Mountinfo::Room& room, Shown& shown) {
  Mountinfo info(room);
  if (!info.find(id)) return 0;
  const char* device = info.word(Mountinfo::device);
  const uint64_t major = read_number(device);
  shown = {major << 32 | read_number(++device), info.word(Mountinfo::root),
           info.word(Mountinfo::place)};
  const uint32_t parent = info.number(Mountinfo::parent);
  for (char* at = room.line; *at; ++at) {
    if (*at == ' ') *at = 0;
  }
  return parent;
}

}  // namespace

bool show(int fd, Mountinfo::Room& room, Shown& self, Mountinfo::Room& other, Shown& parent) {
  const uint64_t above = show_one(mount_id(fd), room, self);
  if (above && show_one(above, other, parent)) return true;
  const uint32_t below = show_line(mountinfo_id(fd), room, self);
  return below && show_line(below, other, parent);
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
  Mountinfo::Room line;
  Mountinfo above(line);
  return above.find(mountinfo_id(top)) && above.number(Mountinfo::parent) == mountinfo_id(fd);
}

namespace {

// Negative when it is not known. What is not listed is detached, and has none.
long has_children(uint64_t id) {
  Mountinfo::Room text;
  Mountinfo line(text);
  long found = -1;
  while (line.next()) {
    if (found <= 0) found = line.number(Mountinfo::parent) == id;
  }
  return found;
}

}  // namespace

Text cover(int fd) {
  long others = -1;
  if (is_directory(fd)) {
    const int top = topmost(fd);
    const uint64_t id = mount_id(fd);
    if (top >= 0 && id != 0) others = id != mount_id(top);
    sys::close(top);
  } else {
    // Whatever is mounted on a mount whose root is a file hides it.
    const uint64_t id = mountinfo_id(fd);
    if (id != 0) others = has_children(id);
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

int leave_group(int fd) {
  if (!(sharing(fd) & plan::bit::propagation_SHARED)) return no_peer;
  const int peer = sys::open_tree(fd, "", plan::bit::tree_CLONE | sys::at_empty_path);
  if (peer >= 0) sys::mount_setattr(fd, "", sys::at_empty_path, &sys::make_private);
  return peer;
}

long rejoin(int peer, int fd) {
  if (peer < 0) return peer;
  if (peer == no_peer) return 0;
  const long joined = sys::join(peer, fd);
  sys::close(peer);
  return joined;
}

long take_away(int fd, int attached, int top, uint8_t* changed) {
  Text covered = cover(top);
  if (covered != Text::none) return static_cast<long>(covered);
  // A mount that goes takes along what its parent's peers have at the same place (fs/pnode.c
  // propagate_umount()): the host's own mounts, where the tree is in one of its groups. But copies
  // of the whole tree, which lies under a shared mount then, are to go.
  const bool alone = !(sharing(attached, true) & plan::bit::propagation_SHARED);
  if (alone) {
    const long done =
        sys::mount_setattr(fd, "", sys::at_empty_path | sys::at_recursive, &sys::make_private);
    // EINVAL: somebody else has detached it already.
    if (done < 0 && done != -sys::EINVAL) return done;
  }
  *changed = 1;
  // For the same reason what lies beneath it leaves its group meanwhile.
  const int peer = alone && attached != fd ? leave_group(attached) : no_peer;
  if (peer < 0) return peer;
  // Of a stack the uppermost mount goes each time, until the first one is gone.
  long done = 0;
  do {
    if (fd != top) covered = cover(fd);
    done = detach(fd);
  } while (done == 0 && covered != Text::none);
  if (done == -sys::EINVAL) done = 0;  // fs/namespace.c can_umount()
  const long joined = rejoin(peer, attached);
  return joined < 0 ? joined : done;
}

bool same_superblock(int fd, int other) {
  sys::Statx a, b;
  if (sys::statx(fd, "", 0, &a) < 0 || sys::statx(other, "", 0, &b) < 0) return true;
  if (a.dev_major == b.dev_major && a.dev_minor == b.dev_minor) return true;
  // btrfs gives each subvolume a device number of its own.
  return sys::filesystem_type(fd) == sys::btrfs_magic &&
         sys::filesystem_type(other) == sys::btrfs_magic;
}

bool same_place(int fd, int other) {
  sys::Statx a, b;
  return sys::statx(fd, "", sys::statx_mnt_id, &a) == 0 &&
         sys::statx(other, "", sys::statx_mnt_id, &b) == 0 && a.mnt_id == b.mnt_id &&
         a.ino == b.ino;
}

}  // namespace mountc::run
