// compiler/syntax/statements.h - the words that begin a statement.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mountc::syntax {

// Neighbouring statements of a family are aligned when they are printed.
enum class Family : uint8_t { alone, variables, groups, filesystems, paths };

enum class Declares : uint8_t { name, nothing };

struct StatementWord {
  std::string_view word;
  Family family;
  Declares declares;
};

// nullptr: no statement begins so.
const StatementWord* find_statement(std::string_view word);

// All of them, for "did you mean".
const std::vector<std::string_view>& statement_words();

}  // namespace mountc::syntax
