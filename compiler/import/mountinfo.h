// compiler/import/mountinfo.h - reads /proc/PID/mountinfo, live or recorded (proc(5)).
#pragma once

#include <string>

#include "compiler/diag/diagnostics.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Adds the namespaces of a text to `snapshot`: one, called `name`, or one for each line
// `# namespace NAME`; other lines that begin with `#` are comments. Superblocks and groups are
// those of the machine, so all texts of a snapshot must be of one. false: reported.
bool read_mountinfo(const Sources& sources, uint32_t file, const std::string& name,
                    snapshot::Snapshot& snapshot, Diagnostics& diagnostics);

}  // namespace mountc
