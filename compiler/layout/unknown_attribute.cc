// compiler/layout/unknown_attribute.cc - what is said of an attribute that is none: it may be a
// habit of mount(8) or fstab(5), a slip, or the beginning of the next statement.
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

// What mount(8) and fstab(5) would have meant, or nothing.
std::string habit(Resolver& r, const ast::Source& source, const std::string& word) {
  const bool typed = source.kind == ast::SourceKind::filesystem;
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"defaults", "leave it out: nothing is set that is not said"},
      {"nofail", "`optional` leaves out a mount whose source or mount point is missing"},
      {"auto", "leave it out: a run mounts all that is declared"},
      {"noauto", "leave the mount out: a run mounts all that is declared"},
      {"bind", "`bind PATH` is a source: it comes right after the target"},
      {"rbind", "`rbind PATH` is a source: it comes right after the target"},
      {"remount", "a mount is made with its flags: write them here"}};
  for (const auto& [known, meant] : words) {
    if (word == known) return std::string(meant);
  }
  if (word.starts_with("//")) return "a comment begins with `#`";
  if (word.starts_with("mkdir=") || word.starts_with("touch=")) {
    return fmt::format("write `{} {}`", word.substr(0, 5), word.substr(6));
  }
  if (word.starts_with('-')) return "attributes are words of their own: `ro nosuid`";
  if (typed && word.starts_with('/')) {
    return fmt::format("the source of a filesystem is said by `{} on {}`", r.raw(source.head),
                       word);
  }
  if (typed && !source.options && word.find('=') != std::string::npos) {
    return fmt::format("a filesystem's options stand in parentheses: `{}({})`",
                       r.raw(source.head), word);
  }
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
  if (!begins_line(r, attribute.word.span)) return true;
  diagnostic.hint("is the `;` of the mount before it missing?");
  return false;
}

}  // namespace mountc
