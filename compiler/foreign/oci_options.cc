// compiler/foreign/oci_options.cc - what the options of an OCI mount mean in a layout.
#include "compiler/foreign/oci_options.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "compiler/layout/words.h"

namespace mountc {
namespace {

enum class Meaning {
  bind,
  rbind,
  keep,
  follow,
  join,
  unbindable,
  idmap,
  ridmap,
  nothing,
  unsaid,
  of_filesystem
};

constexpr std::pair<std::string_view, Meaning> meanings[] = {
#define OPTION(word, meaning) {#word, Meaning::meaning},
#include "compiler/foreign/oci_options.def"
};

Meaning meaning_of(std::string_view option) {
  const auto* const row =
      std::ranges::find(meanings, option, &std::pair<std::string_view, Meaning>::first);
  return row == std::end(meanings) ? Meaning::of_filesystem : row->second;
}

}  // namespace

OciOptions read_oci_options(const std::vector<std::string>& options, bool is_bind) {
  OciOptions read;
  for (const std::string& option : options) {
    read.bind |= option == "bind";
    read.recursive_bind |= option == "rbind";
  }
  const bool binds = read.bind || read.recursive_bind || is_bind;
  std::map<std::string, bool> flags;  // is it for the whole tree?
  std::vector<std::string> order;
  for (const std::string& option : options) {
    const bool whole =
        !find_flag(option) && option.starts_with('r') && find_flag(option.substr(1));
    const std::string flag = whole ? option.substr(1) : option;
    if (find_flag(flag)) {
      if (!flags.contains(flag)) order.push_back(flag);
      flags[flag] |= whole;
      continue;
    }
    switch (meaning_of(option)) {
      case Meaning::bind:
      case Meaning::rbind:
      case Meaning::keep:
      case Meaning::nothing: break;
      case Meaning::follow:
        if (binds) read.attributes.push_back("follow");
        break;
      case Meaning::join:
        read.shared = !binds;
        if (binds) read.attributes.push_back("inherit");
        break;
      case Meaning::unbindable: read.attributes.push_back("unbindable"); break;
      case Meaning::idmap: read.id_map = true; break;
      case Meaning::ridmap: read.id_map = read.recursive_id_map = true; break;
      case Meaning::unsaid: read.unsaid.push_back(option); break;
      case Meaning::of_filesystem:
        (binds ? read.unsaid : read.of_filesystem).push_back(option);
        break;
    }
  }
  std::vector<std::string> words;
  for (const std::string& flag : order) {
    const bool top = read.recursive_bind && !flags[flag];
    words.push_back(flag + (top ? "(top)" : ""));
  }
  read.attributes.insert(read.attributes.begin(), words.begin(), words.end());
  return read;
}

}  // namespace mountc
