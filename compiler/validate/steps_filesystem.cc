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

Outcome Simulator::fsopen(const Step& step) {
  give_up(step.args[0]);
  slot(step.args[0]) = {
      Slot::Holds::context, false, {}, static_cast<uint32_t>(superblocks_.size())};
  superblocks_.push_back({std::string(text(step.args[1])), {}, {}});
  return {};
}

Outcome Simulator::configure(uint32_t context, uint32_t key, std::optional<uint32_t> value) {
  if (slot(context).holds != Slot::Holds::context) return defective(not_a_context);
  MadeSuperblock& made = superblocks_[slot(context).index];
  if (made.superblock != kernel::nothing) return defective("the superblock is made already");
  std::optional<std::string> words;
  if (value) words = text(*value);
  made.options.emplace_back(text(key), words);
  return {};
}

Outcome Simulator::fsconfig_flag(const Step& step) {
  return configure(step.args[0], step.args[1], std::nullopt);
}

Outcome Simulator::fsconfig_string(const Step& step) {
  return configure(step.args[0], step.args[1], step.args[2]);
}

// Which layer it is, the comparison knows.
Outcome Simulator::fsconfig_fd(const Step& step) {
  if (!path(step.args[1])) return defective("the slot holds no mount");
  return configure(step.args[0], step.args[2], std::nullopt);
}

Outcome Simulator::fsconfig_path(const Step& step) {
  if (text(step.args[1]) != "source")
    return configure(step.args[0], step.args[1], step.args[2]);
  if (slot(step.args[0]).holds != Slot::Holds::context) return defective(not_a_context);
  superblocks_[slot(step.args[0]).index].source = text(step.args[2]);
  return {};
}

Outcome Simulator::fsconfig_create(const Step& step) {
  if (slot(step.args[0]).holds != Slot::Holds::context) return defective(not_a_context);
  MadeSuperblock& made = superblocks_[slot(step.args[0]).index];
  if (made.superblock != kernel::nothing) return defective("the superblock is made already");
  if (world_.is_missing(step.args[1] & bit::tree_OPTIONAL)) {
    give_up(step.args[0]);
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
    made.superblock = kernel_.dentries().add_superblock(made.type, true);
  }
  return {};
}

Outcome Simulator::fsmount(const Step& step) {
  if (slot(step.args[1]).holds != Slot::Holds::context) return defective(not_a_context);
  MadeSuperblock& made = superblocks_[slot(step.args[1]).index];
  if (made.superblock == kernel::nothing) return defective("the superblock is not made yet");
  if (std::exchange(made.mounted, true))
    return defective("the context has made its mount already");
  Path mount;
  const Answer answer = kernel_.fsmount(task_, made.superblock, step.args[2], mount);
  if (!answer.refused()) fill(step.args[0], mount, true);
  return answer;
}

// What a filesystem of the layout holds is what the plan has made in it: what was looked up
// before it is made would not have been there.
Outcome Simulator::make_entry(uint32_t dir, std::string_view name, DentryKind kind,
                              const MadeEntry& entry) {
  const Path* const place = path(dir);
  if (!place) return defective("the slot holds no directory");
  if (kernel_.dentries().known(place->dentry, name) != kernel::nothing) {
    return defective("the entry is there already, or was looked up before it is made");
  }
  if (kernel_.mounts()[place->mount].attributes & bit::attr_RDONLY)
    return Answer(Refusal::read_only);
  entries_[kernel_.dentries().make(place->dentry, name, kind)] = entry;
  return {};
}

MadeEntry* Simulator::entry(uint32_t dir, std::string_view name) {
  const Path* const place = path(dir);
  if (!place) return nullptr;
  const auto found = entries_.find(kernel_.dentries().known(place->dentry, name));
  return found == entries_.end() ? nullptr : &found->second;
}

Outcome Simulator::mkdirat(const Step& step) {
  return make_entry(step.args[0], text(step.args[1]), DentryKind::directory,
                    {s_ifdir | step.args[2], 0, 0, 0, 0});
}

Outcome Simulator::mknodat(const Step& step) {
  const plan::Pair node = program_.pairs[step.args[1]];
  return make_entry(step.args[0], text(step.args[2]), DentryKind::file,
                    {node.first, node.second, 0, 0, 0});
}

Outcome Simulator::symlinkat(const Step& step) {
  return make_entry(step.args[0], text(step.args[1]), DentryKind::symlink,
                    {0, 0, 0, 0, step.args[2]});
}

Outcome Simulator::fchownat(const Step& step) {
  MadeEntry* const made = entry(step.args[0], text(step.args[2]));
  if (!made) return defective("the entry is not there");
  const plan::Pair owner = program_.pairs[step.args[1]];
  made->uid = owner.first;
  made->gid = owner.second;
  // Linux fs/attr.c setattr_should_drop_suidgid(): not for directories.
  if ((made->mode & s_ifmt) != s_ifdir) made->mode &= ~uint32_t{06000};
  return {};
}

Outcome Simulator::fchmodat(const Step& step) {
  MadeEntry* const made = entry(step.args[0], text(step.args[1]));
  if (!made) return defective("the entry is not there");
  made->mode = (made->mode & s_ifmt) | (step.args[2] & permissions);
  return {};
}

// A mount point on the host: it exists, or it is made now.
Outcome Simulator::make(const Step& step) {
  const Path* const place = path(step.args[1]);
  if (!place) return defective("the slot holds no directory");
  const DentryKind kind =
      (step.args[4] & s_ifmt) == s_ifdir ? DentryKind::directory : DentryKind::file;
  Outcome outcome;
  const DentryRef there = kernel_.dentries().known(place->dentry, text(step.args[3]));
  if (there != kernel::nothing) {
    outcome.null = true;
    if (!kernel_.dentries().may_be(there, kind)) outcome.answer = Refusal::exists;
    return outcome;
  }
  if (kernel_.mounts()[place->mount].attributes & bit::attr_RDONLY)
    return Answer(Refusal::read_only);
  kernel_.dentries().make(place->dentry, text(step.args[3]), kind);
  fill(step.args[0], *place, false);
  return outcome;
}

}  // namespace mountc
