// compiler/diag/sarif.cc - diagnostics as SARIF 2.1.0 (OASIS), for code hosts and editors.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "compiler/diag/json_string.h"
#include "compiler/diag/machine.h"
#include "compiler/diag/printable.h"

namespace mountc {

namespace {

std::string quoted(std::string_view text) { return json_string(printable(text)); }

// A path as a URI reference (RFC 3986): any byte can be in it.
std::string uri_of(std::string_view path) {
  std::string out;
  for (const char byte : path) {
    const auto code = static_cast<unsigned char>(byte);
    const bool plain = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
                       (code >= '0' && code <= '9') ||
                       std::string_view("-._~/").find(byte) != std::string_view::npos;
    out += plain ? std::string(1, byte) : fmt::format("%{:02X}", code);
  }
  return out;
}

// `group_cycle` as the standard spells names of rules: GroupCycle.
std::string pascal_case(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char byte : name) {
    if (byte != '_') out += upper ? static_cast<char>(byte - 'a' + 'A') : byte;
    upper = byte == '_';
  }
  return out;
}

std::string text_object(std::string_view text) {
  return fmt::format(R"({{"text": {}}})", quoted(text));
}

std::string_view level_of(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

class Writer {
 public:
  explicit Writer(const Sources& sources) : sources_(sources) {}

  static std::string rule(const RuleInfo& each) {
    return fmt::format(R"({{"id": "M{}", "name": "{}", "fullDescription": {}, )"
                       R"("defaultConfiguration": {{"level": "{}"}}}})",
                       each.id, pascal_case(each.name), text_object(each.why),
                       level_of(each.severity));
  }

  std::string result(const Diagnostic& each) const {
    const auto row = std::ranges::find(rules, each.rule->id, &RuleInfo::id);
    std::string out =
        fmt::format(R"({{"ruleId": "M{}", "ruleIndex": {}, "level": "{}", )", each.rule->id,
                    row - std::begin(rules), level_of(each.severity));
    out += fmt::format(R"("message": {}, "locations": [{{{}}}])", text_object(message(each)),
                       location(each.span));
    if (!each.notes.empty()) out += related(each);
    if (std::ranges::any_of(each.hints,
                            [](const Hint& hint) { return hint.edit.has_value(); })) {
      out += fixes(each);
    }
    return out + "}";
  }

 private:
  // Viewers show the message alone: the hints belong to it.
  static std::string message(const Diagnostic& each) {
    std::string text = each.message;
    for (const Hint& hint : each.hints) text += "; hint: " + hint.text;
    return text;
  }

  std::string artifact(Span span) const {
    return fmt::format(R"("artifactLocation": {{"uri": {}}})",
                       quoted(uri_of(sources_.file(span.file).name)));
  }

  std::string region(Span span) const {
    const Position begin = sources_.position(span.file, span.begin);
    const Position end = sources_.position(span.file, std::max(span.begin, span.end));
    return fmt::format(
        R"({{"startLine": {}, "startColumn": {}, "endLine": {}, "endColumn": {}}})", begin.line,
        begin.column, end.line, end.column);
  }

  std::string location(Span span) const {
    return fmt::format(R"("physicalLocation": {{{}, "region": {}}})", artifact(span),
                       region(span));
  }

  std::string related(const Diagnostic& each) const {
    std::string out = R"(, "relatedLocations": [)";
    std::string_view between = "";
    for (const Note& note : each.notes) {
      out += fmt::format(R"({}{{{}, "message": {}}})", between, location(note.span),
                         text_object(note.text));
      between = ", ";
    }
    return out + "]";
  }

  std::string fixes(const Diagnostic& each) const {
    std::string out = R"(, "fixes": [)";
    std::string_view between = "";
    for (const Hint& hint : each.hints) {
      if (!hint.edit) continue;
      out += fmt::format(R"({}{{"description": {}, "artifactChanges": [{{{}, "replacements": )"
                         R"([{{"deletedRegion": {}, "insertedContent": {}}}]}}]}})",
                         between, text_object(hint.text), artifact(hint.edit->span),
                         region(hint.edit->span), text_object(hint.edit->text));
      between = ", ";
    }
    return out + "]";
  }

  const Sources& sources_;
};

}  // namespace

std::string render_sarif(const Diagnostics& diagnostics, const Sources& sources,
                         std::string_view version) {
  std::string out = fmt::format(
      R"({{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
"runs": [{{"tool": {{"driver": {{"name": "mountc", "version": {}, "rules": [)",
      quoted(version));
  std::string_view between = "\n";
  for (const RuleInfo& each : rules) {
    out += between;
    out += Writer::rule(each);
    between = ",\n";
  }
  out += R"(
]}}, "columnKind": "unicodeCodePoints", "results": [)";
  const Writer writer(sources);
  between = "\n";
  for (const Diagnostic* each : by_place(diagnostics, sources)) {
    out += between;
    out += writer.result(*each);
    between = ",\n";
  }
  return out + "\n]}]}\n";
}

}  // namespace mountc
