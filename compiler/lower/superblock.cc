// compiler/lower/superblock.cc - makes the layout's own superblocks and what is in them.
#include <sys/stat.h>

#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

// The first mount that shows the whole filesystem and is surely there is made by fsmount; the
// others are its clones. One that may be cloned is better than an unbindable one.
void Lowering::choose_primaries() {
  for (MountId m = 0; m < layout_.mounts.size(); ++m) {
    const Mount& candidate = mount(m);
    if (candidate.is_mask || candidate.source.kind != SourceKind::filesystem) continue;
    SuperblockState& state = superblocks_[candidate.source.superblock];
    if (candidate.is_conditional()) continue;
    state.optional = false;
    if (!candidate.source.at.empty()) continue;
    const bool bindable = candidate.propagation != Propagation::unbindable;
    const bool replaces = state.primary != none && bindable &&
                          mount(state.primary).propagation == Propagation::unbindable;
    if (state.primary == none || replaces) state.primary = m;
  }
}

// Some mount of the superblock is there to be cloned.
void Lowering::need_superblock(SuperblockId s) {
  SuperblockState& state = superblocks_[s];
  if (state.fd == no_register && state.primary != none) acquire(state.primary);
  if (state.fd != no_register) return;
  out_.at(layout_.superblocks[s].statement);
  state.fd = make_superblock(s, 0);
  make_entries(s, state.fd);
}

void Lowering::acquire_filesystem(MountId m, uint32_t propagation) {
  const Mount& self = mount(m);
  const SuperblockId s = self.source.superblock;
  SuperblockState& state = superblocks_[s];
  if (state.primary == m) {
    out_.at(self.span);
    const bool late = !layout_.superblocks[s].entries.empty() || mounts_[m].read_only_late;
    const uint32_t read_only = self.flags.set & bit::attr_RDONLY;
    const Register fd = make_superblock(s, self.flags.set & ~(late ? read_only : 0));
    mounts_[m].fd = state.fd = fd;
    make_entries(s, fd);
    out_.at(self.span);
    const bool settle = late && read_only && !mounts_[m].read_only_late;
    const uint32_t wanted = propagation == bit::propagation_UNBINDABLE ? propagation : 0;
    if (settle || wanted) {
      out_.step(Op::mount_setattr, {fd, out_.attr(settle ? read_only : 0, 0, wanted), 0});
    }
    return;
  }
  need_superblock(s);
  out_.at(self.span);
  const Donor donor{state.fd, {s, ""}, superblock_flags(s), state.primary};
  mounts_[m].fd = clone(donor, m, self.flags, propagation);
}

// What a clone of the superblock's mount brings along.
Flags Lowering::superblock_flags(SuperblockId s) const {
  const MountId primary = superblocks_[s].primary;
  return primary == none ? Flags{} : mount(primary).flags;
}

Register Lowering::make_superblock(SuperblockId s, uint32_t attributes) {
  const Superblock& superblock = layout_.superblocks[s];
  const Register context = out_.def(Op::fsopen, {out_.text(superblock.type)});
  if (superblock.source) {
    out_.step(Op::fsconfig_source, {context, out_.text(*superblock.source)});
  }
  for (const SuperblockOption& option : superblock.options) {
    const uint32_t key = out_.text(option.key);
    if (!option.has_value) out_.step(Op::fsconfig_flag, {context, key});
    for (const std::string& value : option.values) {
      out_.step(Op::fsconfig_string, {context, key, out_.text(value)});
    }
  }
  const bool optional = superblock.source && superblocks_[s].optional;
  out_.step(Op::fsconfig_create, {context, optional ? bit::tree_OPTIONAL : 0});
  return out_.def(Op::fsmount, {context, attributes});
}

void Lowering::make_entries(SuperblockId s, Register root) {
  Register dir = root;
  std::string_view dir_path;
  for (const Entry& entry : layout_.superblocks[s].entries) {
    out_.at(entry.span);
    const std::string_view above = parent_of(entry.path);
    if (above != dir_path) {
      dir = above.empty() ? root : lookup(root, above, 0);
      dir_path = above;
    }
    const uint32_t name = out_.text(name_of(entry.path));
    switch (entry.kind) {
      case EntryKind::directory: out_.step(Op::mkdirat, {dir, name, entry.mode}); break;
      case EntryKind::file:
        out_.step(Op::mknodat, {dir, out_.pair(S_IFREG | entry.mode, 0), name});
        break;
      case EntryKind::node:
        out_.step(Op::mknodat, {dir, out_.pair(entry.mode, entry.device), name});
        break;
      case EntryKind::symlink:
        out_.step(Op::symlinkat, {dir, name, out_.text(entry.text)});
        break;
    }
    if (entry.uid || entry.gid) {
      out_.step(Op::fchownat, {dir, out_.pair(entry.uid, entry.gid), name});
      // A change of owner takes setuid and setgid away (Linux fs/attr.c setattr_should_drop_suidgid).
      if (entry.mode & (S_ISUID | S_ISGID)) {
        out_.step(Op::fchmodat, {dir, name, entry.mode & 07777});
      }
    }
  }
}

}  // namespace mountc
