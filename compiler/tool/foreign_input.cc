// compiler/tool/foreign_input.cc - see foreign_input.h.
#include "compiler/tool/foreign_input.h"

#include <algorithm>
#include <string_view>

#include "compiler/foreign/script.h"
#include "compiler/plan/bytes.h"
#include "compiler/syntax/parse.h"
#include "compiler/tool/captured.h"

namespace mountc::tool {
namespace {

// Nobody ends a line of fstab, or a command with these words, as a layout's statements end.
bool is_layout(const Sources& sources, uint32_t file) {
  if (sources.file(file).name.ends_with(".mnt")) return true;
  Diagnostics ignored;
  const auto tree = parse(sources, file, ignored);
  return tree && !tree->statements.empty();
}

bool is_blank(std::string_view text) {
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const size_t word = text.find_first_not_of(" \t\r", begin);
    if (word < end && text[word] != '#') return false;
    begin = end + 1;
  }
  return true;
}

// Some call or command that translate knows must be in it, or a path of a table.
bool mounts_something(std::string_view text) {
  static constexpr std::string_view words[] = {"mount",      "unshare", "chroot",
                                               "pivot_root", "nsenter", "switch_root",
                                               "open_tree",  "fsopen",  "CLONE_NEW"};
  return std::ranges::any_of(words, [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

}  // namespace

std::string looks_otherwise(const Sources& sources, uint32_t file) {
  const std::string& text = sources.file(file).text;
  if (has_plan_magic(text)) return "a plan, which `mountc disasm` prints";
  if (text.find('\0') != std::string::npos) return "no text";
  // A log of several processes has numbers before its lines, too.
  const bool is_log = looks_like_strace(text) || text.find(" - ") == std::string::npos;
  if (is_recording(text) && !is_log)
    return "mountinfo, which `mountc capture --mountinfo` reads";
  if (is_layout(sources, file)) return "a layout already";
  return "";
}

bool says_nothing(std::string_view text) { return !is_blank(text) && !mounts_something(text); }

}  // namespace mountc::tool
