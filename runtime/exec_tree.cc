// runtime/exec_tree.cc - instructions that clone, configure and attach mounts.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run {
namespace {

constexpr uint32_t ours = plan::bit::tree_OPTIONAL | plan::bit::tree_NO_XDEV;

bool is_missing(long result) { return result == -sys::ENOENT || result == -sys::ENOTDIR; }

int found(const Machine& m, int fd, uint32_t flags) {
  const bool may_miss = (flags & plan::bit::tree_OPTIONAL) || m.making_skipped;
  return is_missing(fd) && may_miss ? null_result : fd;
}

int base_of(const Machine& m, uint16_t dir) {
  return (dir & plan::slot_mask) == plan::slot_host ? m.source_base : m.target_base;
}

// Calls open(fd, path, kernel's flags) with the place that `dir` and `path` name. A path beneath
// --root or --at is looked up first: open_tree(2) itself cannot stay inside a directory.
template <typename Open>
int pick(const Machine& m, uint16_t dir, const char* path, uint32_t flags, Open open) {
  const uint32_t kernel_flags = flags & ~ours;
  if (!plan::is_pseudo(dir)) return open(m.slot(dir), "", kernel_flags | sys::at_empty_path);
  const int base = base_of(m, dir);
  if (base == sys::at_fdcwd) return found(m, open(base, path, kernel_flags), flags);

  const int place = look_up(m, dir, path, flags);
  if (place < 0) return found(m, place, flags);
  const int fd = open(place, "", kernel_flags | sys::at_empty_path);
  sys::close(place);
  return fd;
}

}  // namespace

int look_up(const Machine& m, uint16_t dir, const char* path, uint32_t flags) {
  const uint64_t stay = flags & plan::bit::tree_NO_XDEV ? sys::resolve_no_xdev : 0;
  if (!plan::is_pseudo(dir)) {
    return sys::open_path(m.slot(dir), path,
                          sys::resolve_beneath | sys::resolve_no_symlinks |
                              sys::resolve_no_magiclinks | stay);
  }
  const int base = base_of(m, dir);
  return sys::open_path(base, path, stay | (base == sys::at_fdcwd ? 0 : sys::resolve_in_root));
}

namespace exec {

int open_tree(Machine& m, const Instruction& in) {
  return pick(m, in.half[1], m.text(in.word[0]), in.word[1],
              [](int dir, const char* path, uint32_t flags) {
                return sys::open_tree(dir, path, flags);
              });
}

int open_tree_attr(Machine& m, const Instruction& in) {
  const sys::MountAttr attr = m.attr(in.half[2]);
  return pick(m, in.half[1], m.text(in.word[0]), in.word[1],
              [&](int dir, const char* path, uint32_t flags) {
                return sys::open_tree_attr(dir, path, flags, &attr);
              });
}

int openat2(Machine& m, const Instruction& in) {
  return found(m, look_up(m, in.half[1], m.text(in.word[0]), in.word[1]), in.word[1]);
}

int mount_setattr(Machine& m, const Instruction& in) {
  const sys::MountAttr attr = m.attr(in.half[1]);
  return static_cast<int>(
      sys::mount_setattr(m.slot(in.half[0]), "", in.word[0] | sys::at_empty_path, &attr));
}

int move_mount(Machine& m, const Instruction& in) {
  const int dir = m.slot(in.half[1]);
  const char* name = m.text(in.word[0]);
  // A file can be attached onto a symbolic link itself: Linux 6.18, run.
  if (in.word[1] & plan::bit::nest_CHECK_SYMLINK) {
    sys::Statx found;
    if (sys::statx(dir, name, sys::statx_type, &found) == 0 &&
        (found.mode & sys::s_ifmt) == sys::s_iflnk) {
      return -sys::EINVAL;
    }
  }
  const long done = sys::move_mount(m.slot(in.half[0]), dir, name, *name ? 0 : sys::move_to_empty);
  const bool may_miss = in.word[1] & plan::bit::nest_OPTIONAL;
  return may_miss && is_missing(done) ? 0 : static_cast<int>(done);
}

int set_group(Machine& m, const Instruction& in) {
  const int from = m.slot(in.half[0]);
  const long done = sys::move_mount(from, m.slot(in.half[1]), "",
                                    sys::move_set_group | sys::move_to_empty);
  // Only a donor that surely is private excuses the refusal.
  if (done == -sys::EINVAL && (in.word[0] & plan::bit::join_IF_SHARED) &&
      is_surely_private(from)) {
    return 0;
  }
  return static_cast<int>(done);
}

int publish(Machine& m, const Instruction& in) {
  const bool guarded = in.half[2] != plan::slot_null && m.slot(in.half[2]) >= 0;
  const int target = m.slot(guarded ? in.half[2] : in.half[1]);
  const long done = sys::move_mount(m.slot(in.half[0]), target, "", sys::move_to_empty);
  if (done == 0) m.mark(in.half[0]) = Mark::done_visibly;
  return static_cast<int>(done);
}

int mask(Machine& m, const Instruction& in) {
  const int place = look_up(m, in.half[0], m.text(in.word[0]), 0);
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
