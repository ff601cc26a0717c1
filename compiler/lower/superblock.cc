// compiler/lower/superblock.cc - makes the layout's own superblocks and what is in them.
#include <sys/stat.h>

#include "compiler/layout/paths.h"
#include "compiler/layout/super_options.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

namespace {

constexpr std::string_view overlay_layer = "lowerdir+";

}  // namespace

// The first mount that shows the whole filesystem and is surely there is made by fsmount; the
// others are its clones. One that may be cloned is better than an unbindable one.
void Lowering::choose_primaries() {
  std::vector<bool> is_layer(superblocks_.size()), is_mapped(superblocks_.size());
  for (const Mount& each : layout_.mounts) {
    const bool maps = each.source.kind == SourceKind::filesystem && each.idmap != none;
    if (maps && !each.is_mask) is_mapped[each.source.superblock] = true;
  }
  for (const Superblock& each : layout_.superblocks) {
    for (const SuperblockOption& option : each.options) {
      for (const Layer& layer : option.layers) is_layer[layer.superblock] = true;
    }
  }
  for (MountId m = 0; m < layout_.mounts.size(); ++m) {
    const Mount& candidate = mount(m);
    if (candidate.is_mask || candidate.source.kind != SourceKind::filesystem) continue;
    SuperblockState& state = superblocks_[candidate.source.superblock];
    if (candidate.is_conditional()) continue;
    state.optional = false;
    if (!candidate.source.at.empty()) continue;
    // A clone of a mount with an id map would have it, too, and what such a mount is made from
    // must not wait for a group that it is in itself.
    const bool free = candidate.idmap == none && candidate.group == none;
    if (is_mapped[candidate.source.superblock] && !free) continue;
    const bool bindable = candidate.propagation != Propagation::unbindable;
    // A layer may have to be cloned (layer_base()).
    if (!bindable && is_layer[candidate.source.superblock]) continue;
    const bool replaces = state.primary != none && bindable &&
                          mount(state.primary).propagation == Propagation::unbindable;
    if (state.primary == none || replaces) state.primary = m;
  }
  for (SuperblockId s = 0; s < superblocks_.size(); ++s) {
    if (!superblocks_[s].optional) require_layers(s);
  }
}

// Who surely needs a filesystem surely needs what it is made of.
void Lowering::require_layers(SuperblockId s) {
  superblocks_[s].optional = false;
  for (const SuperblockOption& option : layout_.superblocks[s].options) {
    for (const Layer& layer : option.layers) require_layers(layer.superblock);
  }
}

// A mount of the layer's superblock that the kernel takes: the root of a detached tree, writable,
// and without children that could hide the layers' directories. All layers of `s` that come from
// one superblock come from one mount: overlay wants that of upperdir and workdir.
Register Lowering::layer_base(SuperblockId s, LayerBases& bases) {
  const auto [base, fresh] = bases.try_emplace(s, superblocks_[s].fd);
  const MountId primary = superblocks_[s].primary;
  if (!fresh || primary == none) return base->second;
  bool usable = !mounts_[primary].nested && !(mount(primary).flags.set & bit::attr_RDONLY);
  for (MountId child : mount(primary).children) usable &= !mounts_[child].nested;
  if (!usable) {
    const uint32_t attr = out_.attr(0, bit::attr_RDONLY, bit::propagation_PRIVATE);
    base->second =
        out_.def(Op::open_tree_attr, {base->second, attr, out_.text(""), bit::tree_CLONE});
  }
  return base->second;
}

// Some mount of the superblock is there to be cloned.
void Lowering::need_superblock(SuperblockId s) {
  SuperblockState& state = superblocks_[s];
  if (state.fd == no_register && state.primary != none) acquire(state.primary);
  if (state.fd != no_register) return;
  out_.at(layout_.superblocks[s].statement);
  state.fd = make_superblock(s, 0, layout_.superblocks[s].statement);
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
    const Register fd = make_superblock(s, self.flags.set & ~(late ? read_only : 0), self.span);
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

Register Lowering::make_superblock(SuperblockId s, uint32_t attributes, Span statement) {
  const Superblock& superblock = layout_.superblocks[s];
  for (const SuperblockOption& option : superblock.options) {
    for (const Layer& layer : option.layers) need_superblock(layer.superblock);
  }
  out_.at(statement);
  LayerBases bases;
  const Register context = out_.def(Op::fsopen, {out_.text(superblock.type)});
  if (superblock.source) {
    out_.step(Op::fsconfig_path, {context, out_.text("source"), out_.text(*superblock.source)});
  }
  for (const SuperblockOption& option : superblock.options) {
    set_option(context, superblock.type, option, bases);
  }
  const bool optional = superblock.source && superblocks_[s].optional;
  out_.step(Op::fsconfig_create, {context, optional ? bit::tree_OPTIONAL : 0});
  return out_.def(Op::fsmount, {context, attributes});
}

void Lowering::set_option(Register context, std::string_view type,
                          const SuperblockOption& option, LayerBases& bases) {
  if (staged_ && option.key == overlay_layer) {
    // Linux 6.8 has the key that appends.
    out_.step(Op::fsconfig_path,
              {context, out_.text("lowerdir"), out_.text(joined_layers(option.values))});
    return;
  }
  const uint32_t key = out_.text(option.key);
  if (!option.has_value) out_.step(Op::fsconfig_flag, {context, key});
  auto layer = option.layers.begin();
  for (uint32_t i = 0; i < option.values.size(); ++i) {
    if (layer != option.layers.end() && layer->index == i) {
      set_layer(context, key, *layer++, bases);
      continue;
    }
    // Paths of the machine: --root is put before them.
    const bool is_path = type == "overlay" && option.values[i].starts_with('/');
    out_.step(is_path ? Op::fsconfig_path : Op::fsconfig_string,
              {context, key, out_.text(option.values[i])});
  }
}

// A layer that lies in a filesystem of the layout is given as a descriptor.
void Lowering::set_layer(Register context, uint32_t key, const Layer& layer,
                         LayerBases& bases) {
  const Register base = layer_base(layer.superblock, bases);
  const Register fd = layer.at.empty() ? base : lookup(base, layer.at, bit::tree_NO_XDEV);
  if (superblocks_[layer.superblock].optional) out_.step(Op::only_if, {context, fd});
  out_.step(Op::fsconfig_fd, {context, fd, key});
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
      // A change of owner takes setuid and setgid away (Linux fs/attr.c
      // setattr_should_drop_suidgid).
      if (entry.mode & (S_ISUID | S_ISGID)) {
        out_.step(Op::fchmodat, {dir, name, entry.mode & 07777});
      }
    }
  }
}

}  // namespace mountc
