// compiler/import/strace.cc - the mount-related calls of an strace log.
#include <algorithm>

#include "compiler/import/script.h"

namespace mountc {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// "string"... without its quotes, NULL as nothing, the rest as it is.
std::string argument(std::string_view text) {
  text = trimmed(text);
  if (text == "NULL") return "";
  if (text.empty() || text.front() != '"') return std::string(text);
  const size_t end = text.rfind('"');
  std::string value;
  for (size_t at = 1; at < end; ++at) {
    if (text[at] == '\\' && at + 1 < end) ++at;
    value += text[at];
  }
  return value;
}

// Splits at commas that are in no string, braces or parentheses.
std::vector<std::string> arguments(std::string_view text) {
  std::vector<std::string> list;
  size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : ',';
    if (c == '\\' && quoted) {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '(' || c == '[')) {
      ++depth;
    } else if (!quoted && (c == '}' || c == ')' || c == ']')) {
      --depth;
    } else if (!quoted && depth <= 0 && c == ',') {
      list.push_back(argument(text.substr(begin, at - begin)));
      begin = at + 1;
    }
  }
  return list;
}

// `[pid 12] 10:11:12.3 mount("a", "b") = 0`
bool parse(std::string_view line, Command& command) {
  const size_t open = line.find('(');
  if (open == std::string_view::npos || open == 0) return false;
  size_t begin = open;
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(line[begin - 1])) ||
                       line[begin - 1] == '_')) {
    --begin;
  }
  const size_t equals = line.rfind(" = ");
  const size_t close = equals == std::string_view::npos ? equals : line.rfind(')', equals);
  if (begin == open || close == std::string_view::npos || close < open) return false;
  command.words.assign(1, std::string(line.substr(begin, open - begin)));
  for (std::string& each : arguments(line.substr(open + 1, close - open - 1))) {
    command.words.push_back(std::move(each));
  }
  command.result = std::string(trimmed(line.substr(equals + 3)));
  command.text = std::string(line.substr(begin, close + 1 - begin));
  return true;
}

}  // namespace

std::vector<Command> read_strace(const std::string& text) {
  std::vector<Command> commands;
  uint32_t number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    Command command;
    command.line = ++number;
    if (parse(std::string_view(text).substr(begin, end - begin), command)) {
      commands.push_back(std::move(command));
    }
    begin = end + 1;
  }
  return commands;
}

bool looks_like_strace(const std::string& text) {
  for (const char* call : {"mount(\"", "mount(NULL", "umount2(\"", "move_mount(",
                           "unshare(CLONE", "fsopen(\"", "execve(\""}) {
    if (text.find(call) != std::string::npos) return true;
  }
  return false;
}

}  // namespace mountc
