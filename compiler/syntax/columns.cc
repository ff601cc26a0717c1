// compiler/syntax/columns.cc - printed lines, and which of them have columns in common.
#include "compiler/syntax/columns.h"

#include <algorithm>
#include <utility>

namespace mountc::syntax {

namespace {

// What is wider than this does not widen its column: one long path would tear a table apart.
constexpr std::size_t cell_columns_max = 40;
constexpr std::size_t commented_columns_max = 80;

constexpr std::size_t comment_gap = 2;

// The blanks between two columns of a table, by the column before them.
std::size_t gap_after(Family family, std::size_t cell) {
  return cell > 0 && family == Family::paths ? 2 : 1;
}

// The text of a cell, without the blank before the next one.
std::string_view cell_of(const Line& line, std::size_t cell) {
  const std::size_t begin = cell == 0 ? 0 : line.cells[cell - 1];
  const std::size_t end = cell < line.cell_count ? line.cells[cell] - 1 : line.text.size();
  return std::string_view(line.text).substr(begin, end - begin);
}

using Lines = std::vector<Line>;
using Range = std::pair<Lines::iterator, Lines::iterator>;

// The rows that begin at `first`; comments between them are passed over.
Range table_at(Lines::iterator first, Lines::iterator end) {
  auto last = first + 1;
  while (last != end && !last->blank_above && last->indent == first->indent &&
         (last->text.empty() || last->family == first->family)) {
    ++last;
  }
  return {first, last};
}

void align_table(Range rows) {
  std::array<std::size_t, 3> widths{};
  for (auto row = rows.first; row != rows.second; ++row) {
    for (std::size_t cell = 0; cell < row->cell_count; ++cell) {
      const std::size_t width = columns_of(cell_of(*row, cell));
      if (width <= cell_columns_max) widths[cell] = std::max(widths[cell], width);
    }
  }
  for (auto row = rows.first; row != rows.second; ++row) {
    if (row->cell_count == 0) continue;
    std::string text;
    for (std::size_t cell = 0; cell < row->cell_count; ++cell) {
      const std::string_view part = cell_of(*row, cell);
      const std::size_t width = columns_of(part);
      text.append(part);
      text.append(std::max(widths[cell], width) - width + gap_after(row->family, cell), ' ');
    }
    text.append(cell_of(*row, row->cell_count));
    row->text = std::move(text);
  }
}

void align_tables(Lines& lines) {
  for (auto line = lines.begin(); line != lines.end();) {
    if (line->family == Family::alone) {
      ++line;
      continue;
    }
    const Range rows = table_at(line, lines.end());
    const auto is_row = [](const Line& each) { return !each.text.empty(); };
    if (std::count_if(rows.first, rows.second, is_row) > 1) align_table(rows);
    line = rows.second;
  }
}

// The blanks before the comments of the lines that follow each other from `first` on, one after
// the other to `out`; where they end.
Lines::const_iterator comment_columns(Lines::const_iterator first, Lines::const_iterator end,
                                      std::vector<std::size_t>& out) {
  const auto commented = [](const Line& line) { return !line.comment.empty(); };
  auto last = first;
  std::size_t widest = 0;
  do {
    const std::size_t width = columns_of(last->text);
    if (width <= commented_columns_max) widest = std::max(widest, width);
    ++last;
  } while (last != end && commented(*last) && (!last->text.empty() || last->goes_on) &&
           !last->blank_above && last->indent == first->indent);

  std::size_t column = 0;
  for (auto line = first; line != last; ++line) {
    const std::size_t width = columns_of(line->text);
    if (!line->goes_on) column = std::max(widest, width) + comment_gap;
    out.push_back(column - width);
  }
  return last;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

std::string aligned(std::vector<Line> lines) {
  align_tables(lines);
  std::string out;
  std::size_t bytes = 0;
  for (const Line& line : lines) bytes += line.indent + line.text.size() + line.comment.size() + 2;
  out.reserve(bytes);
  std::vector<std::size_t> gaps;
  std::size_t gap = 0;
  for (auto line = lines.cbegin(), measured = line; line != lines.cend(); ++line) {
    if (line->blank_above) out += '\n';
    out.append(line->indent, ' ').append(line->text);
    if (!line->comment.empty()) {
      if (line >= measured && !line->text.empty()) {
        gaps.clear();
        gap = 0;
        measured = comment_columns(line, lines.cend(), gaps);
      }
      if (line < measured) out.append(gaps[gap++], ' ');
      out.append(line->comment);
    }
    out += '\n';
  }
  return out;
}

}  // namespace mountc::syntax
