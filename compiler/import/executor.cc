// compiler/import/executor.cc - the process that runs a script on the model.
#include "compiler/import/executor.h"

#include <algorithm>
#include <cstring>

namespace mountc {

using kernel::Answer;
using kernel::Path;

const MountFlag* find_flag(std::string_view word) {
  static constexpr MountFlag flags[] = {{"ro", 0x1, 0},
                                        {"rw", 0, 0x1},
                                        {"nosuid", 0x2, 0},
                                        {"suid", 0, 0x2},
                                        {"nodev", 0x4, 0},
                                        {"dev", 0, 0x4},
                                        {"noexec", 0x8, 0},
                                        {"exec", 0, 0x8},
                                        {"noatime", 0x10, 0x70},
                                        {"strictatime", 0x20, 0x70},
                                        {"relatime", 0, 0x70},
                                        {"nodiratime", 0x80, 0},
                                        {"diratime", 0, 0x80},
                                        {"nosymfollow", 0x200000, 0},
                                        {"symfollow", 0, 0x200000}};
  for (const MountFlag& flag : flags) {
    if (word == flag.word) return &flag;
  }
  return nullptr;
}

Executor::Executor() {
  result_.world = plain_host();
  result_.host = kernel().dentries()[task().root.dentry].superblock;
}

bool Executor::find(const std::string& path, Path& found) {
  const Answer looked = kernel().look_up(task(), task().cwd, path, found);
  if (looked.refused()) answer(looked);
  return !looked.refused();
}

void Executor::answer(const Answer& got) {
  if (!got.refused()) return;
  result_.remarks.push_back(fmt::format("line {}: `{}` fails: {}: {}", command_->line,
                                        command_->text, strerror(got.error()),
                                        got.info().text));
}

void Executor::pass_over(std::string_view why) {
  result_.remarks.push_back(
      fmt::format("line {}: `{}` is passed over: {}", command_->line, command_->text, why));
}

void Executor::unshare() {
  kernel::NamespaceRef made = kernel::nothing;
  kernel::Task child = task();
  const Answer done = kernel().unshare(child, child.user_ns, made);
  if (done.refused()) return answer(done);
  const std::string name = fmt::format("new{}", result_.world.spaces.size());
  result_.world.spaces.push_back({name, made, child});
  space_ = result_.world.spaces.size() - 1;
}

kernel::SuperblockRef Executor::new_superblock(const std::string& type,
                                               const std::string& source,
                                               const std::string& options) {
  const auto made = kernel().dentries().add_superblock(type, true);
  snapshot::Superblock& known = result_.world.known[made];
  known.type = type;
  known.source = source.empty() ? type : source;
  for (size_t begin = 0; begin < options.size();) {
    const size_t end = std::min(options.find(',', begin), options.size());
    known.options.push_back(options.substr(begin, end - begin));
    begin = end + 1;
  }
  return made;
}

Translation Executor::finish() {
  const kernel::MountTable& mounts = kernel().mounts();
  for (const ModelWorld::Space& space : result_.world.spaces) {
    const kernel::MountRef base = kernel().namespaces()[space.ns].root;
    for (kernel::MountRef m = base; m != kernel::nothing; m = mounts.next(m, base)) {
      if (m == base || m == mounts[base].first_child) continue;
      ++result_.mounts;
      result_.propagated += mounts[m].propagated;
    }
  }
  return std::move(result_);
}

}  // namespace mountc
