// compiler/lower/mount_points.cc - mount points that are made in filesystems which are not the
// layout's own: those are removed again when a later step fails.
#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

namespace {

constexpr uint32_t made_directory = 0040755;  // st_mode of a parent that was missing

uint32_t st_mode(Make make, uint32_t mode) {
  return (make == Make::file ? 0100000 : 0040000) | mode;
}

}  // namespace

// What was made has to be removed from a mount that is not read-only by then, and shows the ids
// of the files.
Register Lowering::place_to_make(MountId m) {
  const Register fd = mounts_[m].fd;
  if (!needs_place_to_make(m)) return fd;
  const bool tree = mount(m).source.kind == SourceKind::rbind;
  attach_somewhere(fd);
  return out_.def(Op::open_tree,
                  {fd, out_.text(""), bit::tree_CLONE | (tree ? bit::tree_RECURSIVE : 0)});
}

void Lowering::make_mount_points(MountId m) {
  Register place = no_register;
  for (MountId c : mount(m).children) {
    const Mount& child = mount(c);
    if (child.make == Make::nothing || made_with_superblock(layout_, c)) continue;
    if (child.target.empty()) continue;
    if (child.is_conditional()) acquire(c);
    out_.at(child.span);
    const bool known = child.is_conditional() && mounts_[c].fd != no_register;
    if (place == no_register) place = place_to_make(m);
    make_mount_point(c, place, known ? mounts_[c].fd : mounts_[m].fd);
  }
  if (mounts_[m].read_only_late && mount(m).source.kind == SourceKind::rbind) {
    become_read_only(m);
  }
}

void Lowering::make_mount_point(MountId c, Register place, Register wanted_by) {
  const Mount& child = mount(c);
  const std::string_view whole = child.target;
  Register dir = place;
  for (size_t at = whole.find('/'); at != std::string_view::npos;
       at = whole.find('/', at + 1)) {
    const std::string_view above = whole.substr(0, at);
    if (child.make_parents) {
      out_.def(Op::make, {dir, wanted_by, out_.text(name_of(above)), made_directory});
    } else if (whole.find('/', at + 1) != std::string_view::npos) {
      continue;  // only the last component is made: look its directory up at once
    }
    dir = lookup(place, above, 0);
  }
  out_.def(Op::make,
           {dir, wanted_by, out_.text(name_of(whole)), st_mode(child.make, child.make_mode)});
}

// Of what an rbind brings along, where nothing is written any more.
void Lowering::become_read_only(MountId m) {
  out_.at(mount(m).span);
  const uint32_t below = mount(m).flags_below.set & bit::attr_RDONLY;
  const uint32_t top = mount(m).flags.set & bit::attr_RDONLY;
  if (below) {
    out_.step(Op::mount_setattr,
              {mounts_[m].fd, out_.attr(below, 0, 0), bit::setattr_RECURSIVE});
  }
  if (top != below) {
    out_.step(Op::mount_setattr, {mounts_[m].fd, out_.attr(top, below, 0), 0});
  }
  mounts_[m].read_only_late = false;
}

void Lowering::make_target(MountId m) {
  const Mount& self = mount(m);
  if (self.make == Make::nothing) return;
  out_.at(self.span);
  const Register base = self.ns == none ? reg_target : reg_host;
  make_host_path(base, self.target, mounts_[m].fd, self.make, self.make_mode,
                 self.make_parents);
  mounts_[m].target = lookup(base, self.target, 0);
}

// Makes the last component of an absolute path on the host, or all that are missing.
void Lowering::make_host_path(Register base, std::string_view path, Register wanted_by,
                              Make make, uint32_t mode, bool parents) {
  if (parents) {
    for (size_t at = path.find('/', 1); at != std::string_view::npos;
         at = path.find('/', at + 1)) {
      const std::string_view above = path.substr(0, at);
      const Register dir = lookup(base, parent_of(above), 0);
      out_.def(Op::make, {dir, wanted_by, out_.text(name_of(above)), made_directory});
    }
  }
  const Register dir = lookup(base, parent_of(path), 0);
  out_.def(Op::make, {dir, wanted_by, out_.text(name_of(path)), st_mode(make, mode)});
}

}  // namespace mountc
