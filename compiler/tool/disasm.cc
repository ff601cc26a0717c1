// compiler/tool/disasm.cc - `mountc disasm`: a plan as text assembly.
#include <fmt/format.h>

#include "compiler/plan/decode.h"
#include "compiler/plan/disassemble.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {

Exit disasm_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());

  std::string defect;
  const auto program = decode(sources.file(*file).text, defect);
  if (!program) {
    print_error(fmt::format("`{}` is refused: {}", sources.file(*file).name, defect));
    return Exit::rejected;
  }
  const std::string output = arguments.value_or(Option::output, "-");
  return is_input(sources, output) ? Exit::usage : write_text(disassemble(*program), output);
}

}  // namespace mountc::tool
