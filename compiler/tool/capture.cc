// compiler/tool/capture.cc - `mountc capture`: running or recorded namespaces as a layout.
#include <fmt/format.h>

#include <string_view>

#include "compiler/import/describe.h"
#include "compiler/syntax/print.h"
#include "compiler/tool/captured.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {

Exit capture_command(const Arguments& arguments) {
  DescribeOptions form;
  if (const char* const type = arguments.value(Option::stand_in)) {
    form.stand_in = type;
    if (*form.stand_in != "tmpfs" && *form.stand_in != "ramfs") {
      return usage_error("only tmpfs and ramfs can stand in for any filesystem", "capture");
    }
  }
  Captured captured;
  if (const Exit exit = capture(arguments, captured); exit != Exit::done) return exit;
  const char* const output = arguments.value(Option::output);
  return write_text(formatted(describe(captured.snapshot, form)), output ? output : "-");
}

}  // namespace mountc::tool
