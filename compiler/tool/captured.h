// compiler/tool/captured.h - snapshots from what the command line names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/diag/diagnostics.h"
#include "compiler/snapshot/snapshot.h"
#include "compiler/tool/options.h"

namespace mountc::tool {

struct Captured {
  Sources sources;  // the texts that were read
  snapshot::Snapshot snapshot;
  bool is_caller_alone = false;  // nothing else was named
  bool is_layout = false;        // worked out from one
};

// The namespaces of --pid, --ns and --mountinfo in the order in which they are named; without
// any, the caller's. Messages are printed; a status other than Exit::done is an error's.
Exit capture(const Arguments& arguments, Captured& captured);

// Is the text mountinfo? A line of that begins with a number, as no statement does, and
// sections with a comment.
bool is_recording(std::string_view text);

// Add the namespace of a process, called `name`, and what a recording holds.
Exit add_process(const std::string& pid, const std::string& name, Captured& captured);
Exit add_namespace(const std::string& path, const std::string& name, Captured& captured);
Exit add_recording(uint32_t file, const std::string& name, Captured& captured);
Exit add_recording(const std::string& path, const std::string& name, Captured& captured);
// Whether it can all be of one machine; after the last one was added.
Exit check(const Captured& captured);

}  // namespace mountc::tool
