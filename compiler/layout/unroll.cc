// compiler/layout/unroll.cc - makes each rclone a clone of the top and one of every mount below.
#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

// Each rclone of a tree of rclones can double it. Linux allows 100,000 mounts in a namespace
// unless told otherwise (fs.mount-max).
constexpr size_t mounts_max = 500'000;
constexpr uint32_t nesting_max = 1000;  // rclones of trees that hold rclones

class Unroller {
 public:
  explicit Unroller(Resolver& r) : r_(r), mounts_(r.layout.mounts) {}

  void unroll_all(const std::vector<MountId>& order) {
    marks_.assign(mounts_.size(), Mark::untouched);
    for (MountId m : order) unroll(m);
    // Entries lie in the copies, too; a declared mount covers a copy.
    const size_t declared = order.size();
    for (MountId copy = static_cast<MountId>(declared); copy < mounts_.size(); ++copy) {
      const auto key = Resolver::key(mounts_[copy].ns, mounts_[copy].full_target);
      const auto [top, fresh] = r_.targets.try_emplace(key, copy);
      if (!fresh && top->second >= declared) top->second = copy;
    }
  }

 private:
  void unroll(MountId m) {
    if (mounts_[m].source.kind != SourceKind::rclone || marks_[m] == Mark::done || gave_up_) return;
    const MountId source = mounts_[m].source.mount;
    if (marks_[m] == Mark::busy || r_.layout.is_in_tree(m, source)) {
      r_.diagnostics.report<rule::clone_cycle>(mounts_[m].source.span, r_.clone_name(m, none),
                                               r_.clone_name(source, none));
      marks_[m] = Mark::done;
      return;
    }
    marks_[m] = Mark::busy;
    unroll_below(source, m);
    mounts_[m].source.kind = SourceKind::clone;
    const std::vector<MountId> own = std::move(mounts_[m].children);
    mounts_[m].children.clear();
    copy_below(source, m);
    for (MountId child : own) adopt(m, child);
    order_children(r_, mounts_[m]);
    marks_[m] = Mark::done;
  }

  // Whatever the source of m holds has to be unrolled first.
  void unroll_below(MountId source, MountId m) {
    if (++nesting_ > nesting_max) {
      give_up<rule::too_deep>(m, mounts_[m].full_target, nesting_max);
    }
    std::vector<MountId> pending = {source};
    while (!pending.empty() && !gave_up_) {
      const MountId each = pending.back();
      pending.pop_back();
      unroll(each);
      const auto& children = mounts_[each].children;
      pending.insert(pending.end(), children.begin(), children.end());
    }
    --nesting_;
  }

  // Copies what is mounted in `source`, as far as `top` shows it, into `top`.
  void copy_below(MountId source, MountId top) {
    const std::string at = mounts_[top].source.at;
    std::vector<std::pair<MountId, MountId>> pending = {{source, top}};
    for (size_t next = 0; next < pending.size(); ++next) {
      const auto [from, to] = pending[next];
      for (MountId child : std::vector<MountId>(mounts_[from].children)) {
        std::string target = mounts_[child].target;
        if (from == source) {
          if (!is_within(target, at)) continue;
          target = rest_below(target, at);
        }
        if (mounts_.size() == mounts_max) give_up<rule::too_many_mounts>(top, mounts_max);
        if (gave_up_) return;
        pending.emplace_back(child, copy(child, to, std::move(target), top));
      }
    }
  }

  // A copy of d at `target` in `parent`, for the rclone `top`.
  MountId copy(MountId d, MountId parent, std::string target, MountId top) {
    const auto id = static_cast<MountId>(mounts_.size());
    if (mounts_[d].propagation == Propagation::unbindable) {
      r_.diagnostics.report<rule::clone_unbindable>(mounts_[top].source.span,
                                                    mounts_[d].full_target)
          .note(mounts_[d].span, "it is declared here");
    }
    Mount mount;
    mount.ns = mounts_[top].ns;
    mount.parent = parent;
    mount.full_target = join(mounts_[parent].full_target, target);
    mount.target = std::move(target);
    mount.source = {.kind = SourceKind::clone, .mount = d, .span = mounts_[top].source.span};
    if (mounts_[top].idmap_recursive) mount.idmap = mounts_[top].idmap;
    mount.flags = mount.flags_below = mounts_[top].flags_below;
    if (mounts_[top].keeps_groups()) mount.propagation = mounts_[top].propagation;
    mount.optional = mounts_[d].is_conditional();
    mount.may_be_left_out = mounts_[parent].is_conditional();
    mount.is_mask = mounts_[d].is_mask;
    mount.span = mounts_[top].span;
    mount.target_span = mounts_[top].target_span;
    mounts_.push_back(std::move(mount));
    marks_.push_back(Mark::done);
    r_.drafts.emplace_back().is_copy = true;
    copies_[r_.place(id)] = id;
    mounts_[parent].children.push_back(id);
    return id;
  }

  // Puts the declared child of an rclone m where it belongs among the copies: a flat target below
  // the last copy on its way, and whatever says `over` on top of the copies at its place.
  void adopt(MountId m, MountId child) {
    Mount& self = mounts_[child];
    const Draft& draft = r_.drafts[child];
    self.parent = m;
    while (draft.block == none && enter_copy(self)) {
    }
    if (draft.over) cover(self);
    mounts_[self.parent].children.push_back(child);
  }

  // Moves a mount into the copy that its target lies in, if there is one.
  bool enter_copy(Mount& self) const {
    for (std::string_view above = parent_of(self.target);; above = parent_of(above)) {
      const auto found = copies_.find(Resolver::place(self.parent, above));
      if (found != copies_.end()) {
        self.parent = found->second;
        self.target = std::string(rest_below(self.target, above));
        return true;
      }
      if (above.empty()) return false;
    }
  }

  // Puts a mount over the copies at its place.
  void cover(Mount& self) const {
    for (auto found = copies_.find(Resolver::place(self.parent, self.target));
         found != copies_.end(); found = copies_.find(Resolver::place(self.parent, ""))) {
      self.parent = found->second;
      self.target.clear();
    }
  }

  template <typename Rule, typename... Args>
  void give_up(MountId m, const Args&... args) {
    if (!gave_up_) r_.diagnostics.report<Rule>(mounts_[m].source.span, args...);
    gave_up_ = true;
  }

  enum class Mark : uint8_t { untouched, busy, done };

  Resolver& r_;
  std::vector<Mount>& mounts_;
  std::vector<Mark> marks_;
  std::unordered_map<std::string, MountId> copies_;  // the last made, by place
  uint32_t nesting_ = 0;
  bool gave_up_ = false;
};

}  // namespace

void unroll_rclones(Resolver& r, const std::vector<MountId>& order) {
  Unroller(r).unroll_all(order);
}

}  // namespace mountc
