// test/unit/print_test.cc - what is printed says what was read, whatever it was.
#include "compiler/syntax/print.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "compiler/syntax/dump.h"
#include "compiler/syntax/fold.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/tokens.h"
#include "test/unit/random_layout.h"

namespace mountc {
namespace {

// The tree without places; what is wrong with the text where there is none.
std::string tree_of(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto tree = parse(sources, sources.add("t.mnt", text), diagnostics);
  if (!tree) return "error: " + diagnostics.all().front().message;
  static const std::regex place(R"((\n *\S+) \d+:\d+)");
  return std::regex_replace("\n" + dump(sources, *tree), place, "$1");
}

// The kinds of the statements, as the syntax tree numbers them.
void add_kinds(const std::string& text, std::set<size_t>& kinds) {
  Sources sources;
  Diagnostics diagnostics;
  const auto tree = parse(sources, sources.add("t.mnt", text), diagnostics);
  if (!tree) return;
  for (const ast::Statement& statement : tree->statements) kinds.insert(statement.node.index());
}

std::vector<std::string> comments_of(const std::string& text) {
  std::vector<std::string> comments;
  for (const syntax::Token& token : syntax::tokens_of(text)) {
    if (token.kind == syntax::TokenKind::comment) {
      comments.emplace_back(syntax::comment_text(text, token));
    }
  }
  return comments;
}

TEST(Print, RandomTextsKeepTheirTreeAndComments) {
  for (unsigned seed = 0; seed < 5000; ++seed) {
    const std::string text = RandomLayout(seed).text();
    const std::string tree = tree_of(text);
    ASSERT_FALSE(tree.starts_with("error: ")) << tree << "\n" << text;
    const std::string printed = formatted(text);
    ASSERT_EQ(tree_of(printed), tree) << text << "\n--\n" << printed;
    ASSERT_EQ(comments_of(printed), comments_of(text)) << text << "\n--\n" << printed;
    ASSERT_EQ(formatted(printed), printed) << text;
    ASSERT_FALSE(std::regex_search(printed, std::regex("[ \t\r]\n|\n\n\n|^\n"))) << printed;
    ASSERT_TRUE(printed.empty() || printed.ends_with('\n'));
  }
}

TEST(Print, RandomTextsHaveEveryKindOfStatement) {
  std::set<size_t> kinds;
  for (unsigned seed = 0; seed < 300; ++seed) add_kinds(RandomLayout(seed).text(), kinds);
  EXPECT_EQ(kinds.size(), std::variant_size_v<decltype(ast::Statement::node)>);
}

TEST(Print, BlanksDoNotMatter) {
  EXPECT_EQ(formatted("mount\t/a   \n tmpfs ( size=1M,mode = 755 )\n\nro;"),
            "mount /a tmpfs(size=1M, mode=755) ro;\n");
  EXPECT_EQ(formatted("\n\n"), "");
}

TEST(Print, OwnTextsAreNeverWrong) { EXPECT_THROW(formatted("mount;"), std::logic_error); }

}  // namespace
}  // namespace mountc
