// compiler/tool/pipeline.h - a layout's text to any of the forms that it goes through.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/diag/fix.h"
#include "compiler/front/front.h"
#include "compiler/layout/layout.h"
#include "compiler/layout/strategy.h"
#include "compiler/tool/exits.h"
#include "compiler/tool/reporting.h"

namespace mountc::tool {

enum class Form : uint8_t { ast, layout, steps, asm_, c, plan };

std::optional<Form> form_called(std::string_view name);

struct Request {
  Form form = Form::plan;
  bool strip = false;
  bool warnings = true;  // said also when all is well
  std::map<std::string, std::string> definitions = {};
  Reporting reporting = {};
  std::vector<Fixed>* fixes = nullptr;  // filled with safe fixes; with some, nothing is printed
  Strategies strategies = {};
  bool way_back = false;  // what --remove and --replace need
};

struct Compiled {
  Exit exit;
  std::string bytes;  // the form that was asked for; empty unless Exit::done
};

// The whole compiler. Prints the diagnostics to standard error.
Compiled compile(Sources& sources, uint32_t file, const Request& request);

// The layout alone (front.h). nullopt: the errors are printed, and Exit::rejected.
std::optional<Layout> understood(Sources& sources, uint32_t file,
                                 const std::map<std::string, std::string>& definitions);

// What comes after the layout is understood.
Compiled plan_of(Layout layout, const Sources& sources, uint32_t file);

}  // namespace mountc::tool
