// compiler/plan/c_source.cc - a plan as C source, to be linked into a program.
#include "compiler/plan/c_source.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <iterator>

namespace mountc {
namespace {

constexpr size_t words_in_line = 4;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `web-server.mnt` becomes `web_server_plan`.
std::string name_for(std::string_view layout) {
  layout = layout.substr(layout.rfind('/') + 1);
  layout = layout.substr(0, layout.find('.'));
  std::string name;
  for (const char c : layout) name += is_letter(c) || is_digit(c) ? c : '_';
  if (name.empty() || is_digit(name[0])) name.insert(0, 1, '_');
  return name + "_plan";
}

}  // namespace

std::string c_source(std::string_view plan, std::string_view layout) {
  const std::string name = name_for(layout);
  std::string text = fmt::format(
      "/* A plan of mountc: mountrun_apply({0}, {0}_size, ...) of mountrun.h runs it. */\n"
      "#include <stddef.h>\n#include <stdint.h>\n\n"
      "extern const uint64_t {0}[];\nextern const size_t {0}_size;\n\n"
      "const size_t {0}_size = {1};\nconst uint64_t {0}[] = {{",
      name, plan.size());
  for (size_t at = 0; at < plan.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, plan.data() + at, sizeof word);
    const bool begins = at / sizeof word % words_in_line == 0;
    fmt::format_to(std::back_inserter(text), "{}{:#x},", begins ? "\n    " : " ", word);
  }
  return text + "\n};\n";
}

}  // namespace mountc
