// compiler/tool/check.cc - `mountc check`: everything but writing the plan.
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {

Exit check_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  return compile(sources, *file, {Form::plan, false, true, arguments.definitions()}).exit;
}

}  // namespace mountc::tool
