// compiler/tool/compile.cc - `mountc compile`: a layout to a plan, or a form on the way.
#include <fmt/format.h>

#include "compiler/tool/commands.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"
#include "compiler/tool/target.h"

namespace mountc::tool {

Exit compile_command(const Arguments& arguments) {
  const std::string kernel = arguments.value_or(Option::target_kernel, "any");
  const auto strategies = strategies_for(kernel);
  if (!strategies) return usage_error(fmt::format(unknown_kernel, kernel), "compile");
  std::string error;
  const auto reporting = Reporting::parse(arguments, error);
  if (!reporting) return usage_error(error, "compile");
  Request request{.strip = arguments.has(Option::strip),
                  .definitions = arguments.definitions(),
                  .reporting = *reporting,
                  .strategies = *strategies,
                  .way_back = !arguments.has(Option::once)};
  if (const char* const name = arguments.value(Option::emit)) {
    const auto form = form_called(name);
    if (!form) return usage_error(fmt::format("unknown form `{}`", name), "compile");
    request.form = *form;
    if (*form == Form::ast && has_unused(Input::ast, arguments)) return Exit::usage;
    if (*form == Form::layout && has_unused(Input::layout, arguments)) return Exit::usage;
  }

  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const Compiled compiled = compile(sources, *file, request);
  if (compiled.exit != Exit::done) return compiled.exit;

  const bool is_plan = request.form == Form::plan;
  const std::string beside = is_plan ? default_output(arguments.input(), ".mnt", ".plan") : "-";
  const std::string output = arguments.value_or(Option::output, beside);
  if (is_input(sources, output)) return Exit::usage;
  return is_plan ? write_plan(compiled.bytes, output) : write_text(compiled.bytes, output);
}

}  // namespace mountc::tool
