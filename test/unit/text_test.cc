// test/unit/text_test.cc - what a diagnostic looks like, and which word was meant.
#include "compiler/diag/text.h"

#include <gtest/gtest.h>

#include <string>

namespace mountc {
namespace {

std::string rendered(const std::string& text, uint32_t begin, uint32_t end) {
  Sources sources;
  const uint32_t file = sources.add("t.mnt", text);
  Diagnostics diagnostics;
  diagnostics.report<rule::syntax>({file, begin, end}, "oops");
  return render_text(diagnostics, sources);
}

TEST(Text, NotesAndHints) {
  Sources sources;
  const uint32_t file = sources.add("layout.mnt", "group g slave of h;\ngroup h slave of g;\n");
  Diagnostics diagnostics;
  diagnostics.report<rule::group_cycle>({file, 6, 7}, "g", "h")
      .note({file, 26, 27}, "`{}` is a slave of `{}` here", "h", "g")
      .hint("break it");
  EXPECT_EQ(render_text(diagnostics, sources),
            "layout.mnt:1:7: error: group `g` is, through `h`, a slave of itself [M301]\n"
            "    1 | group g slave of h;\n"
            "      |       ^\n"
            "layout.mnt:2:7: note: `h` is a slave of `g` here\n"
            "    2 | group h slave of g;\n"
            "      |       ^\n"
            "  hint: break it\n");
}

TEST(Text, KernelsAnswerAndWarning) {
  Sources sources;
  const uint32_t file = sources.add("t", "abc");
  Diagnostics diagnostics;
  diagnostics.report<rule::clone_unbindable>({file, 0, 3}, "/a");
  diagnostics.report<rule::name_shadows_type>({file, 0, 3}, "proc");
  const std::string text = render_text(diagnostics, sources);
  EXPECT_NE(
      text.find("t:1:1: error: `/a` is unbindable and cannot be cloned [M410] (EINVAL)\n"),
      std::string::npos);
  EXPECT_NE(text.find("t:1:1: warning: "), std::string::npos);
}

TEST(Text, SortedByPlaceAndStable) {
  Sources sources;
  const uint32_t first = sources.add("a", "xy");
  const uint32_t second = sources.add("b", "xy");
  Diagnostics diagnostics;
  diagnostics.report<rule::syntax>({second, 0, 1}, "4");
  diagnostics.report<rule::syntax>({first, 1, 2}, "2");
  diagnostics.report<rule::syntax>({first, 1, 1}, "3");
  diagnostics.report<rule::syntax>({first, 0, 2}, "1");
  std::string order;
  const std::string text = render_text(diagnostics, sources);
  for (auto at = text.find("error: "); at != std::string::npos;
       at = text.find("error: ", at + 1)) {
    order += text[at + 7];
  }
  EXPECT_EQ(order, "1234");
}

TEST(Text, RangeEndsWithTheLine) {
  EXPECT_EQ(rendered("ab cd\nef", 3, 8),
            "t.mnt:1:4: error: oops [M101]\n"
            "    1 | ab cd\n"
            "      |    ^~\n");
}

TEST(Text, TabsAndWideBytesAlign) {
  EXPECT_EQ(rendered("\t\xc3\xa9\tab", 4, 6),
            "t.mnt:1:4: error: oops [M101]\n"
            "    1 | \t\xc3\xa9\tab\n"
            "      | \t \t^~\n");
}

TEST(Text, ControlBytesAreNotPrinted) {
  EXPECT_EQ(rendered("a\x1b[2Jb\r\n", 5, 6),
            "t.mnt:1:6: error: oops [M101]\n"
            "    1 | a?[2Jb\n"
            "      |      ^\n");
}

TEST(Text, NamesAreEscaped) {
  Sources sources;
  const uint32_t file = sources.add("t", "");
  Diagnostics diagnostics;
  diagnostics.report<rule::syntax>({file, 0, 0}, "a\x1b\xff\n");
  EXPECT_NE(render_text(diagnostics, sources).find("error: a\\x1b\\xff\\x0a [M101]\n"),
            std::string::npos);
}

TEST(Text, LongLinesAreCut) {
  const std::string text =
      rendered(std::string(5000, 'a') + "b" + std::string(5000, 'a'), 5000, 5001);
  EXPECT_NE(text.find(":1:5001: "), std::string::npos);
  const auto source = text.find("    1 | ") + 8;
  const auto marks = text.find("      | ", source) + 8;
  EXPECT_LT(marks - source, 130U);
  EXPECT_EQ(text[source + text.find('^', marks) - marks], 'b');
}

TEST(Text, EmptyFile) {
  EXPECT_EQ(rendered("", 0, 0), "t.mnt:1:1: error: oops [M101]\n    1 | \n      | ^\n");
}

TEST(Nearest, OneEditForShortWordsTwoForLongOnes) {
  const std::vector<std::string_view> words = {"mount", "group", "dir", "filesystem"};
  EXPECT_EQ(nearest("mont", words), "mount");
  EXPECT_EQ(nearest("muont", words), "mount");  // neighbours swapped
  EXPECT_EQ(nearest("dri", words), "dir");
  EXPECT_EQ(nearest("filsystme", words), "filesystem");
  EXPECT_EQ(nearest("dx", words), "");
  EXPECT_EQ(nearest("mask", words), "");
  EXPECT_EQ(nearest("", words), "");
}

TEST(Nearest, TheNearestAndOfEqualsTheFirst) {
  EXPECT_EQ(nearest("abcde", {"abcxy", "abcdx", "abcdy"}), "abcdx");
}

TEST(Nearest, OnlyASlipIsMendedUnasked) {
  const std::vector<std::string_view> words = {"noatime", "exec", "noexec", "shared", "mount",
                                               "ro",      "rw",   "nosuid"};
  EXPECT_TRUE(is_slip("nosiud", "nosuid", words));
  EXPECT_TRUE(is_slip("muont", "mount", words));
  EXPECT_FALSE(is_slip("atime", "noatime", words));  // what stands before it turns its sense
  EXPECT_FALSE(is_slip("uexec", "exec", words));
  EXPECT_FALSE(is_slip("rshared", "shared", words));
  EXPECT_FALSE(is_slip("umount", "mount", words));
  EXPECT_FALSE(is_slip("rwo", "ro", words));  // `rw` is as near
}

}  // namespace
}  // namespace mountc
