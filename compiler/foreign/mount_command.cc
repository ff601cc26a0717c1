// compiler/foreign/mount_command.cc - what a command line of mount(8) says (util-linux 2.38).
#include "compiler/foreign/mount_command.h"

#include <algorithm>

#include "compiler/layout/device_tags.h"
#include "compiler/layout/words.h"

namespace mountc {
namespace {

// Options that are for mount(8), fstab and systemd, not for the kernel.
bool is_for_userspace(std::string_view option) {
  static constexpr std::string_view words[] = {
      "defaults", "auto",  "noauto", "nofail", "_netdev", "user",  "nouser",
      "users",    "owner", "group",  "async",  "loud",    "silent"};
  return std::ranges::find(words, option) != std::end(words) || option.starts_with("x-") ||
         option.starts_with("X-") || option.starts_with("comment=");
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& words) : words_(words) {}

  MountCommand parse() {
    for (; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (word.starts_with("--")) {
        long_option(word.substr(2));
      } else if (word.size() > 1 && word[0] == '-') {
        letters(word);
      } else {
        made_.operands.push_back(word);
      }
    }
    if (!target_.empty()) made_.operands.push_back(target_);
    if (!source_.empty()) made_.operands.insert(made_.operands.begin(), source_);
    if (!made_.operands.empty()) {
      std::string& source = made_.operands[0];
      source = device_of_tag(source).value_or(source);
    }
    return std::move(made_);
  }

 private:
  std::string next() { return at_ + 1 < words_.size() ? words_[++at_] : std::string(); }

  // -- the actions of mount_options.def ------------------------------------------------------

  void type(const std::string& value) { made_.type = value; }
  void label(const std::string& value) { source_ = "LABEL=" + value; }
  void uuid(const std::string& value) { source_ = "UUID=" + value; }
  void source(const std::string& value) { source_ = value; }
  void target(const std::string& value) { target_ = value; }
  void bind(const std::string&) { made_.bind = true; }
  void rbind(const std::string&) { made_.rbind = true; }
  void move(const std::string&) { made_.move = true; }
  void all(const std::string&) { made_.all = true; }
  void mkdir(const std::string&) { made_.mkdir = true; }
  void read_only(const std::string&) { option("ro"); }
  void writable(const std::string&) { option("rw"); }
  void ignore(const std::string&) {}
  void options(const std::string& list) {
    for (const std::string& word : split_options(list)) {
      if (!word.empty()) option(word);
    }
  }

  // -- options --------------------------------------------------------------------------------

  enum class Takes : uint8_t { nothing, value };
  struct Row {
    char letter;
    std::string_view word;
    Takes takes;
    void (Parser::*action)(const std::string& value);
  };
  static const Row rows[];

  template <typename Is>
  static const Row* find(Is is);
  void letters(const std::string& word);
  void long_option(const std::string& word);

  void option(const std::string& word) {
    if (const FlagWord* const flag = find_flag(word)) {
      made_.set = (made_.set & ~flag->clear) | flag->set;
      made_.clear = (made_.clear & ~flag->set) | flag->clear;
    } else if (word == "bind" || word == "rbind" || word == "remount" || word == "move") {
      (word == "bind"    ? made_.bind
       : word == "rbind" ? made_.rbind
       : word == "move"  ? made_.move
                         : made_.remount) = true;
    } else if (const auto change = propagation_called("make-" + word)) {
      made_.changes.push_back(*change);
    } else if (word.starts_with("X-mount.mkdir")) {
      made_.mkdir = true;
    } else if (word == "loop" || word.starts_with("loop=")) {
      made_.loop = word;
    } else if (word == "nofail") {
      made_.nofail = true;
    } else if (!is_for_userspace(word)) {
      made_.fs_options += (made_.fs_options.empty() ? "" : ",") + word;
    }
  }

  const std::vector<std::string>& words_;
  size_t at_ = 1;
  MountCommand made_;
  std::string source_, target_;
};

const Parser::Row Parser::rows[] = {
#define OPTION(letter, word, takes, action) {letter, word, Takes::takes, &Parser::action},
#include "compiler/foreign/mount_options.def"
};

// nullptr: mount(8) has none.
template <typename Is>
const Parser::Row* Parser::find(Is is) {
  const Row* const row = std::ranges::find_if(rows, is);
  return row == std::end(rows) ? nullptr : row;
}

// `-rt tmpfs`, `-rttmpfs`
void Parser::letters(const std::string& word) {
  for (size_t i = 1; i < word.size(); ++i) {
    const char letter = word[i];
    const Row* const row = find([&](const Row& r) { return letter && r.letter == letter; });
    if (!row) {
      made_.unknown = std::string("-") + letter;
    } else if (row->takes == Takes::value) {
      const std::string rest = word.substr(i + 1);
      return (this->*row->action)(rest.empty() ? next() : rest);
    } else {
      (this->*row->action)("");
    }
  }
}

// `types=tmpfs`, or `types` before the value
void Parser::long_option(const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (const auto change = propagation_called(name)) {
    made_.changes.push_back(*change);
    return;
  }
  const Row* const row = find([&](const Row& r) { return !name.empty() && r.word == name; });
  if (!row) {
    made_.unknown = "--" + name;
  } else if (name != word) {
    (this->*row->action)(word.substr(name.size() + 1));
  } else {
    (this->*row->action)(row->takes == Takes::value ? next() : "");
  }
}

}  // namespace

std::optional<PropagationChange> propagation_called(std::string_view word) {
  if (word.starts_with("--")) word.remove_prefix(2);
  if (!word.starts_with("make-")) return std::nullopt;
  word.remove_prefix(5);
  const bool recursive = word.size() > 1 && word.front() == 'r';
  if (recursive) word.remove_prefix(1);
  using kernel::Propagation;
  static constexpr std::pair<std::string_view, Propagation> types[] = {
      {"shared", Propagation::shared},
      {"slave", Propagation::slave},
      {"private", Propagation::private_},
      {"unbindable", Propagation::unbindable}};
  for (const auto& [name, type] : types) {
    if (word == name) return PropagationChange{type, recursive};
  }
  return std::nullopt;
}

std::vector<std::string> split_options(std::string_view list) {
  std::vector<std::string> options;
  for (size_t begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find(',', begin), list.size());
    options.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return options;
}

MountCommand parse_mount(const std::vector<std::string>& words) {
  return Parser(words).parse();
}

}  // namespace mountc
