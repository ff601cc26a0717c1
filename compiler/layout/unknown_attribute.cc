// compiler/layout/unknown_attribute.cc - what is said of an attribute that is none: it may be a
// habit of mount(8) or fstab(5), a slip, or the beginning of the next statement.
#include <algorithm>

#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

// What mount(8), fstab(5) and others would have meant, or nothing.
std::string habit(const Resolver& r, const ast::Source& source, const std::string& word) {
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

}  // namespace mountc
