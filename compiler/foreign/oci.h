// compiler/foreign/oci.h - the configuration of an OCI runtime, a bundle's config.json, as a
// layout (runtime-spec 1.2, config.md and config-linux.md).
#pragma once

#include <optional>
#include <string>

#include "compiler/diag/diagnostics.h"
#include "compiler/foreign/json.h"
#include "compiler/foreign/sketch.h"

namespace mountc {

// `bundle`: the directory that relative paths begin in. nullopt: it is no such configuration,
// which is reported.
std::optional<Foreign> layout_of_oci(const Json& config, const std::string& bundle,
                                     Diagnostics& diagnostics);

}  // namespace mountc
