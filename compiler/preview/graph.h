// compiler/preview/graph.h - the mount tree and the groups as a picture, for Graphviz.
#pragma once

#include <string>
#include <string_view>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// A digraph: a cluster for each namespace, solid edges from a mount to what is mounted in it;
// an ellipse for each peer group, dashed edges from its members, dotted ones from master to
// slave.
std::string graph(const snapshot::Snapshot& snapshot);

// A string of the dot language, in its quotes.
std::string dot_string(std::string_view text);

}  // namespace mountc
