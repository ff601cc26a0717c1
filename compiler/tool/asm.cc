// compiler/tool/asm.cc - `mountc asm`: text assembly to a plan.
#include "compiler/plan/assemble.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/encode.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/reporting.h"

namespace mountc::tool {
namespace {

std::optional<std::string> plan_of(const Sources& sources, uint32_t file, bool strip,
                                   Diagnostics& diagnostics) {
  const auto assembly = assemble(sources, file, diagnostics);
  if (!assembly) return std::nullopt;

  const Span top{file, 0, 0};
  std::string excess;
  auto bytes = encode(assembly->program, strip, excess);
  if (!bytes) {
    diagnostics.report<rule::plan_too_large>(top, excess);
    return std::nullopt;
  }
  if (const auto refusal = PlanBytes(*bytes).refusal()) {
    const Span where = refusal->step ? assembly->lines[*refusal->step] : top;
    diagnostics.report<rule::refused_plan>(where, refusal->defect);
    return std::nullopt;
  }
  return bytes;
}

}  // namespace

Exit asm_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());

  Diagnostics diagnostics;
  const auto bytes = plan_of(sources, *file, arguments.has(Option::strip), diagnostics);
  print(diagnostics, sources);
  if (!bytes) return Exit::rejected;

  const std::string beside = default_output(arguments.input(), ".asm", ".plan");
  const std::string output = arguments.value_or(Option::output, beside);
  return is_input(sources, output) ? Exit::usage : write_plan(*bytes, output);
}

}  // namespace mountc::tool
