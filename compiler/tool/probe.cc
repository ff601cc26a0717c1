// compiler/tool/probe.cc - `mountc probe`: what the running kernel has of what plans may need.
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "runtime/mountrun.h"

namespace mountc::tool {

Exit probe_command(const Arguments&) {
  std::string text;
  mountrun_options run{};
  run.context = &text;
  run.write = [](void* context, const char* part, size_t size) {
    static_cast<std::string*>(context)->append(part, size);
  };
  mountrun_probe(&run);
  return write_text(text, "-");
}

}  // namespace mountc::tool
