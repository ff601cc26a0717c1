// compiler/validate/steps_filesystem.cc - steps that make superblocks and entries, on the
// model.
#include "compiler/layout/super_options.h"
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::DentryKind;
using kernel::DentryRef;
using kernel::Path;
using kernel::Refusal;

namespace {

constexpr uint32_t s_ifmt = 0170000, s_ifdir = 0040000, permissions = 07777;

constexpr std::string_view not_a_context = "the slot holds no superblock context";

}  // namespace

Outcome Simulator::fsopen(Register ctx, Text type) {
  give_up(ctx);
  slot(ctx) = {.holds = Slot::Holds::context,
               .index = static_cast<uint32_t>(superblocks_.size())};
  superblocks_.push_back({std::string(type), {}, {}});
  return {};
}

Outcome Simulator::configure(Register ctx, Text key, std::optional<std::string> value) {
  if (slot(ctx).holds != Slot::Holds::context) return defective(not_a_context);
  MadeSuperblock& made = superblocks_[slot(ctx).index];
  if (made.superblock != kernel::nothing) return defective("the superblock is made already");
  made.options.emplace_back(key, std::move(value));
  return {};
}

Outcome Simulator::fsconfig_flag(Register ctx, Text key) {
  return configure(ctx, key, std::nullopt);
}

Outcome Simulator::fsconfig_string(Register ctx, Text key, Text value) {
  return configure(ctx, key, std::string(value));
}

// Which layer it is, the comparison knows.
Outcome Simulator::fsconfig_fd(Register ctx, Register fd, Text key) {
  if (!place_of(fd)) return defective("the slot holds no mount");
  return configure(ctx, key, std::nullopt);
}

Outcome Simulator::fsconfig_path(Register ctx, Text key, Text path) {
  if (key != "source") return configure(ctx, key, std::string(path));
  if (slot(ctx).holds != Slot::Holds::context) return defective(not_a_context);
  superblocks_[slot(ctx).index].source = path;
  return {};
}

Outcome Simulator::fsconfig_create(Register ctx, Number flags) {
  if (slot(ctx).holds != Slot::Holds::context) return defective(not_a_context);
  MadeSuperblock& made = superblocks_[slot(ctx).index];
  if (made.superblock != kernel::nothing) return defective("the superblock is made already");
  if (world_.is_missing(flags & bit::tree_OPTIONAL)) {
    give_up(ctx);
    return {};
  }
  // Of other types the kernel has one superblock for each source, as far as a layout can tell.
  if (!makes_instance(made.type)) {
    for (const MadeSuperblock& other : superblocks_) {
      const bool same = other.type == made.type && other.source == made.source;
      if (same && other.superblock != kernel::nothing) made.superblock = other.superblock;
      if (same) break;
    }
  }
  if (made.superblock == kernel::nothing) {
    made.superblock = kernel_.dentries().add_superblock(made.type, kernel::Contents::on_demand);
  }
  return {};
}

Outcome Simulator::fsmount(Register fd, Register ctx, Number attr) {
  if (slot(ctx).holds != Slot::Holds::context) return defective(not_a_context);
  MadeSuperblock& made = superblocks_[slot(ctx).index];
  if (made.superblock == kernel::nothing) return defective("the superblock is not made yet");
  if (std::exchange(made.mounted, true))
    return defective("the context has made its mount already");
  Path mount;
  const Answer answer = kernel_.fsmount(task_, made.superblock, attr, mount);
  if (!answer.refused()) fill_with_tree(fd, mount);
  return answer;
}

// What a filesystem of the layout holds is what the plan has made in it: what was looked up
// before it is made would not have been there.
Outcome Simulator::make_entry(Register dir, Text name, DentryKind kind,
                              const MadeEntry& entry) {
  const Path* const place = place_of(dir);
  if (!place) return defective("the slot holds no directory");
  if (kernel_.dentries().known(place->dentry, name) != kernel::nothing) {
    return defective("the entry is there already, or was looked up before it is made");
  }
  if (kernel_.mounts()[place->mount].attributes & bit::attr_RDONLY)
    return Answer(Refusal::read_only);
  entries_[kernel_.dentries().make(place->dentry, name, kind)] = entry;
  return {};
}

MadeEntry* Simulator::entry(Register dir, Text name) {
  const Path* const place = place_of(dir);
  if (!place) return nullptr;
  const auto found = entries_.find(kernel_.dentries().known(place->dentry, name));
  return found == entries_.end() ? nullptr : &found->second;
}

Outcome Simulator::mkdirat(Register dir, Text name, Number mode) {
  return make_entry(dir, name, DentryKind::directory, {.mode = s_ifdir | mode});
}

Outcome Simulator::mknodat(Register dir, Pair node, Text name) {
  return make_entry(dir, name, DentryKind::file, {.mode = node.first, .device = node.second});
}

Outcome Simulator::symlinkat(Register dir, Text name, Text text) {
  return make_entry(dir, name, DentryKind::symlink, {.text = text});
}

Outcome Simulator::fchownat(Register dir, Pair owner, Text name) {
  MadeEntry* const made = entry(dir, name);
  if (!made) return defective("the entry is not there");
  made->uid = owner.first;
  made->gid = owner.second;
  // Linux fs/attr.c setattr_should_drop_suidgid(): not for directories.
  if ((made->mode & s_ifmt) != s_ifdir) made->mode &= ~uint32_t{06000};
  return {};
}

Outcome Simulator::fchmodat(Register dir, Text name, Number mode) {
  MadeEntry* const made = entry(dir, name);
  if (!made) return defective("the entry is not there");
  made->mode = (made->mode & s_ifmt) | (mode & permissions);
  return {};
}

// A mount point on the host: it exists, or it is made now.
Outcome Simulator::make(Register made, Register dir, Register, Text name, Number mode) {
  const Path* const place = place_of(dir);
  if (!place) return defective("the slot holds no directory");
  const DentryKind kind = (mode & s_ifmt) == s_ifdir ? DentryKind::directory : DentryKind::file;
  Outcome outcome;
  const DentryRef there = kernel_.dentries().known(place->dentry, name);
  if (there != kernel::nothing) {
    outcome.null = true;
    if (!kernel_.dentries().may_be(there, kind)) outcome.answer = Refusal::exists;
    return outcome;
  }
  if (kernel_.mounts()[place->mount].attributes & bit::attr_RDONLY)
    return Answer(Refusal::read_only);
  kernel_.dentries().make(place->dentry, name, kind);
  fill(made, *place);
  return outcome;
}

}  // namespace mountc
