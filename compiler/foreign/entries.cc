// compiler/foreign/entries.cc - what touch(1), cp(1) and their like make.
#include "compiler/foreign/entries.h"

#include <algorithm>
#include <string_view>

namespace mountc {
namespace {

using kernel::DentryKind;
using Words = std::vector<std::string>;
using Entries = std::vector<MadeEntry>;

struct Operands {
  Words paths;
  std::string letters;    // of the options, without those that have a value
  std::string directory;  // of `-t DIRECTORY`
};

// `with_value`: letters of options whose value is the next word, or the rest of the word.
Operands operands_of(const Words& words, std::string_view with_value) {
  Operands found;
  bool options = true;
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!options || word.size() < 2 || word[0] != '-') {
      found.paths.push_back(word);
    } else if (word == "--") {
      options = false;
    } else if (word.starts_with("--")) {
      constexpr std::string_view into = "--target-directory=";
      if (word.starts_with(into)) found.directory = word.substr(into.size());
      if (word == "--directory" || word == "--recursive" || word == "--archive")
        found.letters += word[2];
      if (word == "--symbolic") found.letters += 's';
    } else {
      size_t at = 1;
      while (at < word.size() && with_value.find(word[at]) == std::string_view::npos)
        found.letters += word[at++];
      if (at == word.size()) continue;
      const std::string value = at + 1 < word.size()   ? word.substr(at + 1)
                                : i + 1 < words.size() ? words[++i]
                                                       : std::string();
      if (word[at] == 't') found.directory = value;
    }
  }
  return found;
}

bool has(const Operands& operands, std::string_view letters) {
  return operands.letters.find_first_of(letters) != std::string::npos;
}

// Each of the paths is made.
void all(const Operands& o, DentryKind kind, Entries& made) {
  for (const std::string& path : o.paths) made.push_back({path, kind});
}

// SOURCE... TARGET; `kind` of those that do not become what their source is.
void from_sources(Operands o, DentryKind kind, Entries& made) {
  const bool several = o.paths.size() > 2 || !o.directory.empty();
  if (o.directory.empty() && !o.paths.empty()) {
    o.directory = o.paths.back();
    o.paths.pop_back();
  }
  for (const std::string& source : o.paths)
    made.push_back({o.directory, kind, source, several});
}

void remove(const Words& paths, Entries& made) {
  for (const std::string& path : paths)
    made.push_back({path, DentryKind::any, "", false, true});
}

}  // namespace

std::vector<MadeEntry> made_entries(const Words& words) {
  Entries made;
  const std::string name = words[0].substr(words[0].rfind('/') + 1);
  if (name == "touch") all(operands_of(words, "drt"), DentryKind::file, made);
  if (name == "tee" || name == "mkfifo") all(operands_of(words, "m"), DentryKind::file, made);
  if (name == "truncate" || name == "fallocate")
    all(operands_of(words, "srlo"), DentryKind::file, made);
  if (name == "mkdir") all(operands_of(words, "m"), DentryKind::directory, made);
  if (name == "mknod" && words.size() > 1) {
    Operands o = operands_of(words, "m");
    o.paths.resize(std::min<size_t>(o.paths.size(), 1));
    all(o, DentryKind::file, made);
  }
  if (name == "dd") {
    for (const std::string& word : words)
      if (word.starts_with("of=")) made.push_back({word.substr(3), DentryKind::file});
  }
  if (name == "install") {
    const Operands o = operands_of(words, "gmotS");
    has(o, "d") ? all(o, DentryKind::directory, made) : from_sources(o, DentryKind::file, made);
  }
  if (name == "cp") {
    const Operands o = operands_of(words, "tS");
    from_sources(o, has(o, "raR") ? DentryKind::any : DentryKind::file, made);
  }
  if (name == "ln") {
    const Operands o = operands_of(words, "tS");
    if (!has(o, "s")) from_sources(o, DentryKind::file, made);
  }
  if (name == "mv") {
    const Operands o = operands_of(words, "tS");
    from_sources(o, DentryKind::any, made);
    remove({o.paths.begin(), o.paths.end() - (o.directory.empty() && !o.paths.empty())}, made);
  }
  if (name == "rm" || name == "rmdir" || name == "unlink")
    remove(operands_of(words, "").paths, made);
  return made;
}

}  // namespace mountc
