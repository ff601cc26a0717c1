// compiler/tool/pipeline.cc - a layout's text to any of the forms that it goes through.
#include "compiler/tool/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "compiler/check/check.h"
#include "compiler/front/front.h"
#include "compiler/layout/dump.h"
#include "compiler/lower/back.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/c_source.h"
#include "compiler/plan/disassemble.h"
#include "compiler/plan/encode.h"
#include "compiler/syntax/dump.h"
#include "compiler/syntax/parse.h"
#include "compiler/tool/memory.h"
#include "compiler/validate/validate.h"

namespace mountc::tool {
namespace {

// The bytes of a plan. The verifier never refuses what the compiler made: that would be a bug.
Compiled bytes_of(const Program& program, bool strip, uint32_t file, Diagnostics& diagnostics) {
  std::string excess;
  auto bytes = encode(program, strip, excess);
  if (!bytes) {
    diagnostics.report<rule::plan_too_large>({file, 0, 0}, excess);
    return {Exit::rejected, ""};
  }
  if (const auto refusal = PlanBytes(*bytes).refusal()) {
    throw std::logic_error(fmt::format("the plan is refused: {}", refusal->text()));
  }
  return {Exit::done, std::move(*bytes)};
}

// Everything after the layout is understood.
Compiled lower_to(Layout layout, const Sources& sources, uint32_t file, const Request& request,
                  Diagnostics& diagnostics) {
  const Strategies strategies = check_strategies(layout, request.strategies, diagnostics);
  if (diagnostics.has_errors()) return {Exit::rejected, ""};
  Program program = lower(layout, sources, strategies);
  if (request.way_back) program = with_way_back(std::move(program), layout, sources);
  if (request.form == Form::steps) {
    if (request.strip) program.places.clear();
    return {Exit::done, disassemble(program)};
  }

  if (!allocate_slots(program)) {
    diagnostics.report<rule::plan_too_large>({file, 0, 0}, "slots");
    return {Exit::rejected, ""};
  }
  if (const auto defect = defect_of(program, layout)) {
    throw std::logic_error(
        fmt::format("the plan would not make what the layout declares: {}", *defect));
  }
  layout = {};
  Compiled compiled = bytes_of(program, request.strip, file, diagnostics);
  if (request.form == Form::plan || compiled.exit != Exit::done) return compiled;
  if (request.form == Form::c) {
    return {Exit::done, c_source(compiled.bytes, sources.file(file).name)};
  }
  if (request.strip) program.places.clear();
  return {Exit::done, disassemble(program)};
}

// The whole way, as far as the form that is asked for.
Compiled go(Sources& sources, uint32_t file, const Request& request, Diagnostics& diagnostics) {
  const Compiled rejected{Exit::rejected, ""};
  expect_text(sources.file(file).text.size());
  if (request.form == Form::ast) {
    const auto tree = parse(sources, file, diagnostics);
    return tree ? Compiled{Exit::done, dump(sources, *tree)} : rejected;
  }
  auto layout = understand(sources, file, request.definitions, diagnostics);
  if (!layout) return rejected;
  if (request.form == Form::layout) return {Exit::done, dump(*layout)};
  return lower_to(std::move(*layout), sources, file, request, diagnostics);
}

}  // namespace

std::optional<Form> form_called(std::string_view name) {
  static constexpr std::pair<std::string_view, Form> forms[] = {
      {"ast", Form::ast},  {"layout", Form::layout}, {"steps", Form::steps},
      {"asm", Form::asm_}, {"c", Form::c},           {"plan", Form::plan}};
  const auto* const found =
      std::ranges::find(forms, name, [](const auto& row) { return row.first; });
  return found == std::end(forms) ? std::nullopt : std::optional(found->second);
}

std::optional<Layout> understood(Sources& sources, uint32_t file,
                                 const std::map<std::string, std::string>& definitions) {
  Diagnostics diagnostics;
  auto layout = understand(sources, file, definitions, diagnostics);
  diagnostics.tell_origins(sources);
  if (!layout) print(diagnostics, sources);
  return layout;
}

Compiled plan_of(Layout layout, const Sources& sources, uint32_t file) {
  Diagnostics diagnostics;
  Compiled compiled = lower_to(std::move(layout), sources, file, {}, diagnostics);
  print(diagnostics, sources);
  return compiled;
}

Compiled compile(Sources& sources, uint32_t file, const Request& request) {
  Diagnostics diagnostics;
  Compiled compiled = go(sources, file, request, diagnostics);
  diagnostics.tell_origins(sources);
  // The stages know of no -W: a warning that is made an error still lets all of them look.
  request.reporting.warnings.apply(diagnostics);
  if (compiled.exit == Exit::done && diagnostics.has_errors()) compiled = {Exit::rejected, ""};
  if (request.fixes) *request.fixes = safe_fixes(diagnostics, sources);
  if (request.fixes && !request.fixes->empty()) return compiled;  // it is not over yet
  if (request.warnings || diagnostics.has_errors()) {
    print(diagnostics, sources, request.reporting);
  }
  return compiled;
}

}  // namespace mountc::tool
