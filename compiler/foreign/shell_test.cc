// compiler/foreign/shell_test.cc - `[ -z "$X" ]` and its like.
#include "compiler/foreign/shell_test.h"

#include <cstdlib>
#include <set>

namespace mountc {

bool shell_test(std::vector<std::string> words, const RunCommand& run) {
  std::erase_if(words, [](const std::string& w) {
    return w == "[" || w == "]" || w == "[[" || w == "]]" || w == "test";
  });
  const bool negated = !words.empty() && words[0] == "!";
  if (negated) words.erase(words.begin());
  bool is_so = true;
  if (words.size() == 1) is_so = words[0] != "-n";
  if (words.size() == 2 && words[0] == "-z") is_so = words[1].empty();
  if (words.size() == 2 && words[0] == "-n") is_so = !words[1].empty();
  static const std::set<std::string> files = {"-e", "-d", "-f", "-b", "-c", "-p", "-S"};
  if (words.size() == 2 && files.contains(words[0]))
    is_so = run({0, "", {"test", words[0], words[1]}, "", 0});
  if (words.size() == 3) {
    const std::string& how = words[1];
    if (how == "=" || how == "==" || how == "-eq") is_so = words[0] == words[2];
    if (how == "!=" || how == "-ne") is_so = words[0] != words[2];
    if (how == "-gt" || how == "-ge" || how == "-lt" || how == "-le") {
      const long a = std::atol(words[0].c_str()), b = std::atol(words[2].c_str());
      is_so = how == "-gt" ? a > b : how == "-ge" ? a >= b : how == "-lt" ? a < b : a <= b;
    }
  }
  return is_so != negated;
}

}  // namespace mountc
