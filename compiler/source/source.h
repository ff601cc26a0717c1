// compiler/source/source.h - the texts being compiled, and places in them.
//
// Places are byte offsets everywhere; lines and columns are worked out only for what is printed.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

// A range of bytes of one source file: [begin, end).
struct Span {
  uint32_t file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Where a byte lies, for people: counted from 1, the column in characters (UTF-8 code points).
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
};

struct SourceFile {
  std::string name;  // as given on the command line; "<stdin>" for standard input
  std::string text;
  mutable std::vector<uint32_t> line_starts;  // made when first asked for
};

class Sources {
 public:
  // Adds a text and returns its index, Span::file.
  uint32_t add(std::string name, std::string text);
  // Reads a file ("-": standard input). nullopt: errno says why.
  std::optional<uint32_t> read(const std::string& path);

  const SourceFile& file(uint32_t index) const { return files_[index]; }
  std::string_view text(Span span) const;
  Position position(uint32_t file, uint32_t offset) const;
  // The whole line that holds the offset, without its newline.
  std::string_view line(uint32_t file, uint32_t offset) const;

 private:
  std::deque<SourceFile> files_;  // not a vector: views of texts outlive the next add()
};

}  // namespace mountc
