// compiler/tool/options.h - the command line: options by table, operands, and COMMAND.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/tool/exits.h"

namespace mountc::tool {

enum class Option : uint8_t {
#define OPTION(name, letter, word, argument, help) name,
#include "compiler/tool/options.def"
};

struct OptionInfo {
  Option option;
  char letter;
  std::string_view word;
  std::string_view argument;
  std::string_view help;

  std::string spelling() const;  // `-o FILE`, `--emit=FORM`, `-- COMMAND...`
};

inline constexpr OptionInfo options[] = {
#define OPTION(name, letter, word, argument, help) {Option::name, letter, word, argument, help},
#include "compiler/tool/options.def"
};

class Arguments;

struct CommandInfo {
  std::string_view name;
  std::string_view operand;
  size_t needed;
  std::string_view summary;
  std::vector<Option> options;
  Exit (*run)(const Arguments&);

  bool knows(Option option) const;
};

class Arguments {
 public:
  // `argv` without the program's and the command's name, NULL-terminated. nullopt: `error`.
  static std::optional<Arguments> parse(const CommandInfo& command, char** argv,
                                        std::string& error);

  std::string_view name() const { return name_; }  // of the command
  const std::vector<std::string>& operands() const { return operands_; }
  const std::string& input() const { return operands_[0]; }

  bool has(Option option) const {
    return value(option) != nullptr || (option == Option::command && command_);
  }
  const char* value(Option option) const;  // the last one, or nullptr
  std::vector<const char*> values(Option option) const;
  std::string value_or(Option option, std::string otherwise) const {
    return has(option) ? value(option) : std::move(otherwise);
  }
  std::map<std::string, std::string> definitions() const;
  const std::vector<std::pair<Option, const char*>>& given() const { return values_; }
  char** command() const { return command_; }  // argv of COMMAND, or nullptr

 private:
  std::string_view name_;
  std::vector<std::string> operands_;
  std::vector<std::pair<Option, const char*>> values_;
  char** command_ = nullptr;
};

}  // namespace mountc::tool
