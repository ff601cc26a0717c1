// compiler/tool/options.cc - reads the command line by the tables.
#include "compiler/tool/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace mountc::tool {
namespace {

const OptionInfo* find_letter(char letter) {
  const auto found = std::ranges::find(options, letter, &OptionInfo::letter);
  return found == std::end(options) ? nullptr : found;
}

const OptionInfo* find_word(std::string_view word) {
  const auto found = std::ranges::find_if(options, [word](const OptionInfo& info) {
    return !info.word.empty() && info.word == word;
  });
  return found == std::end(options) ? nullptr : found;
}

// An option as it stands on the command line, taken apart.
struct Given {
  const OptionInfo* info;
  const char* value;  // attached to it, or nullptr
};

Given take_apart(const char* argument) {
  const std::string_view text(argument);
  if (text.starts_with("--")) {
    const size_t equals = std::min(text.find('='), text.size());
    return {find_word(text.substr(2, equals - 2)),
            equals < text.size() ? argument + equals + 1 : nullptr};
  }
  return {find_letter(text[1]), text.size() > 2 ? argument + 2 : nullptr};
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
    const Given given = take_apart(*argv);
    if (!given.info || !command.knows(given.info->option)) {
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
  if (given > 1 && command.operand.find("...") == std::string_view::npos) {
    return wrong(fmt::format("one operand too many: `{}`", arguments.operands_[1]));
  }
  return arguments;
}

const char* Arguments::value(Option option) const {
  const auto last = std::ranges::find(values_.rbegin(), values_.rend(), option,
                                      &std::pair<Option, const char*>::first);
  return last == values_.rend() ? nullptr : last->second;
}

std::map<std::string, std::string> Arguments::definitions() const {
  std::map<std::string, std::string> definitions;
  for (const auto& [option, value] : values_) {
    if (option != Option::define) continue;
    const std::string_view text(value);
    const size_t equals = text.find('=');
    definitions[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  return definitions;
}

}  // namespace mountc::tool
