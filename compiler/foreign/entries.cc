// compiler/foreign/entries.cc - what touch(1), cp(1) and their like make.
#include "compiler/foreign/entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "compiler/syntax/value.h"

namespace mountc {
namespace {

using kernel::DentryKind;
using Words = std::vector<std::string>;
using Entries = std::vector<MadeEntry>;

struct Operands {
  Words paths;
  std::string letters;    // of the options, without those that have a value
  std::string directory;  // of `-t DIRECTORY`
  std::string mode;       // of `-m MODE`, where it is a number
};

bool is_mode(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("01234567") == std::string_view::npos;
}

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
      if (word == "--relative") found.letters += 'r';
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
      if (word[at] == 'm' && is_mode(value)) found.mode = value;
    }
  }
  return found;
}

bool has(const Operands& operands, std::string_view letters) {
  return operands.letters.find_first_of(letters) != std::string::npos;
}

void each(const Operands& o, DentryKind kind, Entries& made) {
  for (const std::string& path : o.paths) made.push_back({path, kind});
}

void each_file(const Operands& o, Entries& made) { each(o, DentryKind::file, made); }

void each_directory(const Operands& o, Entries& made) {
  for (const std::string& path : o.paths) {
    made.push_back(
        {.path = path, .kind = DentryKind::directory, .keyword = "dir", .rest = o.mode});
  }
}

// PATH TYPE MAJOR MINOR
void node(const Operands& o, Entries& made) {
  if (o.paths.empty()) return;
  MadeEntry entry{.path = o.paths.front(), .kind = DentryKind::file};
  if (o.paths.size() == 4) {
    entry.rest = node_text(o.paths[1], o.paths[2], o.paths[3], o.mode);
    if (!entry.rest.empty()) entry.keyword = "node";
  }
  made.push_back(std::move(entry));
}

// dd(1): of=PATH
void output_file(const Operands& o, Entries& made) {
  constexpr std::string_view output = "of=";
  for (const std::string& path : o.paths) {
    if (path.starts_with(output))
      made.push_back({path.substr(output.size()), DentryKind::file});
  }
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

void installed(const Operands& o, Entries& made) {
  if (!has(o, "d")) return from_sources(o, DentryKind::file, made);
  const size_t first = made.size();
  each_directory(o, made);
  for (MadeEntry& entry : std::span(made).subspan(first)) entry.sets_mode = !o.mode.empty();
}

void copied(const Operands& o, Entries& made) {
  from_sources(o, has(o, "raR") ? DentryKind::any : DentryKind::file, made);
}

void linked(const Operands& o, Entries& made) {
  const size_t first = made.size();
  from_sources(o, DentryKind::file, made);
  if (!has(o, "s")) return;
  for (MadeEntry& entry : std::span(made).subspan(first)) {
    entry.keyword = "symlink";
    entry.rest = "to " + quote(entry.like);
    entry.relative = has(o, "r");
  }
}

void removed(const Operands& o, Entries& made) {
  for (const std::string& path : o.paths)
    made.push_back({.path = path, .removed = true, .all = has(o, "rR")});
}

// rmdir(1) has other letters than rm(1).
void removed_alone(const Operands& o, Entries& made) {
  for (const std::string& path : o.paths) made.push_back({.path = path, .removed = true});
}

void moved(const Operands& o, Entries& made) {
  const size_t first = made.size();
  from_sources(o, DentryKind::any, made);
  for (MadeEntry& entry : std::span(made).subspan(first)) entry.moved = true;
}

struct Maker {
  std::string_view command;
  std::string_view with_value;  // the letters of its options that have a value
  void (*make)(const Operands& operands, Entries& made);
};

constexpr Maker makers[] = {
    {"touch", "drt", each_file},
    {"tee", "m", each_file},
    {"mkfifo", "m", each_file},
    {"truncate", "srlo", each_file},
    {"fallocate", "srlo", each_file},
    {"mknod", "m", node},
    {"dd", "", output_file},
    {"mkdir", "m", each_directory},
    {"install", "gmotS", installed},
    {"cp", "tS", copied},
    {"ln", "tS", linked},
    {"mv", "tS", moved},
    {"rm", "", removed},
    {"rmdir", "", removed_alone},
    {"unlink", "", removed_alone},
};

}  // namespace

std::string node_text(std::string_view type, const std::string& major, const std::string& minor,
                      const std::string& mode) {
  const auto is_number = [](const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!is_number(major) || !is_number(minor)) return "";
  if (type == "u") type = "c";
  if (type != "c" && type != "b") return "";
  return fmt::format("{} {}:{} {}", type, major, minor, mode.empty() ? "644" : mode);
}

std::vector<MadeEntry> made_entries(const Words& words) {
  Entries made;
  const std::string_view path = words[0];
  const std::string_view command = path.substr(path.rfind('/') + 1);
  const auto* const maker = std::ranges::find(makers, command, &Maker::command);
  if (maker != std::end(makers)) maker->make(operands_of(words, maker->with_value), made);
  return made;
}

}  // namespace mountc
