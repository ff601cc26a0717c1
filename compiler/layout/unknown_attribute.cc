// compiler/layout/unknown_attribute.cc - what is said of an attribute that is none: it may be a
// habit of mount(8) or fstab(5), a slip, or the beginning of the next statement.
#include <algorithm>
#include <cstring>

#include "compiler/layout/resolver.h"
#include "compiler/layout/words.h"

namespace mountc {
namespace {

// What mount(8), fstab(5) and others would have meant, or nothing.
std::string habit(const Resolver& r, const ast::Source& source, std::string word) {
  // mount --make-rslave
  for (const char* prefix : {"make-", "make-r"}) {
    const std::string rest = word.starts_with(prefix) ? word.substr(strlen(prefix)) : "";
    if (rest == "shared" || rest == "slave" || rest == "private" || rest == "unbindable")
      word = "r" + rest;
  }
#define HABIT(known, meant) \
  if (word == (known)) return meant;
#include "compiler/layout/habits.def"
  if (word.starts_with("//") || word.starts_with("/*")) return "a comment begins with `#`";
  if (word.starts_with("x-") || word.starts_with("comment=")) {
    return "leave it out: it was meant for other programs than the kernel";
  }
  if (word.starts_with("mkdir=") || word.starts_with("touch=")) {
    return fmt::format("write `{} {}`", word.substr(0, 5), word.substr(6));
  }
  if (word.starts_with("idmap=")) {
    return "write `idmap(uid=FIRST:OTHER:COUNT, gid=FIRST:OTHER:COUNT)`, or `idmap(ns=PATH)`";
  }
  if (word.starts_with('-')) return "attributes are words of their own: `ro nosuid`";
  const bool typed = source.kind == ast::SourceKind::filesystem;
  if (typed && word.starts_with('/')) {
    return fmt::format("the source of a filesystem is said by `{} on {}`", r.raw(source.head),
                       word);
  }
  if (typed && !source.options && word.find('=') != std::string::npos) {
    return fmt::format("a filesystem's options stand in parentheses: `{}({})`",
                       r.raw(source.head), word);
  }
  if (is_common_type(word))
    return "a filesystem type comes right after the target; a path with a blank stands in "
           "quotes";
  if (word.starts_with("mode="))
    return "the mode is said of the mount point that is made: `mkdir 755`";
  return "";
}

bool begins_line(const Resolver& r, Span word) {
  const std::string_view line = r.sources.line(word.file, word.begin);
  return line.find_first_not_of(" \t") == line.find(r.sources.text(word));
}

}  // namespace

bool report_unknown_attribute(Resolver& r, const ast::Source& source,
                              const ast::Attribute& attribute, const std::string& word,
                              const std::vector<std::string_view>& known) {
  Diagnostic& diagnostic =
      r.diagnostics.report<rule::unknown_attribute>(attribute.word.span, word);
  if (const std::string meant = habit(r, source, word); !meant.empty()) {
    diagnostic.hint("{}", meant);
    return true;
  }
  const std::string_view meant = nearest(word, known);
  if (!meant.empty()) {
    if (r.diagnostics.errors() <= Diagnostics::kept_max) {  // of further ones nobody reads more
      diagnostic.misspelt(attribute.word.span, word, meant, known);
    }
    return true;
  }
  std::string small = word;
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  if (small != word && std::ranges::find(known, small) != known.end()) {
    diagnostic.suggest({attribute.word.span, small}, "did you mean `{}`?", small);
    return true;
  }
  if (!begins_line(r, attribute.word.span)) return true;
  diagnostic.hint("is the `;` of the mount before it missing?");
  return false;
}

// `shared A slave B`: what is meant is a group of its own that receives from B.
void suggest_slave_group(const Resolver& r, Diagnostic& diagnostic, const ast::Attribute& first,
                         const ast::Attribute& second) {
  const auto word = [&](const ast::Attribute& a) { return r.sources.text(a.word.span); };
  const ast::Attribute* shared = word(first) == "shared" ? &first : &second;
  const ast::Attribute* slave = word(first) == "slave" ? &first : &second;
  if (word(*shared) != "shared" || word(*slave) != "slave") return;
  if (!shared->argument || !slave->argument) return;
  const std::string_view group = r.sources.text(shared->argument->span);
  diagnostic.hint("declare `group {} slave of {};` and say only `shared {}`", group,
                  r.sources.text(slave->argument->span), group);
}

}  // namespace mountc
