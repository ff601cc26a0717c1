// compiler/syntax/columns.h - printed lines, and which of them have columns in common.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/statements.h"

namespace mountc::syntax {

inline constexpr std::size_t line_columns_max = 100;

struct Line {
  std::size_t indent = 0;
  bool blank_above = false;
  Family family = Family::alone;
  // Without comment; cells of it begin at 0 and at these offsets, each after one blank.
  std::string text;
  std::array<std::size_t, 3> cells{};
  std::size_t cell_count = 0;
  std::string_view comment;  // alone in its line where `text` is empty
  bool goes_on = false;      // the comment begins in the line above, in the same column
};

// Characters, not bytes: as columns are counted everywhere.
std::size_t columns_of(std::string_view text);

// The lines as text, with their columns aligned.
std::string aligned(std::vector<Line> lines);

}  // namespace mountc::syntax
