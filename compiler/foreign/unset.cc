// compiler/foreign/unset.cc - shell variables that a script uses and does not set.
#include "compiler/foreign/unset.h"

#include <algorithm>
#include <cctype>

namespace mountc {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

}  // namespace

std::string with_params(const std::string& layout, std::vector<std::string>& names) {
  std::string text;
  for (size_t at = 0; at < layout.size();) {
    size_t end = at + 1;
    while (layout[at] == '$' && end < layout.size() && is_name(layout[end])) ++end;
    std::string name = layout.substr(at + 1, end - at - 1);
    const bool escaped = at > 0 && layout[at - 1] == '\\';
    if (name.empty() || escaped) {
      text += layout[at++];
      continue;
    }
    // A positional parameter: no name begins with a digit.
    if (std::isdigit(static_cast<unsigned char>(name[0]))) name = "arg" + name;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    text += "${" + name + "}";
    at = end;
  }
  std::string params;
  for (const std::string& name : names) params += "param " + name + ";\n";
  return params + text;
}

}  // namespace mountc
