// compiler/diag/text.cc - diagnostics as people read them.
#include "compiler/diag/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diag/printable.h"
#include "compiler/source/utf8.h"

namespace mountc {

namespace {

constexpr std::size_t line_characters_max = 160;  // longer lines are shown in part
constexpr std::size_t window_characters = 100;
constexpr std::string_view cut_mark = "...";

enum class Colour : uint8_t { plain, bold, error, warning, note, caret };

std::string_view sequence(Colour colour) {
  switch (colour) {
    case Colour::plain: return "\x1b[0m";
    case Colour::bold: return "\x1b[1m";
    case Colour::error: return "\x1b[1;31m";
    case Colour::warning: return "\x1b[1;35m";
    case Colour::note: return "\x1b[1;36m";
    case Colour::caret: return "\x1b[1;32m";
  }
  return "";
}

// The part of a line that is looked at: all of it, or what surrounds the caret of a long one.
struct Excerpt {
  std::vector<std::string_view> characters;
  std::size_t caret = 0;  // an index of them, or their number
  std::size_t first = 0, last = 0;
  bool cut_before = false, cut_after = false;
};

std::size_t step_back(std::string_view text, std::size_t at) {
  for (std::size_t length = 4; length > 1; --length) {
    if (at >= length && utf8_length(text, at - length) == length) return length;
  }
  return 1;
}

Excerpt excerpt_of(std::string_view line, std::size_t caret) {
  Excerpt excerpt;
  caret = std::min(caret, line.size());
  std::size_t begin = caret;
  for (std::size_t i = 0; begin > 0 && i < line_characters_max; ++i) {
    begin -= step_back(line, begin);
    ++excerpt.caret;
  }
  std::size_t at = begin;
  while (at < line.size() && excerpt.characters.size() < 2 * line_characters_max) {
    excerpt.characters.push_back(line.substr(at, utf8_step(line, at)));
    at += excerpt.characters.back().size();
  }
  const std::size_t count = excerpt.characters.size();
  excerpt.last = count;
  if (begin > 0 || at < line.size() || count > line_characters_max) {
    const std::size_t before = window_characters / 2;
    excerpt.first = excerpt.caret > before ? excerpt.caret - before : 0;
    excerpt.last = std::min(excerpt.first + window_characters, count);
    excerpt.first = excerpt.last - std::min(excerpt.last, window_characters);
  }
  excerpt.cut_before = begin > 0 || excerpt.first > 0;
  excerpt.cut_after = at < line.size() || excerpt.last < count;
  return excerpt;
}

class Renderer {
 public:
  Renderer(const Sources& sources, bool colours) : sources_(sources), colours_(colours) {}

  void diagnostic(const Diagnostic& diagnostic) {
    const RuleInfo& rule = *diagnostic.rule;
    const bool error = diagnostic.severity == Severity::error;
    place(diagnostic.span, error ? "error" : "warning", error ? Colour::error : Colour::warning,
          diagnostic.message);
    out_ += fmt::format(" [M{}]", rule.id);
    if (rule.error_number != 0) {
      const char* name = strerrorname_np(rule.error_number);
      out_ += name != nullptr ? fmt::format(" ({})", name)
                              : fmt::format(" (errno {})", rule.error_number);
    }
    out_ += '\n';
    excerpt(diagnostic.span);
    for (const Note& note : diagnostic.notes) {
      place(note.span, "note", Colour::note, note.text);
      out_ += '\n';
      excerpt(note.span);
    }
    for (const Hint& hint : diagnostic.hints) {
      out_ += fmt::format("  {} {}\n", painted(Colour::note, "hint:"), printable(hint.text));
    }
  }

  std::string take() { return std::move(out_); }

 private:
  std::string painted(Colour colour, std::string_view text) const {
    if (!colours_) return std::string(text);
    return fmt::format("{}{}{}", sequence(colour), text, sequence(Colour::plain));
  }

  // file:line:column: kind: text
  void place(Span span, std::string_view kind, Colour colour, std::string_view text) {
    position_ = sources_.position(span.file, span.begin);
    const std::string where = fmt::format("{}:{}:{}:", printable(sources_.file(span.file).name),
                                          position_.line, position_.column);
    out_ += fmt::format("{} {} {}", painted(Colour::bold, where),
                        painted(colour, std::string(kind) + ":"), printable(text));
  }

  // The source line and the carets below it, for the place that was printed last.
  void excerpt(Span span) {
    const std::string_view line = sources_.line(span.file, span.begin);
    const std::string_view text = sources_.file(span.file).text;
    const std::size_t line_begin = static_cast<std::size_t>(line.data() - text.data());
    const Excerpt shown = excerpt_of(
        line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0)), span.begin - line_begin);
    std::string source, marks;
    if (shown.cut_before) {
      source += cut_mark;
      marks.append(cut_mark.size(), ' ');
    }
    for (std::size_t i = shown.first; i < shown.last; ++i) {
      const std::string_view character = shown.characters[i];
      const bool tab = character == "\t";
      source += tab || !is_control(character) ? character : "?";
      if (i < shown.caret) marks += tab ? '\t' : ' ';
    }
    if (shown.cut_after) source += cut_mark;

    // A caret, and a tilde for each further character of the range that is shown.
    std::string carets = "^";
    const char* const end = text.data() + std::max(span.begin, span.end);
    for (std::size_t i = shown.caret + 1; i < shown.last; ++i) {
      if (shown.characters[i].data() < end) carets += '~';
    }
    const std::string number = fmt::format("{:>5}", position_.line);
    out_ += fmt::format("{} | {}\n{} | {}{}\n", number, source, std::string(number.size(), ' '),
                        marks, painted(Colour::caret, carets));
  }

  const Sources& sources_;
  const bool colours_;
  Position position_;
  std::string out_;
};

// The first `shown_max`: errors, and as many warnings as there is room for.
std::vector<const Diagnostic*> shown_of(std::vector<const Diagnostic*> sorted) {
  std::size_t errors_left = shown_max;
  const auto errors = static_cast<std::size_t>(std::ranges::count(
      sorted, Severity::error, [](const Diagnostic* each) { return each->severity; }));
  std::size_t warnings_left = shown_max - std::min(errors, shown_max);
  std::erase_if(sorted, [&](const Diagnostic* each) {
    std::size_t& left = each->severity == Severity::error ? errors_left : warnings_left;
    return left == 0 || left-- == 0;
  });
  return sorted;
}

std::string number_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string render_text(const Diagnostics& diagnostics, const Sources& sources, bool colours) {
  Renderer renderer(sources, colours);
  std::size_t errors = diagnostics.errors(), warnings = diagnostics.warnings();
  for (const Diagnostic* diagnostic : shown_of(by_place(diagnostics, sources))) {
    --(diagnostic->severity == Severity::error ? errors : warnings);
    renderer.diagnostic(*diagnostic);
  }
  std::string text = renderer.take();
  if (errors + warnings == 0) return text;
  std::string rest = errors > 0 ? number_of(errors, "error") : "";
  if (warnings > 0) rest += (errors > 0 ? ", " : "") + number_of(warnings, "warning");
  return text + fmt::format("mountc: not shown: {}\n", rest);
}

}  // namespace mountc
