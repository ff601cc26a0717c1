// test/unit/grammar_test.cc - the grammar can neither loop nor recurse without reading on, and
// has the words of statements.def.
#include <gtest/gtest.h>

#include <string>
#include <tao/pegtl/contrib/analyze.hpp>

#include "compiler/syntax/statements.h"
#include "grammar/layout.h"

namespace mountc {
namespace {

template <typename... Rules>
std::size_t count(tao::pegtl::type_list<Rules...>) {
  return sizeof...(Rules);
}

TEST(Grammar, HasNoProblems) { EXPECT_EQ(tao::pegtl::analyze<grammar::file>(), 0U); }

// The list for "did you mean" and for recovery is the grammar's list.
TEST(Grammar, StatementWordsAreItsKeywords) {
  namespace pegtl = tao::pegtl;
  for (const std::string_view word : syntax::statement_words()) {
    pegtl::memory_input in(word.data(), word.data() + word.size(), "");
    EXPECT_TRUE((pegtl::parse<pegtl::seq<grammar::statement_keyword, pegtl::eof>>(in))) << word;
  }
  EXPECT_EQ(syntax::statement_words().size(), count(grammar::statement_keyword::subs_t()));
}

// Whatever bytes come, the tokens used for recovery cover them all.
TEST(Grammar, TokensTakeAnyByte) {
  namespace pegtl = tao::pegtl;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(2, static_cast<char>(byte));
    pegtl::memory_input in(text, "");
    EXPECT_TRUE(
        (pegtl::parse<
            pegtl::seq<grammar::skip, pegtl::star<grammar::token, grammar::skip>, pegtl::eof>>(
            in)))
        << byte;
  }
}

}  // namespace
}  // namespace mountc
