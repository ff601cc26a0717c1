// runtime/exec_tree.cc - instructions that clone, configure and attach mounts.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run {
namespace {

constexpr uint32_t ours = plan::bit::tree_OPTIONAL | plan::bit::tree_NO_XDEV;

constexpr uint64_t beneath =
    sys::resolve_beneath | sys::resolve_no_symlinks | sys::resolve_no_magiclinks;

bool is_missing(long result) { return result == -sys::ENOENT || result == -sys::ENOTDIR; }

// A source that is missing fails a dry run, too: no run would have made it.
int found(const Machine& m, const Args& a, int fd) {
  const bool may_miss = (a.in.word[1] & plan::bit::tree_OPTIONAL) ||
                        (m.making_skipped && a.in.half[1] != plan::slot_host);
  return is_missing(fd) && may_miss ? null_result : fd;
}

// An O_PATH fd of the place that `dir` and the path name.
int look_up(const Args& a, uint32_t flags) {
  uint64_t resolve = beneath;
  if (a.pseudo) resolve = a.fd[1] == sys::at_fdcwd ? 0 : sys::resolve_in_root;
  if (flags & plan::bit::tree_NO_XDEV) resolve |= sys::resolve_no_xdev;
  return sys::open_path(a.fd[1], a.text[0], resolve);
}

// A path beneath --root or --at is looked up first: open_tree(2) cannot stay in a directory.
int open_tree_at(const Machine& m, const Args& a, const sys::MountAttr* attr) {
  const bool looks_up = a.pseudo && a.fd[1] != sys::at_fdcwd;
  const int dir = looks_up ? look_up(a, a.in.word[1]) : a.fd[1];
  if (looks_up && dir < 0) return found(m, a, dir);
  const bool by_fd = looks_up || !a.pseudo;
  const char* path = by_fd ? "" : a.text[0];
  const unsigned flags = (a.in.word[1] & ~ours) | (by_fd ? sys::at_empty_path : 0);
  const int fd =
      attr ? sys::open_tree_attr(dir, path, flags, attr) : sys::open_tree(dir, path, flags);
  if (looks_up) sys::close(dir);
  return found(m, a, fd);
}

}  // namespace

namespace exec {

int open_tree(Machine& m, const Args& a) { return open_tree_at(m, a, nullptr); }

int open_tree_attr(Machine& m, const Args& a) {
  const sys::MountAttr attr = m.attr(a.in.half[2]);
  return open_tree_at(m, a, &attr);
}

int openat2(Machine& m, const Args& a) { return found(m, a, look_up(a, a.in.word[1])); }

int mount_setattr(Machine& m, const Args& a) {
  const sys::MountAttr attr = m.attr(a.in.half[1]);
  return static_cast<int>(
      sys::mount_setattr(a.fd[0], "", a.in.word[0] | sys::at_empty_path, &attr));
}

int move_mount(Machine&, const Args& a) {
  const int dir = a.fd[1];
  const char* name = a.text[0];
  // A file can be attached onto a symbolic link itself: Linux 6.18, run.
  if (a.in.word[1] & plan::bit::nest_CHECK_SYMLINK) {
    sys::Statx found;
    if (sys::statx(dir, name, sys::statx_type, &found) == 0 &&
        (found.mode & sys::s_ifmt) == sys::s_iflnk) {
      return -sys::EINVAL;
    }
  }
  const long done = sys::move_mount(a.fd[0], dir, name, *name ? 0 : sys::move_to_empty);
  const bool may_miss = a.in.word[1] & plan::bit::nest_OPTIONAL;
  return may_miss && is_missing(done) ? 0 : static_cast<int>(done);
}

int set_group(Machine&, const Args& a) {
  const int from = a.fd[0];
  const long done =
      sys::move_mount(from, a.fd[1], "", sys::move_set_group | sys::move_to_empty);
  // Only a donor that surely is private excuses the refusal.
  if (done == -sys::EINVAL && (a.in.word[0] & plan::bit::join_IF_SHARED) &&
      is_surely_private(from)) {
    return 0;
  }
  return static_cast<int>(done);
}

int publish(Machine& m, const Args& a) {
  const int target = a.fd[2] >= 0 ? a.fd[2] : a.fd[1];
  const long done = sys::move_mount(a.fd[0], target, "", sys::move_to_empty);
  if (done == 0) m.mark(a.in.half[0]) = Mark::done_visibly;
  return static_cast<int>(done);
}

int mask(Machine&, const Args& a) {
  const int place = sys::open_path(a.fd[0], a.text[0], beneath);
  if (place < 0) return is_missing(place) ? 0 : place;
  sys::Statx found;
  long done = sys::statx(place, "", sys::statx_type, &found);
  int cover = static_cast<int>(done);
  if (done == 0 && (found.mode & sys::s_ifmt) == sys::s_ifdir) {
    cover = sys::new_filesystem("tmpfs", plan::bit::attr_RDONLY);
  } else if (done == 0) {
    const sys::MountAttr apart{0, 0, plan::bit::propagation_PRIVATE, 0};
    cover = sys::open_tree_attr(sys::at_fdcwd, "/dev/null", plan::bit::tree_CLONE, &apart);
  }
  done = cover < 0 ? cover : sys::move_mount(cover, place, "", sys::move_to_empty);
  if (cover >= 0) sys::close(cover);
  sys::close(place);
  return static_cast<int>(done);
}

}  // namespace exec
}  // namespace mountc::run
