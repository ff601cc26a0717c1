// compiler/tool/translate.cc - `mountc translate`: mount commands, or a trace, as a layout.
#include "compiler/import/translate.h"

#include <fmt/format.h>

#include "compiler/import/describe.h"
#include "compiler/syntax/print.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

size_t mounts_of(const snapshot::Snapshot& snapshot) {
  size_t count = 0;
  for (const snapshot::Namespace& ns : snapshot.namespaces) count += ns.mounts.size();
  return count;
}

}  // namespace

Exit translate_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const std::string& text = sources.file(*file).text;
  const Translation done =
      looks_like_strace(text) ? run_calls(read_strace(text)) : run_commands(read_script(text));
  StoreOptions form;
  form.host = done.host;
  form.propagated = arguments.has(Option::all);
  snapshot::Snapshot result = store(done.world, form);
  // Where nothing was mounted there is nothing to say.
  std::erase_if(result.namespaces,
                [](const snapshot::Namespace& ns) { return ns.mounts.empty(); });
  for (const std::string& remark : done.remarks) {
    write_to(2, fmt::format("{}: {}\n", arguments.input(), remark));
  }
  write_to(2, fmt::format("this script makes {} mounts, the layout {}", done.mounts,
                          mounts_of(result)));
  write_to(2, done.propagated && !form.propagated
                  ? fmt::format(": {} are copies that propagation makes (--all keeps them)\n",
                                done.propagated)
                  : "\n");
  const char* const output = arguments.value(Option::output);
  return write_text(formatted(describe(result, {})), output ? output : "-");
}

}  // namespace mountc::tool
