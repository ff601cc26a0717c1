// compiler/preview/narrate.cc - what a plan does, step by step in words, on a machine of the
// model.
#include "compiler/preview/narrate.h"

#include <fmt/format.h>

#include <cstring>

#include "compiler/preview/step_words.h"
#include "compiler/validate/simulator.h"

namespace mountc {
namespace {

using kernel::MountRef;
using kernel::nothing;
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
        words_(program) {
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

  StepFacts facts(const Step& step, const Outcome& outcome) const {
    StepFacts facts;
    facts.missing = outcome.null || outcome.skipped;
    facts.guarded = step.op == Op::publish && !outcome.skipped &&
                    simulator_.place_of(step.operand("guard"));
    return facts;
  }

  void tell(size_t index, const Outcome& outcome) {
    const Step& step = program_.steps[index];
    Narrated told;
    told.step = index;
    told.words = words_.say(step, facts(step, outcome));
    told.skipped = outcome.skipped;
    if (outcome.answer.refused()) {
      told.failure =
          fmt::format("{}: {}", strerror(outcome.answer.error()), outcome.answer.info().text);
    } else if (outcome.failed()) {
      told.failure = outcome.defect;
    }
    words_.name_slot(step);  // a skipped one, too: what follows speaks of what it left out
    look(told, step);
    told_.push_back(std::move(told));
  }

  void look(Narrated& told, const Step& step) {
    if (step.op == Op::namespace_ && !simulator_.namespaces().empty()) {
      const kernel::NamespaceRef made = simulator_.namespaces().back();
      const bool known = spaces_.back().ns == made;
      if (!known) {
        spaces_.push_back(
            {fmt::format("namespace {}", program_.strings[step.operand("name")]), made, {}});
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
        if (!appears.paths.empty()) told.appears.push_back(std::move(appears));
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
      std::string path = path_of(world_.kernel, m, base);
      // What a host without --on has below a source stands for whatever the machine has there.
      const bool stands_in = std::string_view(path).ends_with(submount);
      if (stands_in) path.replace(path.size() - submount.size(), submount.size(), "*");
      if (stands_in) --appears.count;
      if (appears.paths.size() < paths_max) appears.paths.push_back(std::move(path));
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
  StepWords words_;
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
