// compiler/foreign/bwrap_command.cc - the first command of a script that runs bubblewrap.
#include <algorithm>
#include <filesystem>

#include "compiler/foreign/bwrap.h"
#include "compiler/foreign/script.h"

namespace mountc {
namespace {

// As in `exec bwrap` and `A=b env bwrap`.
bool is_before_command(const std::string& word) {
  static constexpr std::string_view words[] = {"exec", "command", "sudo",
                                               "env",  "nice",    "time"};
  return std::ranges::find(words, word) != std::end(words) || word.starts_with('-') ||
         word.find('=') != std::string::npos;
}

}  // namespace

std::optional<std::vector<std::string>> bwrap_command(const std::string& script) {
  std::optional<std::vector<std::string>> found;
  if (script.find("bwrap") == std::string::npos) return found;  // nothing is read twice for it
  run_script(script, 1, [&](const Command& command) {
    const auto& words = command.words;
    const auto name = std::ranges::find_if_not(words, is_before_command);
    if (!found && name != words.end() && std::filesystem::path(*name).filename() == "bwrap") {
      found.emplace(name + 1, words.end());
    }
    return true;
  });
  return found;
}

}  // namespace mountc
