// compiler/diag/json.cc - diagnostics as JSON of our own.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "compiler/diag/json_string.h"
#include "compiler/diag/machine.h"
#include "compiler/diag/printable.h"

namespace mountc {

namespace {

std::string quoted(std::string_view text) { return json_string(printable(text)); }

class Writer {
 public:
  explicit Writer(const Sources& sources) : sources_(sources) {}

  std::string object(const Diagnostic& each) {
    const RuleInfo& rule = *each.rule;
    const char* const name =
        rule.error_number != 0 ? strerrorname_np(rule.error_number) : nullptr;
    std::string out =
        fmt::format(R"({{"severity": "{}", "id": "M{}", "name": "{}", "errno": {}, )",
                    each.severity == Severity::error ? "error" : "warning", rule.id, rule.name,
                    name ? quoted(name) : "null");
    out +=
        fmt::format(R"("message": {}, {}, "notes": [)", quoted(each.message), place(each.span));
    std::string_view between = "";
    for (const Note& note : each.notes) {
      out += fmt::format(R"({}{{"message": {}, {}}})", between, quoted(note.text),
                         place(note.span));
      between = ", ";
    }
    out += R"(], "hints": [)";
    between = "";
    for (const Hint& hint : each.hints) {
      out += fmt::format(R"({}{{"message": {}{}}})", between, quoted(hint.text), edit(hint));
      between = ", ";
    }
    return out + "]}";
  }

 private:
  std::string edit(const Hint& hint) const {
    if (!hint.edit) return "";
    return fmt::format(R"(, "safe": {}, "edit": {{{}, "text": {}}})", hint.safe,
                       place(hint.edit->span), quoted(hint.edit->text));
  }

  std::string place(Span span) const {
    const uint32_t last = std::max(span.begin, span.end);
    const Position begin = sources_.position(span.file, span.begin);
    const Position end = sources_.position(span.file, last);
    return fmt::format(R"("file": {}, "line": {}, "column": {}, "end_line": {}, )"
                       R"("end_column": {}, "offset": {}, "end_offset": {})",
                       quoted(sources_.file(span.file).name), begin.line, begin.column,
                       end.line, end.column, span.begin, last);
  }

  const Sources& sources_;
};

}  // namespace

std::string render_json(const Diagnostics& diagnostics, const Sources& sources) {
  Writer writer(sources);
  std::string out = "[";
  std::string_view between = "\n";
  for (const Diagnostic* each : by_place(diagnostics, sources)) {
    out += between;
    out += writer.object(*each);
    between = ",\n";
  }
  return out + "\n]\n";
}

}  // namespace mountc
