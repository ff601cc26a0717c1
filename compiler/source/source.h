// compiler/source/source.h - the texts being compiled, and places in them.
//
// Places are byte offsets everywhere; lines and columns are worked out only for what is
// printed.
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
  uint32_t file = 0;  // a reading of the file, see Sources
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
  uint64_t device = 0, inode = 0;             // which file it is; 0: none
  // The place asked for last: places come in the order of the text, also in one long line.
  mutable uint32_t last_offset = 0, last_column = 1;
  std::vector<uint32_t> blamed;  // sorted
};

// Why a text is read: it is included, or it is the body of a loop, once more for each value.
struct Origin {
  Span place;  // of the include statement, or of the value
  std::string note;
  bool is_include = false;
};

// A text may be read several times, by `include` and `for`. Each reading has a number of its
// own, Span::file, so that a place in the text also tells what it is read for.
class Sources {
 public:
  // Adds a text and returns its reading.
  uint32_t add(std::string name, std::string text);
  // Reads a file ("-": standard input). nullopt: errno says why.
  std::optional<uint32_t> read(const std::string& path);
  // The same for an included file, which is read from the disk once.
  std::optional<uint32_t> include(const std::string& path, Origin origin);
  // The text of `reading` once more.
  uint32_t again(uint32_t reading, Origin origin);

  const SourceFile& file(uint32_t reading) const { return files_[readings_[reading].file]; }
  // Two readings of one text have the same number here.
  uint32_t text_of(uint32_t reading) const { return readings_[reading].file; }
  std::size_t size() const { return readings_.size(); }
  const Origin* origin(uint32_t reading) const;  // nullptr: what the command line names
  std::string_view text(Span span) const;
  Position position(uint32_t reading, uint32_t offset) const;
  // The whole line that holds the offset, without its newline.
  std::string_view line(uint32_t reading, uint32_t offset) const;

  // The statement around this place is known to be wrong: the parser leaves it out, without a
  // word, from now on. False: that was known.
  bool blame(Span place);

 private:
  std::optional<uint32_t> add_from(int fd, const std::string& name);

  struct Reading {
    uint32_t file;
    std::optional<Origin> origin;
  };

  std::deque<SourceFile> files_;  // not a vector: views of texts outlive the next add()
  std::vector<Reading> readings_;
};

}  // namespace mountc
