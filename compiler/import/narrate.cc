// compiler/import/narrate.cc - what a plan does, step by step in words, on a machine of the
// model.
#include "compiler/import/narrate.h"

#include <fmt/format.h>

#include <cstring>

#include "compiler/validate/simulator.h"

namespace mountc {
namespace {

using kernel::MountRef;
using kernel::nothing;
using plan::Kind;
using plan::Op;

constexpr size_t paths_max = 10;       // of an appearance, printed
constexpr uint32_t blow_up_min = 100;  // copies that one step makes

class Narrator {
 public:
  Narrator(const Program& program, ModelWorld world)
      : program_(program),
        spaces_(std::move(world.spaces)),
        world_{Scenario::all_there, std::move(world.kernel), spaces_.front().task},
        simulator_(world_, program),
        names_(program.registers) {
    for (const ModelWorld::Space& space : spaces_) counts_.push_back(count(space.ns));
  }

  std::vector<Narrated> narrate() {
    simulator_.run([&](size_t step, const Outcome& outcome) { tell(step, outcome); });
    return std::move(told_);
  }

 private:
  uint32_t count(kernel::NamespaceRef ns) const {
    return world_.kernel.namespaces()[ns].mounts;
  }

  // The summary of the row, with what its operands stand for.
  std::string words(const Step& step) {
    const plan::OpInfo& row = plan::ops[static_cast<uint16_t>(step.op) - 1];
    std::string text = row.summary;
    for (int i = 0; i < row.count; ++i) {
      const std::string what = operand(row.operands[i], step.args[i]);
      const std::string name = fmt::format("`{}`", row.operands[i].name);
      const size_t at = text.find(name);
      if (at != std::string::npos && !what.empty()) text.replace(at, name.size(), what);
    }
    return text;
  }

  // What tells more than the row's summary does.
  std::string said(const Step& step, const Outcome& outcome) {
    const std::string first = operand({Kind::use, ""}, step.args[0]);
    const std::string second = operand({Kind::use, ""}, step.args[1]);
    if (step.op == Op::if_shared) {
      return fmt::format("is the mount that {} lies on shared? {}", second,
                         outcome.null || outcome.skipped ? "no: no guard is needed" : "yes");
    }
    if (step.op == Op::publish) {
      const bool guarded = names_.size() > step.args[2] && simulator_.path(step.args[2]);
      return fmt::format("attach the tree {} {} {}", first, guarded ? "on the guard of" : "on",
                         second);
    }
    if (step.op == Op::open_tree) {
      const std::string what = operand({Kind::text, ""}, step.args[2]);
      return fmt::format("{} what is at {}",
                         step.args[3] & plan::bit::tree_CLONE ? "clone" : "pick up",
                         program_.strings[step.args[2]].empty() ? second : what);
    }
    if (step.op == Op::open_tree_attr && program_.strings[step.args[3]].empty()) {
      return fmt::format("clone {}{}", second, attributes(step.args[2]));
    }
    if (step.op == Op::open_tree_attr) {
      return fmt::format("clone what is at {}{}", operand({Kind::text, ""}, step.args[3]),
                         attributes(step.args[2]));
    }
    if (step.op == Op::mount_setattr) {
      return fmt::format("make {}{}", first, attributes(step.args[1]));
    }
    if (step.op == Op::fsconfig_create) return fmt::format("make the superblock of {}", first);
    if (step.op == Op::fsmount) {
      return fmt::format("make a detached mount of {}{}", second, flags(", ", step.args[2]));
    }
    return words(step);
  }

  static std::string flags(std::string text, uint32_t set) {
    const std::string begin = text;
    for (const plan::BitName& bit : plan::bit_names) {
      if (bit.set != plan::BitSet::attr || !(set & bit.value) ||
          bit.value == plan::bit::attr_ATIME)
        continue;
      text += fmt::format("{}{}", text == begin ? "" : " ", bit.name);
    }
    return text == begin ? "" : text;
  }

  std::string attributes(uint32_t index) const {
    const plan::Attr attr = program_.attrs[index];
    std::string text =
        flags(": ", attr.set) + flags(attr.set ? ", not " : ": not ", attr.clear);
    for (const plan::BitName& bit : plan::bit_names) {
      if (bit.set != plan::BitSet::propagation || attr.propagation != bit.value) continue;
      text += (text.empty() ? ": " : ", ") + std::string(bit.name);
    }
    return text;
  }

  std::string operand(const plan::Operand& operand, uint32_t value) const {
    const uint32_t number = value & ~reg_last_use;
    if (plan::is_string(operand.kind)) {
      const std::string text(program_.strings[value]);
      return text.empty() ? "its root" : fmt::format("`{}`", text);
    }
    if (!plan::is_slot(operand.kind) || number >= names_.size()) return "";
    return names_[number].empty() ? "" : fmt::format("`{}`", names_[number]);
  }

  // What a slot is called from now on: after the path or the type that it was filled from.
  void name_slot(const Step& step) {
    const plan::OpInfo& row = plan::ops[static_cast<uint16_t>(step.op) - 1];
    if (row.operands[0].kind != Kind::def) return;
    std::string name, dir;
    for (int i = 1; i < row.count; ++i) {
      const uint32_t number = step.args[i] & ~reg_last_use;
      if (plan::is_string(row.operands[i].kind)) name = program_.strings[step.args[i]];
      if (plan::is_slot(row.operands[i].kind) && number < names_.size()) dir = names_[number];
    }
    if (name.empty())
      name = dir;
    else if (name[0] != '/' && !dir.empty())
      name = dir + "/" + name;
    names_[step.args[0] & ~reg_last_use] = name;
  }

  void tell(size_t index, const Outcome& outcome) {
    const Step& step = program_.steps[index];
    Narrated told;
    told.step = index;
    told.words = said(step, outcome);
    told.skipped = outcome.skipped;
    if (outcome.answer.refused()) {
      told.failure =
          fmt::format("{}: {}", strerror(outcome.answer.error()), outcome.answer.info().text);
    } else if (outcome.failed()) {
      told.failure = outcome.defect;
    }
    if (!outcome.skipped) name_slot(step);
    look(told, step);
    told_.push_back(std::move(told));
  }

  void look(Narrated& told, const Step& step) {
    if (step.op == Op::namespace_ && !simulator_.namespaces().empty()) {
      const kernel::NamespaceRef made = simulator_.namespaces().back();
      const bool known = spaces_.back().ns == made;
      if (!known) {
        spaces_.push_back(
            {fmt::format("namespace {}", program_.strings[step.args[2]]), made, {}});
        counts_.push_back(1);  // what every namespace of the model begins with
      }
    }
    const bool published = step.op == Op::publish || step.op == Op::publish_beneath;
    uint32_t all = 0, own = 0;  // own: without the copies that propagation makes
    for (size_t s = 0; s < spaces_.size(); ++s) {
      const uint32_t now = count(spaces_[s].ns);
      if (now > counts_[s]) {
        Appearance appears{spaces_[s].name, now - counts_[s], {}};
        own += collect(spaces_[s].ns, appears);
        all += appears.count;
        told.appears.push_back(std::move(appears));
        warn_of_limit(told, spaces_[s], now);
      }
      counts_[s] = now;
    }
    if (published && all >= blow_up_min && all >= 10 * own) {
      told.warnings.push_back(
          fmt::format("propagation makes {} mounts, of a tree of {}", all, own));
    }
  }

  void warn_of_limit(Narrated& told, const ModelWorld::Space& space, uint32_t now) const {
    const uint32_t most = world_.kernel.mount_max();
    if (uint64_t{now} * 10 < uint64_t{most} * 9) return;
    told.warnings.push_back(fmt::format("{} has {} of the {} mounts that fs.mount-max allows",
                                        space.name, now, most));
  }

  // Trees that were detached become the namespace's: each mount is told once.
  uint32_t collect(kernel::NamespaceRef ns, Appearance& appears) {
    uint32_t own = 0;
    const kernel::MountTable& mounts = world_.kernel.mounts();
    const MountRef base = world_.kernel.namespaces()[ns].root;
    told_mounts_.resize(mounts.size());
    for (MountRef m = base; m != nothing; m = mounts.next(m, base)) {
      if (m == base || told_mounts_[m] || (m < first_new_ && !is_new_space(ns))) continue;
      told_mounts_[m] = true;
      own += !mounts[m].propagated;
      if (appears.paths.size() < paths_max) {
        appears.paths.push_back(path_of(world_.kernel, m, base));
      }
    }
    return own;
  }

  bool is_new_space(kernel::NamespaceRef ns) const {
    for (const kernel::NamespaceRef made : simulator_.namespaces()) {
      if (made == ns) return true;
    }
    return false;
  }

  const Program& program_;
  std::vector<ModelWorld::Space> spaces_;
  World world_;
  Simulator simulator_;
  std::vector<std::string> names_;  // by slot
  std::vector<uint32_t> counts_;    // by space: mounts before the step
  MountRef first_new_ = static_cast<MountRef>(world_.kernel.mounts().size());
  std::vector<bool> told_mounts_;
  std::vector<Narrated> told_;
};

}  // namespace

std::vector<Narrated> narrate(const Program& program, ModelWorld world) {
  return Narrator(program, std::move(world)).narrate();
}

}  // namespace mountc
