// compiler/lower/looks.cc - see looks.h.
#include "compiler/lower/looks.h"

#include "compiler/layout/mountinfo_text.h"

namespace mountc {
namespace {

namespace bit = plan::bit;

// As mountinfo spells it; what is special in the pattern stands for any letter.
std::string escaped(std::string_view path) {
  std::string text;
  append_escaped(text, path);
  for (char& c : text) {
    if (c == '*' || c == '#' || c == '@') c = '*';
  }
  return text;
}

// "rw,nosuid,relatime": all that there are.
std::string all_flags(uint32_t set, bool mapped) {
  return mount_options_text(mapped ? set | bit::attr_IDMAP : set);
}

// "ro*noexec*": those that must be there. That another one is not has no name, but for `rw`.
std::string some_flags(const Flags& flags, bool mapped) {
  const uint32_t set = mapped ? flags.set | bit::attr_IDMAP : flags.set;
  const uint32_t known = set | flags.clear;
  std::string text = "*";
  for (const MountOption& option : mount_options) {
    if ((known & option.field) != option.field || !option.shows(set)) continue;
    const bool begins = option.field == bit::attr_RDONLY,
               ends = option.field == bit::attr_IDMAP;
    text = (begins ? "" : text).append(option.name).append(ends ? "" : "*");
  }
  return text;
}

}  // namespace

// What mountinfo says from the root on, as far as the layout alone decides it: a bind keeps
// what its source had.
std::string Looks::of(MountId m) {
  const Mount& self = layout_.mounts[m];
  const bool mapped = self.idmap != none;
  if (self.root.superblock == none) {
    return "* * " + some_flags(self.flags, mapped) + " " + sharing(m);
  }
  const Superblock& superblock = layout_.superblocks[self.root.superblock];
  const std::string root = superblock.is_volatile() ? "/" + escaped(self.root.path) : "*";
  std::string text = root + " * " + all_flags(self.flags.set, mapped) + " " + sharing(m);
  // These are shown as others of their kind.
  const std::string& type = superblock.type;
  return type.starts_with("fuse") || type.starts_with("nfs") ? text : text + type + " ";
}

// Is m in a tree that becomes as shared as what it is attached to?
bool Looks::propagates(MountId m) const { return layout_.mounts[layout_.top_of(m)].propagate; }

// Groups are numbered as they are met.
std::string Looks::number_of(GroupId group) {
  return std::to_string(
      numbers_.try_emplace(group, static_cast<uint32_t>(numbers_.size())).first->second);
}

// "shared:@1 master:@0 #- ": as mountinfo shows it, with `#` for what is not known. Where the
// master has no member in sight, `propagate_from:N` follows.
std::string Looks::sharing(MountId m) {
  const Mount& self = layout_.mounts[m];
  if (propagates(m)) return "#- ";
  switch (self.propagation) {
    case Propagation::private_: return "- ";
    case Propagation::unbindable: return "unbindable - ";
    case Propagation::shared: {
      const Group& group = layout_.groups[self.group];
      const std::string own = "shared:@" + number_of(self.group);
      // What a group of the host receives from is the host's.
      if (group.peers_of) return own + " #- ";
      return group.master == none ? own + " - "
                                  : own + " master:@" + number_of(group.master) + " #- ";
    }
    case Propagation::slave: return "master:@" + number_of(self.group) + " #- ";
    case Propagation::inherit:
    case Propagation::follow: break;
  }
  return "#- ";
}

}  // namespace mountc
