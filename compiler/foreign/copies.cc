// compiler/foreign/copies.cc - namespaces that begin as unshare(1) leaves them.
#include "compiler/foreign/copies.h"

#include <regex>

namespace mountc {

// Private is what a copy is when it says nothing; `follow` of the whole tree is `copy slave`.
std::string with_copies(const std::string& layout) {
  static const std::regex follows(R"((namespace \S+) \{\nmount / +rbind / +follow;\n)");
  static const std::regex alone(R"((namespace \S+) \{\nmount / +rbind /;\n)");
  const std::string slaves = std::regex_replace(layout, follows, "$1 copy slave {\n");
  return std::regex_replace(slaves, alone, "$1 {\n");
}

}  // namespace mountc
