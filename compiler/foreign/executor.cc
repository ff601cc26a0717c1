// compiler/foreign/executor.cc - the process that runs a script on the model.
#include "compiler/foreign/executor.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "compiler/foreign/mount_command.h"

namespace mountc {

using kernel::Answer;
using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

Executor::Executor() {
  result_.world = plain_host();
  process_.task = result_.world.spaces.front().task;
  result_.host = kernel().dentries()[task().root.dentry].superblock;
}

bool Executor::find(const std::string& path, Path& found) {
  std::string rest = path;
  Path from = task().cwd;
  (void)is_link_of_descriptor(rest, from);
  return answer(kernel().look_up(task(), from, rest, found));
}

bool Executor::answer(const Answer& got) {
  if (!got.refused()) return true;
  result_.remarks.push_back(fmt::format("line {}: `{}` fails: {}: {}", command_->line,
                                        command_->text, strerror(got.error()),
                                        got.info().text));
  return false;
}

void Executor::pass_over(std::string_view why) {
  result_.remarks.push_back(
      fmt::format("line {}: `{}` is passed over: {}", command_->line, command_->text, why));
}

void Executor::remark(std::string_view what) {
  result_.remarks.push_back(
      fmt::format("line {}: `{}`: {}", command_->line, command_->text, what));
}

bool Executor::unshare() {
  kernel::NamespaceRef made = kernel::nothing;
  const MountRef old = kernel().namespaces()[task().ns].root;
  if (!answer(kernel().unshare(task(), task().user_ns, made))) return false;
  const kernel::MountTable& mounts = kernel().mounts();
  const MountRef root = kernel().namespaces()[made].root;
  for (MountRef p = old, q = root; p != nothing && q != nothing;
       p = mounts.next(p, old), q = mounts.next(q, root)) {
    if (const auto known = result_.bound.find(p); known != result_.bound.end()) {
      result_.bound[q] = known->second;
    }
  }
  result_.bound[mounts[root].first_child].recursive = true;  // the whole host
  process_.space = result_.world.spaces.size();
  result_.world.spaces.push_back({fmt::format("new{}", process_.space), made, task()});
  return true;
}

bool Executor::bind(Path from, const std::string& target, bool recursive) {
  Path to;
  if (!find(target, to)) return false;
  match_kinds(from, to);
  if (!answer(kernel().mount_bind(task(), from, to, recursive))) return false;
  if (!find(target, to)) return false;
  BoundFromHost known;
  if (const auto source = result_.bound.find(from.mount); source != result_.bound.end()) {
    known = source->second;
  }
  known.recursive = recursive;
  result_.bound[to.mount] = known;
  return true;
}

bool Executor::set_flags(Path at, uint32_t set, uint32_t clear) {
  const uint32_t before = kernel().mounts()[at.mount].attributes;
  if (!answer(kernel().mount_remount_bind(task(), at, (before & ~clear) | set))) return false;
  result_.bound[at.mount].flags_known |= set | clear;
  return true;
}

bool Executor::change_type(Path at, kernel::Propagation type, bool recursive) {
  if (!answer(kernel().mount_change_type(task(), at, type, recursive))) return false;
  const kernel::MountTable& mounts = kernel().mounts();
  for (MountRef m = at.mount; m != nothing;
       m = recursive ? mounts.next(m, at.mount) : nothing) {
    result_.bound[m].follows = type == kernel::Propagation::slave;
  }
  return true;
}

kernel::SuperblockRef Executor::new_superblock(const std::string& type,
                                               const std::string& source,
                                               const std::string& options) {
  const auto made = kernel().dentries().add_superblock(type, kernel::Contents::on_demand);
  snapshot::Superblock& known = result_.world.known[made];
  // `-t ext4,xfs` and the like: which one it is, only the machine knows.
  const bool is_word = std::ranges::all_of(type, [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == '.';
  });
  known.type = is_word ? type : "";
  known.source = source.empty() ? known.type : source;
  known.options = split_options(options);
  return made;
}

// What the machine must have had, and still has where it was, is not the script's.
void Executor::forget_what_was_moved() {
  std::erase_if(result_.supposed, [&](MountRef m) {
    const kernel::Mount& mount = kernel().mounts()[m];
    return mount.parent == nothing || mount.root != mount.mountpoint;
  });
}

Translation Executor::finish() {
  forget_what_was_moved();
  const kernel::MountTable& mounts = kernel().mounts();
  const kernel::DentryRef host_root = kernel().dentries().superblock(result_.host).root;
  for (const ModelWorld::Space& space : result_.world.spaces) {
    const kernel::MountRef base = kernel().namespaces()[space.ns].root;
    for (kernel::MountRef m = base; m != kernel::nothing; m = mounts.next(m, base)) {
      const bool whole_host = m == mounts[base].first_child && mounts[m].root == host_root;
      if (m == base || whole_host || result_.supposed.contains(m)) continue;
      ++result_.mounts;
      result_.propagated += mounts[m].propagated;
    }
  }
  return std::move(result_);
}

}  // namespace mountc
