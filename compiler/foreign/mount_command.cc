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

  void letters(const std::string& word) {
    for (size_t i = 1; i < word.size(); ++i) {
      const std::string rest = word.substr(i + 1);
      if (std::string_view("toLUOTN").find(word[i]) == std::string_view::npos) {
        letter(word[i], "");
      } else {
        return letter(word[i], rest.empty() ? next() : rest);
      }
    }
  }

  void letter(char c, const std::string& value) {
    if (c == 't') made_.type = value;
    if (c == 'o') options(value);
    if (c == 'L') source_ = "LABEL=" + value;
    if (c == 'U') source_ = "UUID=" + value;
    if (c == 'B') made_.bind = true;
    if (c == 'R') made_.rbind = true;
    if (c == 'M') made_.move = true;
    if (c == 'a') made_.all = true;
    if (c == 'm') made_.mkdir = true;
    if (c == 'r') option("ro");
    if (c == 'w') option("rw");
    if (std::string_view("toLUBRMamrwOTNcFfilnsvVhE").find(c) == std::string_view::npos) {
      made_.unknown = std::string("-") + c;
    }
  }

  void long_option(const std::string& word) {
    static constexpr std::pair<std::string_view, char> names[] = {
        {"types", 't'},     {"options", 'o'}, {"label", 'L'},     {"uuid", 'U'},  {"bind", 'B'},
        {"rbind", 'R'},     {"move", 'M'},    {"all", 'a'},       {"mkdir", 'm'}, {"ro", 'r'},
        {"read-only", 'r'}, {"rw", 'w'},      {"read-write", 'w'}};
    static constexpr std::string_view with_value[] = {
        "types",         "options", "label",     "uuid",      "source",       "target",
        "target-prefix", "fstab",   "namespace", "test-opts", "options-mode", "options-source"};
    static constexpr std::string_view without_effect[] = {
        "no-canonicalize", "fake",        "fork",
        "internal-only",   "show-labels", "no-mtab",
        "verbose",         "version",     "help",
        "onlyonce",        "exclusive",   "options-source-force",
        "map-users",       "map-groups",  "beneath"};
    const std::string name = word.substr(0, word.find('='));
    if (const auto change = propagation_called(name)) made_.changes.push_back(*change);
    std::string value;
    if (name != word) {
      value = word.substr(name.size() + 1);
    } else if (std::ranges::find(with_value, name) != std::end(with_value)) {
      value = next();
    }
    if (name == "source") source_ = value;
    if (name == "target") target_ = value;
    bool is_known = propagation_called(name).has_value() ||
                    std::ranges::find(with_value, name) != std::end(with_value) ||
                    std::ranges::find(without_effect, name) != std::end(without_effect);
    for (const auto& [known, c] : names) {
      if (known != name) continue;
      letter(c, value);
      is_known = true;
    }
    if (!is_known) made_.unknown = "--" + name;
  }

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

  void options(const std::string& list) {
    for (size_t begin = 0; begin <= list.size();) {
      const size_t end = std::min(list.find(',', begin), list.size());
      if (end > begin) option(list.substr(begin, end - begin));
      begin = end + 1;
    }
  }

  const std::vector<std::string>& words_;
  size_t at_ = 1;
  MountCommand made_;
  std::string source_, target_;
};

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

MountCommand parse_mount(const std::vector<std::string>& words) {
  return Parser(words).parse();
}

}  // namespace mountc
