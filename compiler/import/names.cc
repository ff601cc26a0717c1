// compiler/import/names.cc - names for groups, filesystems and namespaces, made from paths.
#include "compiler/import/names.h"

#include <fmt/format.h>

namespace mountc {
namespace {

constexpr size_t name_bytes_max = 40;  // longer ones are not read by anybody

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
         c == '-';
}

}  // namespace

std::string name_from(std::string_view path) {
  std::string name;
  for (char c : path) {
    if (is_name_byte(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (name.ends_with('_')) name.pop_back();
  if (name.size() > name_bytes_max) {
    // The end of a path tells more than its beginning.
    const size_t cut = name.find('_', name.size() - name_bytes_max);
    name = name.substr(cut == std::string::npos ? name.size() - name_bytes_max : cut + 1);
  }
  if (name.empty()) return "root";
  if (is_digit(name[0]) || name[0] == '-') name.insert(0, "_");
  return name;
}

std::string Names::take(const std::string& wanted) {
  if (taken_.insert(wanted).second) return wanted;
  for (int n = 2;; ++n) {
    std::string next = fmt::format("{}_{}", wanted, n);
    if (taken_.insert(next).second) return next;
  }
}

}  // namespace mountc
