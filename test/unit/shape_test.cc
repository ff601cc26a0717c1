// test/unit/shape_test.cc - files, functions and lines are short: each is one idea.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace {

namespace fs = std::filesystem;

constexpr int lines_max = 250, columns_max = 100, function_lines_max = 60;

const fs::path top = MOUNTC_SOURCE_DIR;
const char* const folders[] = {"bench",   "compiler", "docs", "examples",
                               "grammar", "runtime",  "test"};

// The grammar and its actions are one table each.
const std::set<std::string> long_files = {"grammar/layout.h", "compiler/syntax/actions.h"};

// A row of a table is a line, however long: of messages, of system calls, of a page.
const std::set<std::string> tables = {"grammar/messages.h", "runtime/syscall.h"};

// The kernel's names and numbers, and command lines of other programs, are as long as they are.
bool is_about_others(const std::string& file) {
  return file.starts_with("runtime/") || file.starts_with("test/vm/") ||
         file.starts_with("test/integration/");
}

// What a page says itself: no row of a table, and nothing that it shows.
class Prose {
 public:
  bool has(const std::string& line) {
    const bool fence = line.starts_with("```");
    shown_ = shown_ != fence;
    return !shown_ && !line.starts_with("| ") && !line.starts_with("    ");
  }

 private:
  bool shown_ = false;
};

// Without the bytes that go on with a letter of UTF-8.
size_t columns(const std::string& line) {
  size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

template <typename Each>
void for_each_file(Each each) {
  for (const char* folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
      if (entry.is_regular_file()) each(entry.path(), entry.path().extension().string());
    }
  }
}

TEST(Shape, FilesAreShort) {
  int seen = 0;
  for_each_file([&](const fs::path& path, const std::string& extension) {
    if (extension != ".cc" && extension != ".h") return;
    const std::string file = fs::relative(path, top);
    std::ifstream in(path);
    int lines = 0;
    for (std::string line; std::getline(in, line);) ++lines;
    EXPECT_TRUE(lines <= lines_max || long_files.contains(file)) << file << ": " << lines;
    ++seen;
  });
  EXPECT_GT(seen, 300);
}

TEST(Shape, LinesAreShort) {
  for_each_file([&](const fs::path& path, const std::string& extension) {
    const bool is_code = extension == ".cc" || extension == ".h" || extension == ".py";
    if (!is_code && extension != ".md") return;
    const std::string file = fs::relative(path, top);
    if (tables.contains(file) || is_about_others(file)) return;
    std::ifstream in(path);
    int number = 0;
    Prose prose;
    for (std::string line; std::getline(in, line);) {
      ++number;
      const bool counts = is_code || prose.has(line);
      EXPECT_TRUE(!counts || columns(line) <= columns_max) << file << ":" << number;
    }
  });
}

// A line that closes what the last line before it with the same indentation has begun, as
// clang-format indents: is that a function, or a part of one?
class Functions {
 public:
  // 0, or how many lines the one has that ends here.
  int length(const std::string& line, int number) {
    const size_t indentation = line.find_first_not_of(' ');
    if (indentation == line.npos || line[indentation] == '#') return 0;
    const auto begun = begun_.find(indentation);
    const bool ends = line[indentation] == '}' && begun != begun_.end();
    const int lines = ends && begun->second.second ? number - begun->second.first + 1 : 0;
    begun_[indentation] = {number, line.find('(') != line.npos && !ends};
    return lines;
  }

 private:
  std::map<size_t, std::pair<int, bool>> begun_;  // by indentation: the line, and has it a `(`
};

TEST(Shape, FunctionsAreShort) {
  int seen = 0;
  for_each_file([&](const fs::path& path, const std::string& extension) {
    if (extension != ".cc" && extension != ".h") return;
    std::ifstream in(path);
    int number = 0;
    Functions functions;
    for (std::string line; std::getline(in, line);) {
      const int length = functions.length(line, ++number);
      EXPECT_LE(length, function_lines_max) << fs::relative(path, top) << ":" << number;
      seen += length > 0;
    }
  });
  EXPECT_GT(seen, 1000);
}

}  // namespace
