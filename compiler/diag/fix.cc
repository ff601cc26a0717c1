// compiler/diag/fix.cc - the edits that mend a layout.
#include "compiler/diag/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/diag/printable.h"

namespace mountc {

namespace {

std::string line_about(const Edit& edit, const Sources& sources) {
  const Position at = sources.position(edit.span.file, edit.span.begin);
  const std::string old = printable(sources.text(edit.span));
  return fmt::format("{}:{}:{}: {}", printable(sources.file(edit.span.file).name), at.line,
                     at.column,
                     old.empty() ? fmt::format("`{}` added", edit.text)
                                 : fmt::format("`{}` instead of `{}`", edit.text, old));
}

}  // namespace

std::vector<Fixed> safe_fixes(const Diagnostics& diagnostics, const Sources& sources) {
  std::map<std::string, std::vector<const Edit*>> by_file;
  for (const Diagnostic* each : by_place(diagnostics, sources)) {
    for (const Hint& hint : each->hints) {
      if (!hint.edit || !hint.safe) continue;
      by_file[sources.file(hint.edit->span.file).name].push_back(&*hint.edit);
    }
  }
  std::vector<Fixed> all;
  for (auto& [path, edits] : by_file) {
    std::ranges::stable_sort(edits, {}, [](const Edit* edit) { return edit->span.begin; });
    const std::string_view text = sources.file(edits[0]->span.file).text;
    Fixed fixed{path, "", {}};
    std::size_t at = 0;
    const Edit* last = nullptr;
    for (const Edit* edit : edits) {
      if (last && edit->span.begin <= last->span.end) continue;
      fixed.text += text.substr(at, edit->span.begin - at);
      fixed.text += edit->text;
      fixed.edits.push_back(line_about(*edit, sources));
      at = edit->span.end;
      last = edit;
    }
    fixed.text += text.substr(at);
    all.push_back(std::move(fixed));
  }
  return all;
}

}  // namespace mountc
