// compiler/layout/clones.cc - binds clone targets, unrolls rclone, settles inherit and follow.
//
// After it no rclone is left: each is a clone of the top and one of every mount below, so that
// checks and lowering know one kind of clone only.
#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

enum class Mark : uint8_t { untouched, busy, done };

class Clones {
 public:
  explicit Clones(Resolver& r) : r_(r), mounts_(r.layout.mounts) {}

  bool bind() {
    for (MountId m = 0; m < mounts_.size(); ++m) {
      Source& source = mounts_[m].source;
      if (mounts_[m].is_mask) continue;
      if (source.kind != SourceKind::clone && source.kind != SourceKind::rclone) continue;
      const std::string& target = r_.drafts[m].clone_target;
      const auto found = r_.targets.find(Resolver::key(mounts_[m].ns, target));
      if (found == r_.targets.end() || mounts_[found->second].is_mask) {
        report_unknown(m, target);
      } else {
        source.mount = found->second;
      }
    }
    return !r_.diagnostics.has_errors();
  }

  // Puts the mounts in order, each after the one it is cloned from. A chain of clones that comes
  // back to itself has no beginning.
  bool order() {
    std::vector<Mark> marks(mounts_.size(), Mark::untouched);
    for (MountId m = 0; m < mounts_.size(); ++m) follow(m, marks);
    return !r_.diagnostics.has_errors();
  }

  void unroll_all() {
    marks_.assign(mounts_.size(), Mark::untouched);
    const auto declared = static_cast<MountId>(mounts_.size());
    for (MountId m = 0; m < declared; ++m) unroll(m);
  }

  // What each mount has from the one it is cloned from.
  void settle_all() {
    // The copies that rclone made come after all that is declared, each after what it copies.
    for (auto copy = static_cast<MountId>(order_.size()); copy < mounts_.size(); ++copy) {
      order_.push_back(copy);
    }
    for (MountId m : order_) {
      find_root(mounts_[m]);
      settle_propagation(mounts_[m]);
    }
  }

 private:
  void report_unknown(MountId m, const std::string& target) {
    Diagnostic& diagnostic =
        r_.diagnostics.report<rule::clone_unknown>(mounts_[m].source.span, target);
    std::vector<std::string_view> candidates;
    for (const Mount& mount : mounts_) {
      if (mount.ns == mounts_[m].ns) candidates.push_back(mount.full_target);
    }
    const std::string_view meant = nearest(target, candidates);
    if (!meant.empty()) diagnostic.hint("did you mean `{}`?", meant);
  }

  void follow(MountId start, std::vector<Mark>& marks) {
    std::vector<MountId> chain;
    MountId m = start;
    while (m != none && marks[m] == Mark::untouched) {
      marks[m] = Mark::busy;
      chain.push_back(m);
      m = mounts_[m].source.mount;
    }
    if (m != none && marks[m] == Mark::busy) report_circle(chain, m);
    for (MountId each : chain) marks[each] = Mark::done;
    order_.insert(order_.end(), chain.rbegin(), chain.rend());
  }

  void report_circle(const std::vector<MountId>& chain, MountId first) {
    const MountId next = mounts_[first].source.mount;
    Diagnostic& diagnostic = r_.diagnostics.report<rule::clone_cycle>(
        mounts_[first].source.span, mounts_[first].full_target, mounts_[next].full_target);
    for (MountId m : chain) {
      if (m == first) continue;
      diagnostic.note(mounts_[m].source.span, "`{}` is a clone of `{}` here",
                      mounts_[m].full_target, mounts_[mounts_[m].source.mount].full_target);
    }
  }

  void unroll(MountId m) {
    if (mounts_[m].source.kind != SourceKind::rclone || marks_[m] == Mark::done) return;
    const MountId source = mounts_[m].source.mount;
    if (marks_[m] == Mark::busy || contains(source, m)) {
      r_.diagnostics.report<rule::clone_cycle>(mounts_[m].source.span, mounts_[m].full_target,
                                               mounts_[source].full_target);
      marks_[m] = Mark::done;
      return;
    }
    marks_[m] = Mark::busy;
    unroll_below(source);
    mounts_[m].source.kind = SourceKind::clone;
    const std::vector<MountId> own = std::move(mounts_[m].children);
    mounts_[m].children.clear();
    const std::string at = mounts_[m].source.at;
    for (MountId child : std::vector<MountId>(mounts_[source].children)) {
      if (!is_within(mounts_[child].target, at)) continue;
      copy(child, m, std::string(rest_below(mounts_[child].target, at)), m);
    }
    for (MountId child : own) adopt(m, child);
    marks_[m] = Mark::done;
  }

  // Whatever the source holds has to be unrolled first.
  void unroll_below(MountId m) {
    unroll(m);
    for (MountId child : std::vector<MountId>(mounts_[m].children)) unroll_below(child);
  }

  bool contains(MountId top, MountId m) const {
    for (; m != none; m = mounts_[m].parent) {
      if (m == top) return true;
    }
    return false;
  }

  // Copies the declared mount d, and what is below it, to `target` below `parent`.
  void copy(MountId d, MountId parent, std::string target, MountId top) {
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
    mount.source = {SourceKind::clone, "", none, d, "", mounts_[top].source.span, false};
    mount.flags = mounts_[top].flags;
    const Propagation propagation = mounts_[top].propagation;
    if (propagation == Propagation::inherit || propagation == Propagation::follow) {
      mount.propagation = propagation;
    }
    mount.optional = mounts_[d].is_conditional();
    mount.may_be_left_out = mounts_[parent].is_conditional();
    mount.is_mask = mounts_[d].is_mask;
    mount.span = mounts_[top].span;
    mount.target_span = mounts_[top].target_span;
    mounts_.push_back(std::move(mount));
    marks_.push_back(Mark::done);
    r_.drafts.push_back({});
    mounts_[parent].children.push_back(id);
    for (MountId child : std::vector<MountId>(mounts_[d].children)) {
      copy(child, id, mounts_[child].target, top);
    }
  }

  // A declared child of an rclone lies in the copied mount that its path leads into.
  void adopt(MountId parent, MountId child) {
    if (r_.drafts[child].block == none) {
      for (bool deeper = true; deeper;) {
        deeper = false;
        for (MountId inner : mounts_[parent].children) {
          const std::string& path = mounts_[inner].target;
          if (path.empty() || !is_within(mounts_[child].target, path)) continue;
          mounts_[child].target = std::string(rest_below(mounts_[child].target, path));
          parent = inner;
          deeper = true;
          break;
        }
      }
    }
    mounts_[child].parent = parent;
    mounts_[parent].children.push_back(child);
  }

  void find_root(Mount& mount) {
    switch (mount.source.kind) {
      case SourceKind::bind:
      case SourceKind::rbind: mount.root = {none, mount.source.path}; return;
      case SourceKind::filesystem: mount.root = {mount.source.superblock, mount.source.at}; return;
      case SourceKind::clone:
      case SourceKind::rclone: break;
    }
    const Mount& source = mounts_[mount.source.mount];
    mount.root = {source.root.superblock, join(source.root.path, mount.source.at)};
    const uint32_t own = mount.flags.set | mount.flags.clear;
    mount.flags.set |= source.flags.set & ~own;
    mount.flags.clear |= source.flags.clear & ~own;
  }

  void settle_propagation(Mount& mount) {
    const Propagation wanted = mount.propagation;
    if (wanted != Propagation::inherit && wanted != Propagation::follow) return;
    if (mount.source.kind == SourceKind::filesystem) mount.propagation = Propagation::private_;
    if (mount.source.kind != SourceKind::clone) return;
    const Mount& source = mounts_[mount.source.mount];
    switch (source.propagation) {
      case Propagation::private_:
      case Propagation::unbindable: mount.propagation = Propagation::private_; return;
      case Propagation::shared:
        mount.propagation =
            wanted == Propagation::inherit ? Propagation::shared : Propagation::slave;
        break;
      case Propagation::slave: mount.propagation = Propagation::slave; break;
      case Propagation::inherit:
      case Propagation::follow:
        // The group is the host's: taken from the host's mount once more.
        mount.propagation = source.propagation == Propagation::follow ? Propagation::follow : wanted;
        mount.source = {SourceKind::bind, mount.root.path, none, none, "", mount.source.span, true};
        return;
    }
    mount.group = source.group;
    mount.group_span = mount.source.span;
  }

  Resolver& r_;
  std::vector<Mount>& mounts_;
  std::vector<Mark> marks_;
  std::vector<MountId> order_;
};

}  // namespace

void bind_clones(Resolver& r) {
  Clones clones(r);
  if (!clones.bind() || !clones.order()) return;
  clones.unroll_all();
  if (!r.diagnostics.has_errors()) clones.settle_all();
}

}  // namespace mountc
