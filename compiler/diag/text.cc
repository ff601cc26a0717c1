// compiler/diag/text.cc - diagnostics as people read them.
#include "compiler/diag/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/source/utf8.h"

namespace mountc {

namespace {

constexpr std::size_t line_characters_max = 160;  // longer lines are shown in part
constexpr std::size_t window_characters = 100;
constexpr std::string_view cut_mark = "...";

bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return byte < 0x20 || byte >= 0x7f;
  // U+0080 to U+009F steer terminals just like the ASCII ones.
  return byte == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

// Names may hold any byte; what cannot be printed is shown as a layout would write it.
std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, utf8_step(text, at));
    if (!is_control(character)) {
      out += character;
    } else {
      for (const char byte : character) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
      }
    }
    at += character.size();
  }
  return out;
}

std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < text.size(); at += characters.back().size()) {
    characters.push_back(text.substr(at, utf8_step(text, at)));
  }
  return characters;
}

class Renderer {
 public:
  explicit Renderer(const Sources& sources) : sources_(sources) {}

  void diagnostic(const Diagnostic& diagnostic) {
    const RuleInfo& rule = *diagnostic.rule;
    const std::string_view kind = rule.severity == Severity::error ? "error" : "warning";
    place(diagnostic.span, kind, diagnostic.message);
    out_ += fmt::format(" [M{}]", rule.id);
    if (rule.error_number != 0) {
      const char* name = strerrorname_np(rule.error_number);
      out_ += name != nullptr ? fmt::format(" ({})", name)
                              : fmt::format(" (errno {})", rule.error_number);
    }
    out_ += '\n';
    excerpt(diagnostic.span);
    for (const Note& note : diagnostic.notes) {
      place(note.span, "note", note.text);
      out_ += '\n';
      excerpt(note.span);
    }
    for (const std::string& hint : diagnostic.hints) {
      out_ += fmt::format("  hint: {}\n", printable(hint));
    }
  }

  std::string take() { return std::move(out_); }

 private:
  // file:line:column: kind: text
  void place(Span span, std::string_view kind, std::string_view text) {
    position_ = sources_.position(span.file, span.begin);
    out_ += fmt::format("{}:{}:{}: {}: {}", printable(sources_.file(span.file).name),
                        position_.line, position_.column, kind, printable(text));
  }

  // The source line and the carets below it, for the place that was printed last.
  void excerpt(Span span) {
    std::string_view line = sources_.line(span.file, span.begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const std::size_t caret = position_.column - 1;
    const auto characters = characters_of(line);

    std::size_t first = 0;
    std::size_t last = characters.size();
    if (characters.size() > line_characters_max) {
      first = caret > window_characters / 2 ? caret - window_characters / 2 : 0;
      last = std::min(first + window_characters, characters.size());
      first = last - std::min(last, window_characters);
    }

    const std::string number = fmt::format("{:>5}", position_.line);
    std::string text, marks;
    if (first > 0) {
      text += cut_mark;
      marks.append(cut_mark.size(), ' ');
    }
    for (std::size_t i = first; i < last; ++i) {
      const std::string_view character = characters[i];
      const bool tab = character == "\t";
      text += tab || !is_control(character) ? character : "?";
      if (i < caret) marks += tab ? '\t' : ' ';
    }
    if (last < characters.size()) text += cut_mark;

    // A caret, and a tilde for each further character of the range that is shown.
    marks += '^';
    if (caret < characters.size()) {
      const char* end =
          characters[caret].data() + (std::max(span.begin, span.end) - span.begin);
      for (std::size_t i = caret + 1; i < last && characters[i].data() < end; ++i) marks += '~';
    }
    out_ +=
        fmt::format("{} | {}\n{} | {}\n", number, text, std::string(number.size(), ' '), marks);
  }

  const Sources& sources_;
  Position position_;
  std::string out_;
};

}  // namespace

std::string render_text(const Diagnostics& diagnostics, const Sources& sources) {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : diagnostics.all()) sorted.push_back(&diagnostic);
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Diagnostic* a, const Diagnostic* b) {
    const uint32_t first = sources.text_of(a->span.file), second = sources.text_of(b->span.file);
    return first != second ? first < second : a->span.begin < b->span.begin;
  });
  Renderer renderer(sources);
  for (const Diagnostic* diagnostic : sorted) renderer.diagnostic(*diagnostic);
  return renderer.take();
}

}  // namespace mountc
