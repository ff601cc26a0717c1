// compiler/import/names.h - names for groups, filesystems and namespaces, made from paths.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace mountc {

// "/var/log" -> "var_log", "/" -> "root": a name of the language, never empty.
std::string name_from(std::string_view path);

// Hands each name out once: `log`, `log_2`, `log_3`.
class Names {
 public:
  explicit Names(std::set<std::string> taken = {}) : taken_(std::move(taken)) {}
  std::string take(const std::string& wanted);
  bool has(const std::string& name) const { return taken_.contains(name); }

 private:
  std::set<std::string> taken_;
};

}  // namespace mountc
