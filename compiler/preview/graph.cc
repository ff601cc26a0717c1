// compiler/preview/graph.cc - the mount tree and the groups as a picture, for Graphviz.
#include "compiler/preview/graph.h"

#include <fmt/format.h>

#include <set>

#include "runtime/ops.h"

namespace mountc {
namespace {

std::string label(const snapshot::Snapshot& snapshot, const snapshot::Mount& mount) {
  std::string text = mount.full_target;
  if (mount.superblock != none) text += "\n" + snapshot.superblocks[mount.superblock].type;
  if (!mount.root.empty()) text += " at " + mount.root;
  if (mount.flags & plan::bit::attr_RDONLY) text += "\nread-only";
  if (mount.unbindable) text += "\nunbindable";
  return text;
}

}  // namespace

std::string dot_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string graph(const snapshot::Snapshot& snapshot) {
  std::string out =
      "digraph mounts {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  std::set<uint32_t> groups;
  std::set<std::string> edges;
  for (size_t n = 0; n < snapshot.namespaces.size(); ++n) {
    const snapshot::Namespace& ns = snapshot.namespaces[n];
    out += fmt::format("  subgraph cluster_{} {{\n    label={};\n", n, dot_string(ns.name));
    for (size_t m = 0; m < ns.mounts.size(); ++m) {
      const snapshot::Mount& mount = ns.mounts[m];
      out += fmt::format("    n{}m{} [label={}];\n", n, m, dot_string(label(snapshot, mount)));
      if (mount.parent != none)
        edges.insert(fmt::format("  n{}m{} -> n{}m{};\n", n, mount.parent, n, m));
      if (mount.group) {
        groups.insert(mount.group);
        edges.insert(
            fmt::format("  n{}m{} -> g{} [dir=none, style=dashed];\n", n, m, mount.group));
      }
      if (mount.master) {
        groups.insert(mount.master);
        const std::string to =
            mount.group ? fmt::format("g{}", mount.group) : fmt::format("n{}m{}", n, m);
        edges.insert(fmt::format("  g{} -> {} [style=dotted];\n", mount.master, to));
      }
    }
    out += "  }\n";
  }
  for (uint32_t group : groups) {
    const auto named = snapshot.group_names.find(group);
    const std::string name =
        named == snapshot.group_names.end() ? fmt::format("group {}", group) : named->second;
    out += fmt::format("  g{} [shape=ellipse, label={}];\n", group, dot_string(name));
  }
  for (const std::string& edge : edges) out += edge;
  return out + "}\n";
}

}  // namespace mountc
