// compiler/plan/scan.h - the tokens of one line of text assembly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mountc {

// Thrown where a line does not go on as it should; `offset` is in the whole text.
struct AssemblyError {
  uint32_t offset;
  std::string message;
};

class Scanner {
 public:
  Scanner(std::string_view line, uint32_t offset) : line_(line), offset_(offset) {}

  uint32_t offset() const { return offset_ + static_cast<uint32_t>(at_); }
  // Nothing follows but blanks and a comment.
  bool at_end();
  void skip_blanks();

  // The token that is exactly next, or false.
  bool accept(std::string_view token);
  void expect(std::string_view token);
  void expect_end();

  std::string_view word();  // of letters, digits, `_` and `-`; may be empty
  uint32_t number();        // decimal, 0x hexadecimal, or octal with a leading 0
  uint32_t decimal();
  std::string string();  // in quotes

  [[noreturn]] void fail(std::string message) const {
    throw AssemblyError{offset(), std::move(message)};
  }

 private:
  bool more() const { return at_ < line_.size(); }
  char escape();

  std::string_view line_;
  uint32_t offset_;
  size_t at_ = 0;
};

}  // namespace mountc
