// compiler/tool/option_rules.cc - see option_rules.h.
#include "compiler/tool/option_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

struct Rule {
  enum Kind : uint8_t { needs, excludes } kind;
  std::string_view command;
  Option option;
  std::vector<Option> others;
};

struct Unused {
  std::string_view command;
  Input input;
  std::string_view why;
  std::vector<Option> options;
};

const std::vector<Rule>& rules() {
  using enum Option;
  static const std::vector<Rule> table = {
#define NEEDS(command_, option, ...) {Rule::needs, #command_, option, {__VA_ARGS__}},
#define EXCLUDES(command_, option, ...) {Rule::excludes, #command_, option, {__VA_ARGS__}},
#define INPUT(name, text)
#define UNUSED(command, input, why, ...)
#include "compiler/tool/option_rules.def"
  };
  return table;
}

const std::vector<Unused>& unused() {
  using enum Option;
  static const std::vector<Unused> table = {
#define NEEDS(command, option, ...)
#define EXCLUDES(command, option, ...)
#define INPUT(name, text)
#define UNUSED(command_, input, why, ...) {#command_, Input::input, why, {__VA_ARGS__}},
#include "compiler/tool/option_rules.def"
  };
  return table;
}

constexpr std::string_view inputs[] = {
#define NEEDS(command, option, ...)
#define EXCLUDES(command, option, ...)
#define INPUT(name, text) text,
#define UNUSED(command, input, why, ...)
#include "compiler/tool/option_rules.def"
};

// Without its value.
std::string name_of(Option option) {
  const OptionInfo& info = options[static_cast<size_t>(option)];
  if (info.letter) return fmt::format("`-{}`", info.letter);
  return info.word.empty() ? "a command" : fmt::format("`--{}`", info.word);
}

std::string names_of(const std::vector<Option>& list) {
  std::string text;
  for (const Option each : list) text += (text.empty() ? "" : " or ") + name_of(each);
  return text;
}

}  // namespace

std::string contradiction(const Arguments& arguments) {
  for (const Rule& rule : rules()) {
    if (rule.command != arguments.name() || !arguments.has(rule.option)) continue;
    const auto is_given = [&](Option other) { return arguments.has(other); };
    const bool any = std::ranges::any_of(rule.others, is_given);
    if (any == (rule.kind == Rule::needs)) continue;
    return fmt::format("{} {} {}", name_of(rule.option),
                       rule.kind == Rule::needs ? "without" : "together with",
                       names_of(rule.others));
  }
  return "";
}

bool has_unused(Input input, const Arguments& arguments) {
  for (const Unused& row : unused()) {
    if (row.command != arguments.name() || row.input != input) continue;
    for (const Option option : row.options) {
      if (!arguments.has(option)) continue;
      usage_error(fmt::format("{} with {}: {}", name_of(option),
                              inputs[static_cast<size_t>(input)], row.why),
                  arguments.name());
      return true;
    }
  }
  return false;
}

}  // namespace mountc::tool
