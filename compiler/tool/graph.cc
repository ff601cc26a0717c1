// compiler/tool/graph.cc - `mountc graph`: mounts and groups for Graphviz.
#include "compiler/preview/graph.h"

#include <fmt/format.h>

#include "compiler/diag/json_string.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/world.h"

namespace mountc::tool {

namespace {

std::string as_json(const snapshot::Snapshot& snapshot) {
  std::string text = "[";
  for (const snapshot::Namespace& ns : snapshot.namespaces) {
    text += fmt::format("{}\n  {{\"namespace\": {}, \"mounts\": [", text.size() > 1 ? "," : "",
                        json_string(ns.name));
    for (size_t m = 0; m < ns.mounts.size(); ++m) {
      const snapshot::Mount& mount = ns.mounts[m];
      text += fmt::format(
          "{}\n    {{\"path\": {}, \"parent\": {}, \"type\": {}, \"root\": {}, \"group\": {}, "
          "\"master\": {}}}",
          m ? "," : "", json_string(mount.full_target),
          mount.parent == none ? "null" : std::to_string(mount.parent),
          json_string(mount.superblock == none ? ""
                                               : snapshot.superblocks[mount.superblock].type),
          json_string("/" + mount.root), mount.group, mount.master);
    }
    text += "]}";
  }
  return text + "\n]\n";
}

}  // namespace

Exit graph_command(const Arguments& arguments) {
  Exit exit = Exit::done;
  const auto world = world_of_any(arguments.input(), arguments, exit);
  if (!world) return exit;
  const std::string output = arguments.value_or(Option::output, "-");
  if (is_input(arguments.input(), output)) return Exit::usage;
  const snapshot::Snapshot mounts = store(*world, {});
  return write_text(arguments.has(Option::json) ? as_json(mounts) : graph(mounts), output);
}

}  // namespace mountc::tool
