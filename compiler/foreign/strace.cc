// compiler/foreign/strace.cc - the mount-related calls of an strace log.
#include <algorithm>
#include <charconv>
#include <map>

#include "compiler/foreign/script.h"

namespace mountc {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// A character of a string as strace writes it: `\n`, `\303`, `\\`.
char unescaped(std::string_view text, size_t& at) {
  static constexpr std::string_view letters = "ntrvf", values = "\n\t\r\v\f";
  if (text[at] != '\\' || at + 1 == text.size()) return text[at];
  const char c = text[++at];
  if (const size_t letter = letters.find(c); letter != std::string_view::npos)
    return values[letter];
  if (c < '0' || c > '7') return c;
  int value = 0;
  for (int digits = 0; digits < 3 && at < text.size() && text[at] >= '0' && text[at] <= '7';
       ++digits) {
    value = value * 8 + (text[at++] - '0');
  }
  --at;
  return static_cast<char>(value);
}

// "string"... without its quotes, NULL as nothing, the rest as it is.
std::string argument(std::string_view text) {
  text = trimmed(text);
  if (text == "NULL") return "";
  if (text.empty() || text.front() != '"') return std::string(text);
  const size_t end = text.rfind('"');
  std::string value;
  for (size_t at = 1; at < end; ++at) value += unescaped(text.substr(0, end), at);
  if (text.substr(end + 1) == "...") value += cut_mark;
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

// `[pid 12] `, or `12 ` in a file: the process. 0: strace does not say.
uint32_t take_process(std::string_view& line) {
  line = trimmed(line);
  const bool bracket = line.starts_with("[pid");
  std::string_view rest = bracket ? trimmed(line.substr(4)) : line;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  if (error != std::errc() || rest.empty() || rest[0] != (bracket ? ']' : ' ')) return 0;
  line = trimmed(rest.substr(1));
  return number;
}

// `10:11:12.3 mount("a", "b") = 0`
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

class StraceReader {
 public:
  void read(std::string_view line, uint32_t number) {
    const uint32_t process = take_process(line);
    const size_t cut = line.find(" <unfinished ...>");
    if (cut != std::string_view::npos) {
      waiting_[process] = {std::string(line.substr(0, cut)), commands_.size(), number};
      // A child may be seen before the call that makes it is over.
      commands_.push_back({});
      return;
    }
    const size_t resumed = line.find(" resumed>");
    if (resumed == std::string_view::npos) {
      Command command;
      command.line = number;
      command.process = process;
      if (parse(line, command)) commands_.push_back(std::move(command));
      return;
    }
    const auto begun = waiting_.find(process);
    if (begun == waiting_.end()) return;
    Command command;
    command.line = begun->second.line;
    command.process = process;
    const std::string whole = begun->second.text + std::string(line.substr(resumed + 9));
    if (parse(whole, command)) {
      const bool forks =
          command.words[0].ends_with("fork") || command.words[0].starts_with("clone");
      if (forks) {
        commands_[begun->second.index] = std::move(command);
      } else {
        commands_.push_back(std::move(command));
      }
    }
    waiting_.erase(begun);
  }

  std::vector<Command> finish() {
    std::erase_if(commands_, [](const Command& command) { return command.words.empty(); });
    return std::move(commands_);
  }

 private:
  struct Unfinished {
    std::string text;
    size_t index;
    uint32_t line;
  };
  std::vector<Command> commands_;
  std::map<uint32_t, Unfinished> waiting_;  // by process
};

}  // namespace

std::vector<Command> read_strace(const std::string& text) {
  StraceReader reader;
  uint32_t number = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    reader.read(std::string_view(text).substr(begin, end - begin), ++number);
    begin = end + 1;
  }
  return reader.finish();
}

bool looks_like_strace(const std::string& text) {
  for (const char* call : {"mount(\"", "mount(NULL", "umount2(\"", "move_mount(",
                           "unshare(CLONE", "fsopen(\"", "execve(\""}) {
    if (text.find(call) != std::string::npos) return true;
  }
  return false;
}

}  // namespace mountc
