// compiler/tool/compile.cc - `mountc compile`: a layout to a plan, or a form on the way.
#include <fmt/format.h>

#include "compiler/tool/commands.h"
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
  }

  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const Compiled compiled = compile(sources, *file, request);
  if (compiled.exit != Exit::done) return compiled.exit;

  if (request.form != Form::plan) {
    return write_text(compiled.bytes, arguments.value_or(Option::output, "-"));
  }
  const std::string beside = default_output(arguments.input(), ".mnt", ".plan");
  return write_plan(compiled.bytes, arguments.value_or(Option::output, beside));
}

}  // namespace mountc::tool
