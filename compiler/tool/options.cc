// compiler/tool/options.cc - reads the command line by the tables.
#include "compiler/tool/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace mountc::tool {
namespace {

// The option of the command that is spelt so; nullptr: it has none.
template <typename Spelling>
const OptionInfo* find(const CommandInfo& command, Spelling is_spelling) {
  const auto found = std::ranges::find_if(options, [&](const OptionInfo& info) {
    return command.knows(info.option) && is_spelling(info);
  });
  return found == std::end(options) ? nullptr : found;
}

const OptionInfo* find_letter(const CommandInfo& command, char letter) {
  return find(command,
              [letter](const OptionInfo& info) { return letter && info.letter == letter; });
}

const OptionInfo* find_word(const CommandInfo& command, std::string_view word) {
  return find(command,
              [word](const OptionInfo& info) { return !word.empty() && info.word == word; });
}

// An option as it stands on the command line, taken apart.
struct Given {
  const OptionInfo* info;
  const char* value;  // attached to it, or nullptr
};

Given take_apart(const CommandInfo& command, const char* argument) {
  const std::string_view text(argument);
  if (text.starts_with("--")) {
    const size_t equals = std::min(text.find('='), text.size());
    return {find_word(command, text.substr(2, equals - 2)),
            equals < text.size() ? argument + equals + 1 : nullptr};
  }
  return {find_letter(command, text[1]), text.size() > 2 ? argument + 2 : nullptr};
}

bool is_definition(std::string_view text) {
  return text.find('=') != std::string_view::npos && text[0] != '=';
}

}  // namespace

std::string OptionInfo::spelling() const {
  if (letter) return fmt::format("-{} {}", letter, argument);
  if (word.empty()) return fmt::format("-- {}", argument);
  return fmt::format("--{}{}{}", word, argument.empty() ? "" : "=", argument);
}

bool CommandInfo::knows(Option option) const {
  return std::ranges::find(options, option) != options.end();
}

std::optional<Arguments> Arguments::parse(const CommandInfo& command, char** argv,
                                          std::string& error) {
  Arguments arguments;
  arguments.name_ = command.name;
  const auto wrong = [&error](std::string message) {
    error = std::move(message);
    return std::nullopt;
  };
  bool options_end = false;
  for (; *argv; ++argv) {
    const std::string_view argument(*argv);
    if (options_end || argument == "-" || !argument.starts_with("-")) {
      arguments.operands_.emplace_back(argument);
      continue;
    }
    if (argument == "--") {
      options_end = true;
      if (!command.knows(Option::command)) continue;
      if (!argv[1]) return wrong("no command after `--`");
      arguments.command_ = argv + 1;
      break;
    }
    const Given given = take_apart(command, *argv);
    if (!given.info) {
      return wrong(fmt::format("unknown option `{}`", argument));
    }
    const char* value = given.value;
    if (given.info->argument.empty()) {
      if (value) return wrong(fmt::format("`--{}` takes no value", given.info->word));
      value = "";
    } else if (!value) {
      if (!argv[1]) return wrong(fmt::format("no value after `{}`", argument));
      value = *++argv;
    }
    arguments.values_.emplace_back(given.info->option, value);
    if (given.info->option == Option::define && !is_definition(value)) {
      return wrong(fmt::format("`-D {}` is not of the form NAME=VALUE", value));
    }
  }
  const size_t given = arguments.operands_.size();
  if (given < command.needed) return wrong(fmt::format("no {}", command.operand));
  const size_t allowed = command.operand.empty() ? 0 : std::max<size_t>(command.needed, 1);
  if (given > allowed && command.operand.find("...") == std::string_view::npos) {
    return wrong(fmt::format("one operand too many: `{}`", arguments.operands_[allowed]));
  }
  return arguments;
}

const char* Arguments::value(Option option) const {
  const auto last = std::ranges::find(values_.rbegin(), values_.rend(), option,
                                      &std::pair<Option, const char*>::first);
  return last == values_.rend() ? nullptr : last->second;
}

std::vector<const char*> Arguments::values(Option option) const {
  std::vector<const char*> values;
  for (const auto& [given, value] : values_) {
    if (given == option) values.push_back(value);
  }
  return values;
}

std::map<std::string, std::string> Arguments::definitions() const {
  std::map<std::string, std::string> definitions;
  for (const std::string_view text : values(Option::define)) {
    const size_t equals = text.find('=');
    definitions[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  return definitions;
}

}  // namespace mountc::tool
