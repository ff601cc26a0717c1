// runtime/exec_tree.cc - instructions that clone, configure and attach mounts out of sight.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run {
namespace {

constexpr uint32_t ours =
    plan::bit::tree_OPTIONAL | plan::bit::tree_NO_XDEV | plan::bit::tree_IF_BUSY |
    plan::bit::tree_READ | plan::bit::tree_MOUNTED | plan::bit::tree_AS_IS;

constexpr uint64_t beneath =
    sys::resolve_beneath | sys::resolve_no_symlinks | sys::resolve_no_magiclinks;

bool is_bind(const Args& a) { return plan::Op{a.op} == plan::Op::bind; }

bool is_missing(long result) { return result == -sys::ENOENT || result == -sys::ENOTDIR; }

// A source that is missing fails a dry run, too: no run would have made it.
int found(const Machine& m, const Args& a, int fd) {
  const bool may_miss =
      (a.word[1] & (plan::bit::tree_OPTIONAL | plan::bit::tree_MOUNTED)) ||
      (m.making_skipped && !is_bind(a) && a.half[1] != plan::slot_host);
  return is_missing(fd) && may_miss ? null_result : fd;
}

// An fd of the place that `dir` and the path name.
int look_up(const Args& a, int dir, const char* path, uint32_t flags) {
  uint64_t resolve = beneath;
  if (a.pseudo) resolve = dir == sys::at_fdcwd ? 0 : sys::resolve_in_root;
  if (flags & plan::bit::tree_NO_XDEV) resolve |= sys::resolve_no_xdev;
  // Not to wait, should it be a FIFO.
  const unsigned how = flags & plan::bit::tree_READ ? sys::o_nonblock : sys::o_path;
  return sys::open_path(dir, path, resolve, how);
}

// Is it, of its own directory, neither another mount nor a symbolic link?
bool is_plain_entry(const char* path) {
  sys::Statx found;
  const long done = sys::statx(sys::at_fdcwd, path, sys::statx_type, &found);
  return done == 0 &&
         !(found.attributes & (sys::statx_attr_automount | sys::statx_attr_mount_root)) &&
         (found.mode & sys::s_ifmt) != sys::s_iflnk;
}

// What open_tree(2) picks up.
struct Pick {
  int dir;
  const char* path;
  unsigned flags;
  const sys::MountAttr* attr;  // or null

  int up() const {
    return attr ? sys::clone_changed(dir, path, flags, attr) : sys::open_tree(dir, path, flags);
  }
};

// With a slash behind its path only a directory is found: that one is one takes no call to know,
// and all else a second attempt.
int pick_up_by_path(const Machine& m, Pick pick, uint8_t& mark) {
  const char* const path = pick.path;
  pick.path = m.path(path, 0, "");
  const int fd = pick.path ? pick.up() : -sys::ENOTDIR;
  if (fd >= 0) mark = Mark::directory;
  if (fd != -sys::ENOTDIR) return fd;
  pick.path = path;
  return pick.up();
}

// What `bind`s look up in: the directory itself or, when hundreds of mounts lie in its mount, a
// clone. Within --root they would not know what lies where.
int pick_up_near(const Machine& m, Pick pick, uint8_t& mark) {
  unsigned kind = Mark::near_clone;
  for (const char* at = pick.path; *at; ++at) {
    if (*at == '/' && at[1]) kind += Mark::near_deeper;
  }
  if (pick.dir != sys::at_fdcwd || kind > 255) return null_result;
  if (!is_busy(pick.path, m.scratch)) {
    pick.flags = 0;
    pick.attr = nullptr;
    --kind;
  }
  mark = static_cast<uint8_t>(kind);
  const int fd = pick.up();
  return fd < 0 ? null_result : fd;
}

// What a `bind` is in the directory that its second operand is, or is a clone of. False when it
// is not the same there.
bool find_near(const Machine& m, const Args& a, Pick& pick) {
  if (!is_bind(a) || pick.dir < 0) return false;
  const uint8_t mark = m.mark(a.half[1]);
  const char* rest = pick.path;
  for (int left = mark; left >= Mark::near_itself; ++rest) {
    if (!*rest) return false;
    if (*rest == '/') left -= Mark::near_deeper;
  }
  if (rest == pick.path) return false;
  if (mark % 2 == Mark::near_clone % 2) {
    if (rest[plan::length_until(rest, '/')] || !is_plain_entry(pick.path)) return false;
    pick.flags |= sys::at_symlink_nofollow;
  }
  pick.path = rest;
  return true;
}

int open_tree_at(const Machine& m, const Args& a, const sys::MountAttr* attr) {
  const uint32_t flags = a.word[1];
  Pick pick{a.fd(1), a.string(0), flags & ~ours, attr};
  uint8_t& mark = m.mark(a.half[0]);
  if (flags & plan::bit::tree_IF_BUSY) return pick_up_near(m, pick, mark);
  if (find_near(m, a, pick)) return found(m, a, pick_up_by_path(m, pick, mark));
  if (is_bind(a)) pick.dir = m.base(plan::slot_host);
  if (a.pseudo && pick.dir == sys::at_fdcwd) {
    return found(m, a, pick_up_by_path(m, pick, mark));
  }
  // A path beneath --root or --at is looked up first: open_tree(2) cannot stay in a directory.
  if (a.pseudo) {
    pick.dir = look_up(a, pick.dir, pick.path, flags);
    if (pick.dir < 0) return found(m, a, pick.dir);
  } else if (m.mark(a.half[1]) == Mark::directory) {
    mark = Mark::directory;
  }
  pick.path = "";
  pick.flags |= sys::at_empty_path;
  const int fd = pick.up();
  if (a.pseudo) sys::close(pick.dir);
  return found(m, a, fd);
}

// Of the mount that is the first operand, with the flags that are the last.
int set_attributes(const Args& a, const sys::MountAttr& attr) {
  const unsigned flags = a.word[0] | sys::at_empty_path;
  return static_cast<int>(sys::mount_setattr(a.fd(0), "", flags, &attr));
}

}  // namespace

namespace exec {

int open_tree(Machine& m, const Args& a) { return open_tree_at(m, a, nullptr); }

int open_tree_attr(Machine& m, const Args& a) {
  const sys::MountAttr attr = m.attr(a.half[2]);
  const bool may_be_as_is = a.word[1] & plan::bit::tree_AS_IS;
  if (may_be_as_is && m.sources == Sources::unknown) {
    m.sources = is_surely_unshared(a.string(0)) ? Sources::unshared : Sources::shared;
  }
  const bool as_is = may_be_as_is && m.sources == Sources::unshared;
  return open_tree_at(m, a, as_is ? nullptr : &attr);
}

int bind(Machine& m, const Args& a) { return open_tree_attr(m, a); }

int openat2(Machine& m, const Args& a) {
  const int fd = found(m, a, look_up(a, a.fd(1), a.string(0), a.word[1]));
  if (fd < 0 || !(a.word[1] & plan::bit::tree_MOUNTED) || is_mount_root(fd)) return fd;
  sys::close(fd);
  return null_result;
}

int mount_setattr(Machine& m, const Args& a) { return set_attributes(a, m.attr(a.half[1])); }

int idmap(Machine&, const Args& a) {
  return set_attributes(a, {plan::bit::attr_IDMAP, 0, 0, static_cast<uint64_t>(a.fd(1))});
}

int move_mount(Machine& m, const Args& a) {
  const int dir = a.fd(1);
  const char* name = a.string(0);
  const uint32_t flags = a.word[1];
  long done = 0;
  if (flags & plan::bit::nest_MAKE) {
    done = sys::kind_of(a.fd(0), "");
    if (done >= 0) {
      done = done == sys::s_ifdir ? sys::mkdirat(dir, name, 0)
                                  : sys::mknodat(dir, name, sys::s_ifreg, 0);
    }
  } else if ((flags & plan::bit::nest_CHECK_SYMLINK) && m.mark(a.half[0]) != Mark::directory) {
    // A file can be attached onto a symbolic link itself: Linux 6.18, run.
    done = sys::kind_of(dir, name);
    if (done == sys::s_iflnk) return -sys::EINVAL;
  }
  if (done >= 0) done = sys::move_mount(a.fd(0), dir, name, *name ? 0 : sys::move_to_empty);
  return static_cast<int>(done);
}

// Linux do_set_group() wants a private mount, and the clone of a shared one is in its group. What
// may have appeared in it meanwhile (6.15's first releases) is not in a clone of the clone.
int set_group(Machine& m, const Args& a) {
  const int from = a.fd(0);
  long done = sys::join(from, a.fd(1));
  if (done == -sys::EINVAL && (a.word[0] & plan::bit::join_AS_IS)) {
    m.sources = Sources::shared;
    const int fresh = private_clone(a.fd(1));
    if (fresh < 0) return fresh;
    m.close(a.fd(1));
    m.slot(a.half[1]) = fresh;
    done = sys::join(from, fresh);
  }
  // Only a donor that surely is private excuses the refusal.
  const bool may_be_private = a.word[0] & plan::bit::join_IF_SHARED;
  const bool excused =
      done == -sys::EINVAL && may_be_private && is_surely_private(from, a.fd(1));
  return excused ? 0 : static_cast<int>(done);
}

int mask(Machine&, const Args& a) {
  const int place = look_up(a, a.fd(0), a.string(0), 0);
  if (place < 0) return is_missing(place) ? 0 : place;
  const long kind = sys::kind_of(place, "");
  long cover = kind == sys::s_ifdir ? sys::new_filesystem("tmpfs", plan::bit::attr_RDONLY)
               : kind < 0           ? kind
                                    : sys::clone_changed(sys::at_fdcwd, "/dev/null",
                                                         plan::bit::tree_CLONE, &sys::make_private);
  if (cover >= 0) {
    const int fd = sys::as_fd(cover);
    cover = sys::move_mount(fd, place, "", sys::move_to_empty);
    sys::close(fd);
  }
  sys::close(place);
  return static_cast<int>(cover);
}

}  // namespace exec
}  // namespace mountc::run
