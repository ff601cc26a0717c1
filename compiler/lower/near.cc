// compiler/lower/near.cc - the directories that many binds come from, opened once.
//
// Taking a clone costs 30-40 ns for each mount that lies in the mount it is taken from (Linux
// 6.18, fs/namespace.c has_locked_children()): a hundred binds out of a root with a thousand
// mounts take 3 ms longer. When it runs, the plan finds such a mount and clones the directory
// once; that clone has no mounts in it, and the binds are taken from it. Elsewhere it opens the
// directory, and looks up from there what lies below: the way to it costs a bind a few percent of
// its time.
#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {
namespace {

constexpr size_t binds_min = 8;        // fewer do not make the clone good
constexpr size_t directories_max = 4;  // each is an fd for a long time

// The clone is in no group: what keeps its source's group is not taken from it.
bool can_be_near(const Mount& mount) {
  return mount.source.kind == SourceKind::bind && mount.source.in.empty() && !mount.is_mask &&
         !mount.keeps_groups();
}

// Empty: the path does not say in which directory its entry lies.
std::string_view directory_of(const Mount& mount) {
  const std::string_view path = mount.source.path;
  return path == "/" || name_of(path) == ".." ? std::string_view() : parent_of(path);
}

}  // namespace

void Lowering::choose_near() {
  std::map<std::string_view, size_t> binds;
  for (const Mount& mount : layout_.mounts) {
    if (can_be_near(mount)) ++binds[directory_of(mount)];
  }
  binds.erase("");
  std::vector<std::pair<size_t, std::string_view>> most;
  for (const auto& [directory, count] : binds) {
    if (count >= binds_min) most.emplace_back(count, directory);
  }
  std::ranges::stable_sort(most, std::ranges::greater(),
                           [](const auto& each) { return each.first; });
  if (most.size() > directories_max) most.resize(directories_max);
  for (const auto& [count, directory] : most) near_.emplace(directory, no_register);
}

// The directory that m's source lies in, or below, if that is opened.
std::optional<Register> Lowering::near(MountId m, uint32_t propagation) {
  const bool in_no_group = propagation == plan::bit::propagation_PRIVATE ||
                           propagation == plan::bit::propagation_UNBINDABLE;
  if (staged_) return std::nullopt;  // a detached clone cannot be cloned
  if (!can_be_near(mount(m)) || !in_no_group) return std::nullopt;
  std::string_view directory = directory_of(mount(m));
  auto found = near_.find(directory);
  while (found == near_.end() && directory.size() > 1) {
    directory = parent_of(directory);
    if (directory != "/") found = near_.find(directory);
  }
  if (found == near_.end()) return std::nullopt;
  if (found->second == no_register) {
    found->second = out_.def(
        plan::Op::open_tree_attr,
        {reg_host, out_.attr(0, 0, plan::bit::propagation_PRIVATE), out_.text(found->first),
         plan::bit::tree_CLONE | plan::bit::tree_IF_BUSY});
  }
  return found->second;
}

}  // namespace mountc
