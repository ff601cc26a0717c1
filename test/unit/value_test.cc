// test/unit/value_test.cc - quoting a byte string and reading it back gives the same bytes.
#include "compiler/syntax/value.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "compiler/syntax/parse.h"

namespace mountc {
namespace {

class Table : public Variables {
 public:
  explicit Table(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  const std::string* find(std::string_view name, uint32_t) const override {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, std::string> values_;
};

// What `spelling` means as a value of the language; nullopt on any error.
std::optional<std::string> read(const std::string& spelling) {
  Sources sources;
  Diagnostics diagnostics;
  const uint32_t file = sources.add("test", "let a = " + spelling + ";");
  const auto tree = parse(sources, file, diagnostics);
  if (!tree || tree->statements.size() != 1) return std::nullopt;
  const auto& let = std::get<ast::Param>(tree->statements[0].node);
  return decode(sources, *let.value, Table({{"x", "${y} \\n"}, {"name-2", ""}}), diagnostics);
}

TEST(Value, Words) {
  EXPECT_EQ(read("/srv/a#b=c"), "/srv/a#b=c");
  EXPECT_EQ(read("a\\nb$c"), "a\\nb$c");             // no escapes in words
  EXPECT_EQ(read("<${x}>${name-2}"), "<${y} \\n>");  // not parsed again
}

TEST(Value, Strings) {
  EXPECT_EQ(read(R"("")"), "");
  EXPECT_EQ(read(R"("\\ \" \n \t \x41\xfF \$ $ \${x} ${x}")"),
            "\\ \" \n \t A\xff $ $ ${x} ${y} \\n");
}

TEST(Value, Refused) {
  for (const char* spelling :
       {R"("\q")", R"("\x00")", R"("\x4")", R"("\xg0")", R"("\x")", R"("\)", "${z}",
        R"("${z}")", "${1}", "${x", "\"a\tb\"", "a\"b\""}) {
    EXPECT_EQ(read(spelling), std::nullopt) << spelling;
  }
}

TEST(Value, BareWhereAWordIsEnough) {
  EXPECT_EQ(quote("/srv/caf\xc3\xa9"), "/srv/caf\xc3\xa9");
  EXPECT_EQ(quote("a#b"), "a#b");
  EXPECT_EQ(quote("#a"), "\"#a\"");
  EXPECT_EQ(quote(""), "\"\"");
  EXPECT_EQ(quote("a b"), "\"a b\"");
  EXPECT_EQ(quote("${x}"), "\"\\${x}\"");
  EXPECT_EQ(quote("\xe9\n\x1b"), "\"\\xe9\\n\\x1b\"");
}

TEST(Value, RoundTripOfEveryByte) {
  for (int byte = 1; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(read(quote(text)), text) << byte;
    EXPECT_EQ(read(quote("a" + text + "{")), "a" + text + "{") << byte;
  }
}

TEST(Value, RoundTripOfRandomBytes) {
  std::mt19937 random(1);
  const std::string likely = "\\\"${}#=x4 \n\xc3\xa9\xff";
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t left = random() % 12; left > 0; --left) {
      text += random() % 3 == 0 ? static_cast<char>(1 + random() % 255)
                                : likely[random() % likely.size()];
    }
    ASSERT_EQ(read(quote(text)), text) << quote(text);
  }
}

}  // namespace
}  // namespace mountc
