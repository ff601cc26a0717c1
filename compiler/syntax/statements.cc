// compiler/syntax/statements.cc - see statements.h.
#include "compiler/syntax/statements.h"

#include <algorithm>
#include <iterator>

namespace mountc::syntax {
namespace {

constexpr StatementWord rows[] = {
#define STATEMENT(word, family, declares) {#word, Family::family, Declares::declares},
#include "compiler/syntax/statements.def"
};

}  // namespace

const StatementWord* find_statement(std::string_view word) {
  const auto* const found = std::ranges::find(rows, word, &StatementWord::word);
  return found == std::end(rows) ? nullptr : found;
}

const std::vector<std::string_view>& statement_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> all;
    for (const StatementWord& row : rows) all.push_back(row.word);
    return all;
  }();
  return words;
}

}  // namespace mountc::syntax
