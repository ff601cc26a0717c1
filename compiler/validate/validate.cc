// compiler/validate/validate.cc - proves a plan before it is written: it makes what is
// declared.
#include "compiler/validate/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "compiler/validate/comparison.h"

namespace mountc {
namespace {

using kernel::Refusal;
using plan::Op;

// These depend on what is on the machine, or in a filesystem of the layout: a run that meets
// them fails before anything is visible, and reports the line.
bool is_for_the_machine(const Outcome& outcome) {
  constexpr Refusal known[] = {Refusal::move_mixed_kinds, Refusal::not_a_directory,
                               Refusal::symbolic_link, Refusal::exists};
  return outcome.machine_decides ||
         std::ranges::find(known, outcome.answer.refusal) != std::end(known);
}

// One way of a program.
struct Way {
  const Program& program;
  std::span<const Step> steps;
  kernel::Version version;
  std::span<const Step> back;  // the way back, from what this one makes
};

std::string describe(const Way& way, size_t step, const Outcome& outcome) {
  const Program& program = way.program;
  const Step& each = way.steps[step];
  const uint32_t line = program.places.empty() ? 0 : program.places[each.place].line;
  const std::string_view why =
      outcome.answer.refused() ? outcome.answer.info().text : outcome.defect;
  return fmt::format("step {}, `{}` of line {}, would fail: {}", step, each.row().name, line,
                     why);
}

// After the first tree is visible, nothing that is hidden may be put together any more.
bool assembles(Op op) {
  return op == Op::set_group || op == Op::move_mount || op == Op::mask || op == Op::namespace_;
}

std::optional<std::string> order_defect(const Way& way) {
  bool visible = false;
  for (size_t i = 0; i < way.steps.size(); ++i) {
    const Op op = way.steps[i].op;
    visible |= plan::is_visible(op) && op != Op::make;
    if (visible && assembles(op)) {
      return fmt::format("step {} assembles a tree after another is visible", i);
    }
  }
  return std::nullopt;
}

// What the way has made is taken away again: there are as many mounts as before, everywhere.
std::optional<std::string> try_back(const Way& way, const World& world, const Before& before,
                                    Simulator& simulator) {
  simulator.go_on(way.back);
  if (const auto step = simulator.run()) {
    return describe({way.program, way.back, way.version, {}}, *step, simulator.last());
  }
  simulator.close_all();
  for (kernel::NamespaceRef ns = 0; ns < before.mounts.size(); ++ns) {
    const uint32_t left = world.kernel.namespaces()[ns].mounts;
    if (left != before.mounts[ns]) {
      return fmt::format("to remove what it makes leaves {} mounts, not {}", left,
                         before.mounts[ns]);
    }
  }
  return std::nullopt;
}

std::optional<std::string> try_on(Scenario scenario, const Way& way, const Layout& layout) {
  World world = make_world(layout, scenario, way.version);
  const Before before = look_before(world, layout);
  Simulator simulator(world, way.program, way.steps);
  if (const auto step = simulator.run()) {
    if (is_for_the_machine(simulator.last())) return std::nullopt;
    return describe(way, *step, simulator.last());
  }
  simulator.close_all();
  auto defect = Comparison(layout, world, before, simulator).difference();
  return defect || way.back.empty() ? defect : try_back(way, world, before, simulator);
}

std::optional<std::string> defect_of(const Way& way, const Layout& layout) {
  if (auto defect = order_defect(way)) return defect;
  if (auto defect = try_on(Scenario::all_there, way, layout)) return defect;
  if (auto defect = try_on(Scenario::all_shared, way, layout)) {
    return *defect + " (where the host's mounts are shared)";
  }
  const auto conditional = [](const Mount& m) { return m.is_conditional() || m.is_mask; };
  if (!std::ranges::any_of(layout.mounts, conditional)) return std::nullopt;
  if (auto defect = try_on(Scenario::nothing_there, way, layout)) {
    return *defect + " (where what is optional is missing)";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> defect_of(const Program& program, const Layout& layout) {
  const auto is_stage = [](const Step& step) {
    return step.op == Op::stage && used(step.operand("ns")) == reg_null;
  };
  for (const std::span<const Step> steps : {program.first_way(), program.second_way()}) {
    if (steps.empty()) continue;
    const bool is_second = steps.data() == program.second_way().data();
    const bool staged = is_second || std::ranges::any_of(steps, is_stage);
    const kernel::Version version{static_cast<uint16_t>(staged ? 605 : 618)};
    const Way way{program, steps, version, program.way_back()};
    if (auto defect = defect_of(way, layout)) {
      return staged ? *defect + " (on older kernels)" : *defect;
    }
  }
  return std::nullopt;
}

}  // namespace mountc
