// compiler/layout/clones.cc - binds clone targets, and settles what a mount has from its source.
//
// After it no rclone is left: checks and lowering know one kind of clone only.
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
      const auto found = r_.targets.find(Resolver::key(r_.drafts[m].clone_ns, target));
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

  void unroll() { unroll_rclones(r_, order_); }

  // What each mount has from the one it is cloned from.
  void settle() {
    // The copies that rclone made come after all that is declared, each after what it copies.
    for (auto copy = static_cast<MountId>(order_.size()); copy < mounts_.size(); ++copy) {
      order_.push_back(copy);
    }
    for (MountId m : order_) {
      find_root(mounts_[m]);
      settle_propagation(mounts_[m]);
      // Nothing is cloned from a mount of another namespace but in that one (Linux
      // fs/namespace.c may_copy_tree): it is taken there once more.
      if (mounts_[m].source.kind == SourceKind::clone && !mounts_[m].root.in.empty()) {
        take_again(mounts_[m]);
      }
    }
  }

 private:
  void report_unknown(MountId m, const std::string& target) {
    Diagnostic& diagnostic =
        r_.diagnostics.report<rule::clone_unknown>(mounts_[m].source.span, target);
    std::vector<std::string_view> candidates;
    for (const Mount& mount : mounts_) {
      if (mount.ns == r_.drafts[m].clone_ns) candidates.push_back(mount.full_target);
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
        mounts_[first].source.span, r_.clone_name(first, none), r_.clone_name(next, none));
    for (MountId m : chain) {
      if (m == first) continue;
      diagnostic.note(mounts_[m].source.span, "`{}` is a clone of `{}` here",
                      r_.clone_name(m, none), r_.clone_name(mounts_[m].source.mount, none));
    }
  }

  void find_root(Mount& mount) {
    switch (mount.source.kind) {
      case SourceKind::bind:
      case SourceKind::rbind: mount.root = {none, mount.source.path, mount.source.in}; return;
      case SourceKind::filesystem:
        mount.root = {mount.source.superblock, mount.source.at, ""};
        return;
      case SourceKind::clone:
      case SourceKind::rclone: break;
    }
    const Mount& source = mounts_[mount.source.mount];
    if (mount.idmap == none) mount.idmap = source.idmap;
    mount.root = {source.root.superblock, join(source.root.path, mount.source.at), source.root.in};
    const uint32_t own = mount.flags.set | mount.flags.clear;
    mount.flags.set |= source.flags.set & ~own;
    mount.flags.clear |= source.flags.clear & ~own;
  }

  void settle_propagation(Mount& mount) {
    if (!mount.keeps_groups()) return;
    const Propagation wanted = mount.propagation;
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
        mount.propagation =
            source.propagation == Propagation::follow ? Propagation::follow : wanted;
        take_again(mount);
        return;
    }
    mount.group = source.group;
    mount.group_span = mount.source.span;
  }

  // As if its source's source were said of it.
  void take_again(Mount& mount) {
    const Span span = mount.source.span;
    mount.source = {.kind = SourceKind::bind,
                    .path = mount.root.path,
                    .span = span,
                    .in = mount.root.in,
                    .of_host = true};
  }

  Resolver& r_;
  std::vector<Mount>& mounts_;
  std::vector<MountId> order_;
};

}  // namespace

void bind_clones(Resolver& r) {
  Clones clones(r);
  if (!clones.bind() || !clones.order()) return;
  clones.unroll();
  if (!r.diagnostics.has_errors()) clones.settle();
}

}  // namespace mountc
