// compiler/lower/assemble.cc - puts trees together: children first, groups after.
#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

void Lowering::assemble(MountId m) {
  acquire(m);
  if (staged_ && !mount(m).children.empty()) attach_somewhere(mounts_[m].fd);
  for (MountId child : mount(m).children) {
    const bool is_mask = mount(child).is_mask;
    if (!staged_ && !is_mask) assemble(child);
    acquire_hidden(m, child);
    // In a stage what is attached to a mount must itself be attached, so parents come first.
    if (staged_ && !is_mask) acquire(child);
    nest(m, child);
    if (staged_ && !is_mask) assemble(child);
  }
  finish(m);
}

// What is cloned from m at a path that `child` is about to cover has to be picked up before.
void Lowering::acquire_hidden(MountId m, MountId child) {
  const std::string& target = mount(child).target;
  if (target.empty()) return;
  for (MountId clone : clones_of_[m]) {
    const std::string& at = mount(clone).source.at;
    if (!at.empty() && is_within(at, target)) acquire(clone);
  }
}

// Can the mount's root be something else than a directory? Linux would then attach it even to a
// symbolic link, so the runtime looks.
bool Lowering::may_be_file(MountId m) const {
  const Root& root = mount(m).root;
  return root.superblock == none || !root.path.empty();
}

void Lowering::nest(MountId m, MountId child) {
  const Mount& self = mount(child);
  mounts_[child].nested = true;
  out_.at(self.span);
  const Register parent = mounts_[m].fd;
  if (self.is_mask) {
    out_.step(Op::mask, {parent, out_.text(self.target)});
    return;
  }
  Register dir = parent;
  const std::string_view above = parent_of(self.target);
  if (!above.empty()) {
    dir = self.is_conditional() ? lookup(parent, above, bit::tree_OPTIONAL) : directory(m, above);
  }
  // Where its mount point is left out, it is attached nowhere, but its clone is still taken.
  if (self.is_conditional() && !clones_of_[child].empty()) attach_somewhere(mounts_[child].fd);
  const bool look = !self.target.empty() && may_be_file(child);
  out_.step(Op::move_mount, {mounts_[child].fd, dir, out_.text(name_of(self.target)),
                             look ? bit::nest_CHECK_SYMLINK : 0});
  if (staged_) mark_attached(mounts_[child].fd);
}

// The directory `path` beneath m, opened once for neighbours in the text.
Register Lowering::directory(MountId m, std::string_view path) {
  if (directory_mount_ != m || directory_path_ != path) {
    directory_fd_ = lookup(mounts_[m].fd, path, 0);
    directory_mount_ = m;
    directory_path_ = path;
  }
  return directory_fd_;
}

void Lowering::finish(MountId m) {
  out_.at(mount(m).span);
  const Register fd = mounts_[m].fd;
  if (mounts_[m].read_only_late) {
    out_.step(Op::mount_setattr, {fd, out_.attr(bit::attr_RDONLY, 0, 0), 0});
  }
  if (!staged_ && mount(m).propagation == Propagation::unbindable &&
      early_propagation(m) != bit::propagation_UNBINDABLE) {
    // An unbindable mount cannot be cloned any more (Linux fs/namespace.c __do_loopback).
    for (MountId clone : clones_of_[m]) acquire(clone);
    // What a group starts from may yet have to be one, instead of the member that was chosen.
    for (GroupId g = 0; g < groups_.size(); ++g) {
      const SuperblockId s = groups_[g].anchor.root.superblock;
      const bool starts = !groups_[g].anchor.alone && !layout_.groups[g].peers_of;
      if (starts && s != none && superblocks_[s].primary == m) needed_donor(g);
    }
    out_.at(mount(m).span);
    out_.set_propagation(fd, bit::propagation_UNBINDABLE);
  }
  if (!maps_whole_tree(m)) map_ids(m, 0);
  finish_group(m);
}

}  // namespace mountc
