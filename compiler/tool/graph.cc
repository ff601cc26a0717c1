// compiler/tool/graph.cc - `mountc graph`: mounts and groups for Graphviz.
#include "compiler/preview/graph.h"

#include <fmt/format.h>

#include "compiler/tool/commands.h"
#include "compiler/tool/json.h"
#include "compiler/tool/output.h"
#include "compiler/tool/world.h"

namespace mountc::tool {

namespace {

std::string as_json(const snapshot::Snapshot& snapshot) {
  std::string text = "[";
  for (const snapshot::Namespace& ns : snapshot.namespaces) {
    text += fmt::format("{}\n  {{\"namespace\": {}, \"mounts\": [", text.size() > 1 ? "," : "",
                        json(ns.name));
    for (size_t m = 0; m < ns.mounts.size(); ++m) {
      const snapshot::Mount& mount = ns.mounts[m];
      text += fmt::format(
          "{}\n    {{\"path\": {}, \"parent\": {}, \"type\": {}, \"root\": {}, \"group\": {}, "
          "\"master\": {}}}",
          m ? "," : "", json(mount.full_target),
          mount.parent == none ? "null" : std::to_string(mount.parent),
          json(mount.superblock == none ? "" : snapshot.superblocks[mount.superblock].type),
          json("/" + mount.root), mount.group, mount.master);
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
  const char* const output = arguments.value(Option::output);
  const snapshot::Snapshot mounts = store(*world, {});
  return write_text(arguments.has(Option::json) ? as_json(mounts) : graph(mounts),
                    output ? output : "-");
}

}  // namespace mountc::tool
