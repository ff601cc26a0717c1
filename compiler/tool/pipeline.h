// compiler/tool/pipeline.h - a layout's text to any of the forms that it goes through.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"
#include "compiler/tool/exits.h"

namespace mountc::tool {

enum class Form : uint8_t { ast, layout, steps, asm_, plan };

std::optional<Form> form_called(std::string_view name);

struct Request {
  Form form = Form::plan;
  bool strip = false;
  bool warnings = true;  // said also when all is well
  std::map<std::string, std::string> definitions;
};

struct Compiled {
  Exit exit;
  std::string bytes;  // the form that was asked for; empty unless Exit::done
};

// The whole compiler. Prints the diagnostics to standard error.
Compiled compile(Sources& sources, uint32_t file, const Request& request);

// The first part of it: text to a layout that has passed all checks. nullopt: reported.
std::optional<Layout> understand(Sources& sources, uint32_t file,
                                 const std::map<std::string, std::string>& definitions,
                                 Diagnostics& diagnostics);
// The rest of it.
Compiled plan_of(Layout layout, const Sources& sources, uint32_t file);

void print(const Diagnostics& diagnostics, const Sources& sources);

}  // namespace mountc::tool
