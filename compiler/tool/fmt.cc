// compiler/tool/fmt.cc - `mountc fmt`: layouts into their canonical form, each where it is.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/syntax/print.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/reporting.h"

namespace mountc::tool {
namespace {

Exit replace_text(const std::string& path, const std::string& text) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    print_error(fmt::format("`{}` is no regular file; `-` is standard input and output", path));
    return Exit::usage;
  }
  return write_text(text, path);
}

Exit format_file(const std::string& path, bool check) {
  Sources sources;
  const auto file = sources.read(path);
  if (!file) return cannot_read(path);

  Diagnostics diagnostics;
  const auto text = format(sources, *file, diagnostics);
  print(diagnostics, sources);
  if (!text) return Exit::rejected;

  const bool canonical = *text == sources.file(*file).text;
  if (check && !canonical) {
    const Exit written = write_text(sources.file(*file).name + "\n", "-");
    return written == Exit::done ? Exit::rejected : written;
  }
  if (check) return Exit::done;
  if (path == "-") return write_text(*text, path);
  return canonical ? Exit::done : replace_text(path, *text);
}

}  // namespace

Exit fmt_command(const Arguments& arguments) {
  Exit worst = Exit::done;
  for (const std::string& path : arguments.operands()) {
    worst = std::max(worst, format_file(path, arguments.has(Option::check)));
  }
  return worst;
}

}  // namespace mountc::tool
