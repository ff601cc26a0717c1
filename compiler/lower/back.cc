// compiler/lower/back.cc - the way back: nothing is stored between runs, so what is to be taken
// away is found by its targets, and compared with what is declared before anything is touched.
#include "compiler/lower/back.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "compiler/layout/paths.h"
#include "compiler/lower/emitter.h"
#include "compiler/lower/looks.h"

namespace mountc {
namespace {

using plan::Op;
namespace bit = plan::bit;

// Those that later mounts of the same parent lie on the way to, perhaps.
std::vector<bool> hidden_mounts(const Layout& layout) {
  std::vector<bool> hidden(layout.mounts.size());
  for (const Mount& parent : layout.mounts) {
    std::set<std::string_view> later;
    for (size_t i = parent.children.size(); i-- > 0;) {
      const MountId child = parent.children[i];
      std::string_view path = layout.mounts[child].target;
      hidden[child] = later.contains(path);
      later.insert(path);
      while (!hidden[child] && !path.empty() && path != "/") {
        path = parent_of(path);
        hidden[child] = later.contains(path);
      }
    }
  }
  return hidden;
}

class WayBack {
 public:
  WayBack(Program before, const Layout& layout, const Sources& sources)
      : layout_(layout), hidden_(hidden_mounts(layout)), out_(sources), looks_(layout) {
    out_.go_on(std::move(before));
  }

  // The checks of everything come before the first change; then the last tree goes first.
  Program run() {
    if (!is_known()) return out_.take();
    for (MountId m = 0; m < layout_.mounts.size(); ++m) {
      if (layout_.is_topmost(m) && !mount(m).is_mask) check_tree(m);
    }
    for (const Namespace& ns : layout_.namespaces) {
      if (ns.pin) check_file(ns);
    }
    // Mountinfo is read once for all of them, and once in each namespace.
    if (!found_.empty()) out_.step(Op::compare, {found_.back().fd});
    for (const Namespace& ns : layout_.namespaces) {
      if (ns.pin) check_namespace(ns);
    }
    for (size_t i = found_.size(); i-- > 0;) take_away(found_[i]);
    return out_.take();
  }

 private:
  // A topmost tree or a pin.
  struct Found {
    Span statement;
    std::string path;
    Register fd;
    size_t stacked;  // further mounts at the same place
    bool may_have_guard;
  };

  bool is_known() const;
  void check_tree(MountId m);
  void check_file(const Namespace& ns);
  void check_namespace(const Namespace& ns);
  void take_away(const Found& found);
  void check(MountId m, Register fd);
  void expect(MountId m, Register fd, uint32_t flags);
  void expect_mask(MountId m, Register parent);
  bool is_vague(MountId m) const;
  bool hides_some(MountId m) const;
  bool is_hidden(MountId child) const { return hidden_[child] || is_vague(child); }

  Register look_up(Register dir, std::string_view path, uint32_t flags = 0) {
    return out_.def(Op::openat2, {dir, out_.text(path), bit::tree_MOUNTED | flags});
  }
  const Mount& mount(MountId m) const { return layout_.mounts[m]; }

  const Layout& layout_;
  const std::vector<bool> hidden_;
  Emitter out_;
  std::vector<Found> found_;
  Looks looks_;
};

// What went beneath a mount of the host cannot be told from that one, nor what is stacked there
// from what was left out of the stack. A copy of the namespace has mounts that nobody declared,
// and from a new root nothing leads to what it covers.
bool WayBack::is_known() const {
  for (const Namespace& ns : layout_.namespaces) {
    if (ns.root == none) return false;
  }
  for (MountId m = 0; m < layout_.mounts.size(); ++m) {
    if (!layout_.is_topmost(m)) continue;
    if (mount(m).beneath || mount(m).target == "/" || is_vague(m)) return false;
  }
  return true;
}

// Is it not sure which of the mounts at one place are there?
bool WayBack::is_vague(MountId m) const {
  const std::vector<MountId> here = layout_.stack(m);
  return here.size() > 1 &&
         std::ranges::any_of(here, [this](MountId each) { return mount(each).optional; });
}

void WayBack::check_tree(MountId m) {
  out_.at(mount(m).span);
  const Register fd = look_up(reg_target, mount(m).target);
  found_.push_back({mount(m).span, mount(m).target, fd, layout_.stack(m).size() - 1,
                    !mount(m).propagate});
  const Found& found = found_.back();
  if (found.stacked > 0 || found.may_have_guard) {
    out_.step(Op::replaceable, {fd, found.stacked > 0 ? bit::expect_STACKED : 0});
  }
  check(m, fd);
}

// That a namespace is pinned.
void WayBack::check_file(const Namespace& ns) {
  out_.at(ns.pin_statement);
  const Register file = look_up(reg_target, *ns.pin);
  found_.push_back({ns.pin_statement, *ns.pin, file, 0, false});
  out_.step(Op::expect, {file, out_.text("* * * #- nsfs "), 0});
}

// What is mounted in it.
void WayBack::check_namespace(const Namespace& ns) {
  out_.at(ns.pin_statement);
  const Register opened = look_up(reg_target, *ns.pin, bit::tree_READ);
  const Register root = out_.def(Op::stage, {opened});
  check(ns.root, root);
  out_.step(Op::compare, {root});
  out_.step(Op::unstage, {root});
}

// What is stacked there shows only one after the other. A guard may be what remains.
void WayBack::take_away(const Found& found) {
  out_.at(found.statement);
  out_.step(Op::unmount, {found.fd});
  for (size_t i = 0; i < found.stacked; ++i) {
    out_.step(Op::unmount, {look_up(reg_target, found.path)});
  }
  if (found.may_have_guard) out_.step(Op::unguard, {look_up(reg_target, found.path)});
}

// `fd` is the root of the topmost mount where m is.
void WayBack::check(MountId m, Register fd) {
  const std::vector<MountId> here = layout_.stack(m);
  for (size_t i = here.size(); i-- > 0;) {
    const bool covered = i + 1 < here.size();
    // What the root of a namespace covers is out of everybody's reach.
    if (covered && layout_.is_root(m)) break;
    uint32_t flags = 0;
    if (covered) {
      flags = bit::expect_COVERED;
      // Its other children cannot be looked up.
      if (mount(here[i]).children.size() > 1) flags |= bit::expect_MORE;
    } else if (hides_some(here[i])) {
      flags |= bit::expect_MORE;
    }
    expect(here[i], fd, flags);
  }
  for (MountId child : mount(here.back()).children) {
    if (is_hidden(child)) continue;
    if (mount(child).is_mask) {
      expect_mask(child, fd);
      continue;
    }
    out_.at(mount(child).span);
    check(child, look_up(fd, mount(child).target));
  }
}

bool WayBack::hides_some(MountId m) const {
  return std::ranges::any_of(mount(m).children,
                             [&](MountId child) { return is_hidden(child); });
}

void WayBack::expect(MountId m, Register fd, uint32_t flags) {
  const Mount& self = mount(m);
  out_.at(self.span);
  if (self.is_conditional()) flags |= bit::expect_OPTIONAL;
  if (self.source.is_recursive() || self.keeps_groups()) flags |= bit::expect_MORE;
  out_.step(Op::expect, {fd, out_.text(looks_.of(m)), flags});
}

void WayBack::expect_mask(MountId m, Register parent) {
  out_.at(mount(m).span);
  const Register fd = look_up(parent, mount(m).target);
  out_.step(Op::expect, {fd, out_.text(""), bit::expect_OPTIONAL});
}

}  // namespace

Program with_way_back(Program program, const Layout& layout, const Sources& sources) {
  std::vector<Step> steps = std::exchange(program.steps, {});
  const uint32_t registers = program.registers;
  Program both = WayBack(std::move(program), layout, sources).run();
  if (!both.steps.empty()) both.back = static_cast<uint32_t>(steps.size());
  steps.insert(steps.end(), both.steps.begin(), both.steps.end());
  both.steps = std::move(steps);
  both.registers = std::max(both.registers, registers);
  return both;
}

}  // namespace mountc
