// compiler/lower/anchors.cc - chooses the mount each group starts from.
#include "compiler/lower/anchors.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <optional>

#include "compiler/layout/paths.h"

namespace mountc {
namespace {

// Members that join a group after their own tree is finished keep a file descriptor open until
// then; with more of them than this a separate anchor is the smaller evil.
constexpr ptrdiff_t waiting_max = 8;

// What begins with the path up to a `..` does not lie there: most likely in what that leads to.
Root above_dotdot(Root root) {
  const size_t dotdot = (root.path + "/").find("/../");
  if (root.superblock == none && dotdot != std::string::npos) {
    const std::string_view before = std::string_view(root.path).substr(0, dotdot);
    root.path = before.empty() ? "/" : std::string(parent_of(before));
  }
  return root;
}

class Chooser {
 public:
  explicit Chooser(const Layout& layout) : layout_(layout) {}

  std::vector<Anchor> choose() {
    const size_t count = layout_.groups.size();
    anchors_.resize(count);
    members_.resize(count);
    slaves_.resize(count);
    received_first_.assign(count, UINT32_MAX);
    needed_.resize(count);
    before_.resize(layout_.mounts.size());
    after_.resize(layout_.mounts.size());
    for (MountId m = 0; m < layout_.mounts.size(); ++m) {
      if (layout_.mounts[m].parent == none) number(m);
    }
    for (MountId m = 0; m < layout_.mounts.size(); ++m) enter(m);
    pass_on();
    for (GroupId g = 0; g < count; ++g) decide(g);
    return std::move(anchors_);
  }

 private:
  // The order of assembly: a mount is picked up before its children and finished after them.
  void number(MountId m) {
    before_[m] = clock_++;
    for (MountId child : layout_.mounts[m].children) number(child);
    after_[m] = clock_++;
  }

  void enter(MountId m) {
    const Mount& mount = layout_.mounts[m];
    if (mount.group == none) return;
    const bool shared = mount.propagation == Propagation::shared;
    (shared ? members_ : slaves_)[mount.group].push_back(m);
    need(mount.group, above_dotdot(mount.root));
    // Whoever receives from a group needs its anchor when it is picked up.
    const GroupId from = shared ? layout_.groups[mount.group].master : mount.group;
    if (from != none) received_first_[from] = std::min(received_first_[from], before_[m]);
  }

  // What a group needs its master needs, too: from the groups without slaves upwards, each
  // once.
  void pass_on() {
    std::vector<uint32_t> unseen(layout_.groups.size(), 0);
    for (const Group& group : layout_.groups) {
      if (group.master != none) ++unseen[group.master];
    }
    std::vector<GroupId> ready;
    for (GroupId g = 0; g < layout_.groups.size(); ++g) {
      if (unseen[g] == 0) ready.push_back(g);
    }
    while (!ready.empty()) {
      const GroupId g = ready.back();
      ready.pop_back();
      const GroupId master = layout_.groups[g].master;
      if (master == none) continue;
      received_first_[master] = std::min(received_first_[master], received_first_[g]);
      if (needed_[g]) need(master, *needed_[g]);
      if (--unseen[master] == 0) ready.push_back(master);
    }
  }

  // Widens what the group's anchor must show.
  void need(GroupId g, const Root& root) {
    if (!needed_[g]) {
      needed_[g] = root;
    } else if (needed_[g]->superblock == root.superblock) {
      needed_[g]->path = std::string(common_ancestor(needed_[g]->path, root.path));
    }
  }

  bool receives(GroupId g) const { return received_first_[g] != UINT32_MAX; }

  void decide(GroupId g) {
    Anchor& anchor = anchors_[g];
    anchor.root = needed_[g].value_or(Root{});
    anchor.alone = members_[g].size() == 1 && !receives(g) && !layout_.groups[g].peers_of &&
                   (layout_.is_root(members_[g][0]) || !layout_.covers_root(members_[g][0]));
    finished_.clear();
    for (MountId m : members_[g]) finished_.push_back(after_[m]);
    std::ranges::sort(finished_);
    std::optional<MountId> best;
    for (MountId m : members_[g]) {
      if (!can_serve(g, m)) continue;
      if (!best || better(m, *best)) best = m;
    }
    if (!best) return;
    anchor.member = *best;
    // Slave groups copy from what this one shows, which may be more than they need.
    anchor.root = layout_.mounts[*best].root;
  }

  bool can_serve(GroupId g, MountId m) const {
    if (anchors_[g].alone) return true;
    // pivot_root(2) refuses a shared root, so the root of a namespace joins last.
    if (layout_.covers_root(m)) return false;
    const Mount& mount = layout_.mounts[m];
    if (mount.is_conditional() || !covers(layout_.mounts[m].root, *needed_[g])) return false;
    // The anchor of a slave group must in turn lie inside what the master's anchor shows: it
    // does, since a master's anchor shows whatever any mount below it shows.
    if (mount.children.empty()) return true;
    if (received_first_[g] < after_[m]) return false;
    const auto waiting = std::ranges::lower_bound(finished_, after_[m]) - finished_.begin();
    return waiting <= waiting_max;
  }

  // Leaves first; then the fewest flags of its own, so that others can be cloned from it; then
  // the one that is finished first.
  bool better(MountId a, MountId b) const {
    const Mount &first = layout_.mounts[a], &second = layout_.mounts[b];
    if (first.children.empty() != second.children.empty()) return first.children.empty();
    const int flags_a = std::popcount(first.flags.set | first.flags.clear);
    const int flags_b = std::popcount(second.flags.set | second.flags.clear);
    if (first.children.empty() && flags_a != flags_b) return flags_a < flags_b;
    return after_[a] < after_[b];
  }

  const Layout& layout_;
  std::vector<Anchor> anchors_;
  std::vector<std::vector<MountId>> members_, slaves_;
  std::vector<uint32_t> received_first_;  // when the first receiver is picked up
  std::vector<std::optional<Root>> needed_;
  std::vector<uint32_t> before_, after_;
  std::vector<uint32_t> finished_;  // after_ of the members of the group at hand, in order
  uint32_t clock_ = 0;
};

}  // namespace

std::vector<Anchor> choose_anchors(const Layout& layout) { return Chooser(layout).choose(); }

}  // namespace mountc
