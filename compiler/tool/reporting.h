// compiler/tool/reporting.h - how diagnostics are written, as the command line wants it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compiler/diag/policy.h"
#include "compiler/tool/options.h"

namespace mountc::tool {

struct Reporting {
  enum class Shape : uint8_t { text, json, sarif };
  enum class Colours : uint8_t { automatic, always, never };

  Shape shape = Shape::text;
  Colours colours = Colours::automatic;
  WarningPolicy warnings;

  // The options --diagnostics, --color and -W. nullopt: `error`.
  static std::optional<Reporting> parse(const Arguments& arguments, std::string& error);
};

// To standard error. JSON and SARIF are written also when there is nothing to say.
void print(const Diagnostics& diagnostics, const Sources& sources,
           const Reporting& reporting = {});

}  // namespace mountc::tool
