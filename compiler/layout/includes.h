// compiler/layout/includes.h - reads included files.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/layout/variables.h"

namespace mountc {

class Includes {
 public:
  Includes(Sources& sources, const LayoutVariables& variables, Diagnostics& diagnostics)
      : sources_(sources), variables_(variables), diagnostics_(diagnostics) {}

  // The statements of the file that an include statement names. nullopt: it is one of `texts`
  // already, or an error was reported.
  std::optional<std::vector<ast::Statement>> read(const ast::Statement& statement,
                                                  std::set<uint32_t>& texts);

 private:
  std::string path_from(uint32_t reading, const std::string& path) const;
  bool is_circle(Span place, uint32_t reading);
  bool is_too_deep(Span place);

  Sources& sources_;
  const LayoutVariables& variables_;
  Diagnostics& diagnostics_;
  std::map<uint32_t, std::optional<ast::File>> parsed_;  // by text; nullopt: with errors
};

}  // namespace mountc
