// test/unit/source_test.cc - lines and columns of byte offsets, and what is valid UTF-8.
#include "compiler/source/source.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "compiler/source/utf8.h"

namespace mountc {
namespace {

void expect_position(const std::string& text, uint32_t offset, uint32_t line, uint32_t column) {
  Sources sources;
  const uint32_t file = sources.add("test", text);
  const Position position = sources.position(file, offset);
  EXPECT_EQ(position.line, line) << text << " at " << offset;
  EXPECT_EQ(position.column, column) << text << " at " << offset;
}

TEST(Source, Positions) {
  expect_position("", 0, 1, 1);
  expect_position("ab\ncd", 0, 1, 1);
  expect_position("ab\ncd", 2, 1, 3);  // the newline ends its line
  expect_position("ab\ncd", 3, 2, 1);
  expect_position("ab\n", 3, 2, 1);  // the end of the text
  expect_position("\xc3\xa9x", 2, 1, 2);
  expect_position("\xc3x", 1, 1, 2);  // an invalid byte is a character
}

TEST(Source, Lines) {
  Sources sources;
  const uint32_t file = sources.add("test", "ab\n\ncd");
  EXPECT_EQ(sources.line(file, 2), "ab");
  EXPECT_EQ(sources.line(file, 3), "");
  EXPECT_EQ(sources.line(file, 6), "cd");
  EXPECT_EQ(sources.text({file, 1, 4}), "b\n\n");
}

TEST(Source, TextsStayInPlaceWhenFilesAreAdded) {
  Sources sources;
  const uint32_t first = sources.add("a", "x");
  const std::string_view view = sources.text({first, 0, 1});
  for (int i = 0; i < 1000; ++i) sources.add("b", "y");
  EXPECT_EQ(view.data(), sources.file(first).text.data());
}

TEST(Source, ReadSaysWhyNot) {
  Sources sources;
  EXPECT_FALSE(sources.read("/nonexistent/layout.mnt"));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(sources.read("/"));
  EXPECT_EQ(errno, EISDIR);
}

TEST(Utf8, Lengths) {
  EXPECT_EQ(utf8_length("a", 0), 1U);
  EXPECT_EQ(utf8_length("\xc3\xa9", 0), 2U);
  EXPECT_EQ(utf8_length("\xe2\x82\xac", 0), 3U);
  EXPECT_EQ(utf8_length("\xf0\x9f\x98\x80", 0), 4U);
  for (const char* bad : {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80",
                          "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff"}) {
    EXPECT_EQ(utf8_length(bad, 0), 0U) << bad;
  }
}

TEST(Utf8, FindsTheFirstInvalidByte) {
  EXPECT_EQ(find_invalid_utf8("0123456789 \xc3\xa9 ok", 0), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("0123456789 \xe9 no", 0), 11U);
  EXPECT_EQ(find_invalid_utf8("\xe9 \xc3", 1), 2U);
}

}  // namespace
}  // namespace mountc
