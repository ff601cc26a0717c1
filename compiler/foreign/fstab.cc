// compiler/foreign/fstab.cc - the lines of an fstab(5) as the commands that mount them.
#include "compiler/foreign/fstab.h"

#include <fmt/format.h>

#include <sstream>
#include <vector>

namespace mountc {
namespace {

// A blank is `\040` there. As a word of a shell.
std::string as_word(const std::string& field) {
  std::string word = "'";
  for (size_t i = 0; i < field.size(); ++i) {
    const bool octal = field[i] == '\\' && i + 3 < field.size() &&
                       field.find_first_not_of("01234567", i + 1) > i + 3;
    const char c =
        octal ? static_cast<char>(std::stoi(field.substr(i + 1, 3), nullptr, 8)) : field[i];
    i += octal ? 3 : 0;
    word += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return word + "'";
}

std::vector<std::string> fields_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> fields;
  for (std::string field; in >> field && field[0] != '#';) fields.push_back(field);
  return fields;
}

bool is_swap(const std::vector<std::string>& fields) {
  return fields[2] == "swap" || fields[1] == "none" || fields[1] == "swap";
}

bool is_entry(const std::vector<std::string>& fields) {
  if (fields.size() < 3 || fields.size() > 6) return false;
  const std::string& source = fields[0];
  const std::string& type = fields[2];
  const bool place = fields[1][0] == '/' || is_swap(fields);
  const bool named = source.find_first_of("/=:") != std::string::npos || source == type ||
                     source == "none" || type == "tmpfs";
  return place && named && type.find_first_of("/$;") == std::string::npos &&
         source.find_first_of("$;") == std::string::npos;
}

}  // namespace

bool looks_like_fstab(const std::string& text) {
  std::istringstream in(text);
  bool any = false;
  for (std::string line; std::getline(in, line);) {
    const auto fields = fields_of(line);
    if (fields.empty()) continue;
    if (!is_entry(fields)) return false;
    any = true;
  }
  return any;
}

std::string commands_of_fstab(const std::string& text, std::vector<std::string>& remarks) {
  std::istringstream in(text);
  std::string script;
  size_t number = 0;
  for (std::string line; std::getline(in, line); script += "\n") {
    const auto fields = fields_of(line);
    ++number;
    if (fields.empty()) continue;
    const std::string options = fields.size() > 3 ? fields[3] : "defaults";
    const bool by_hand = ("," + options + ",").find(",noauto,") != std::string::npos;
    if (is_swap(fields) || by_hand || fields[1] == "/") {
      remarks.push_back(fmt::format("line {}: `{}` is passed over: {}", number, line,
                                    by_hand ? "`noauto` leaves it to be mounted by hand"
                                    : fields[1] == "/" ? "the root is mounted before"
                                                       : "it is no mount"));
      continue;
    }
    const bool typed = fields[2] != "none" && fields[2] != "auto";
    script += fmt::format("mount {}-o {} {} {}", typed ? "-t " + as_word(fields[2]) + " " : "",
                          as_word(options), as_word(fields[0]), as_word(fields[1]));
  }
  return script;
}

}  // namespace mountc
