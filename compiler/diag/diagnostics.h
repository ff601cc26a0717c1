// compiler/diag/diagnostics.h - collects what is wrong with a layout; text.h prints it.
//
//   diags.report<rule::group_cycle>(span, name, via).note(other, "`{}` is a slave of `{}`
//   here", a, b)
//        .hint("...");
// The arguments are checked against the rule's text at compile time.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace mountc {

enum class Severity : uint8_t { error, warning };

struct RuleInfo {
  int id;
  std::string_view name;
  Severity severity;
  int error_number;  // the kernel's answer, or 0
  std::string_view text;
  std::string_view why;
};

namespace rule {
#define RULE(id_, name_, severity_, errno_, text_, why_)                                      \
  struct name_ {                                                                              \
    static constexpr std::string_view text = text_;                                           \
    static constexpr RuleInfo info = {id_, #name_, Severity::severity_, errno_, text_, why_}; \
  };
#include "compiler/diag/rules.def"
}  // namespace rule

inline constexpr RuleInfo rules[] = {
#define RULE(id_, name_, severity_, errno_, text_, why_) rule::name_::info,
#include "compiler/diag/rules.def"
};

struct Note {
  Span span;
  std::string text;
};

// `text` in place of what stands at `span`; an empty span: it is put in there.
struct Edit {
  Span span;
  std::string text;
};

// How to mend it, a sentence, and where an edit of the text does it, the edit. A safe one
// cannot change what was meant: `mountc check --fix` makes it.
struct Hint {
  std::string text;
  std::optional<Edit> edit = std::nullopt;
  bool safe = false;
};

struct Diagnostic {
  const RuleInfo* rule = nullptr;
  Severity severity = Severity::error;  // the rule's own, unless -W says otherwise
  Span span;
  std::string message;
  std::vector<Note> notes;
  std::vector<Hint> hints;

  template <typename... Args>
  Diagnostic& note(Span where, fmt::format_string<const Args&...> text, const Args&... args) {
    notes.push_back({where, fmt::format(text, args...)});
    return *this;
  }
  template <typename... Args>
  Diagnostic& hint(fmt::format_string<const Args&...> text, const Args&... args) {
    hints.push_back({fmt::format(text, args...)});
    return *this;
  }
  // A hint with a safe edit.
  template <typename... Args>
  Diagnostic& fix(Edit edit, fmt::format_string<const Args&...> text, const Args&... args) {
    hints.push_back({fmt::format(text, args...), std::move(edit), true});
    return *this;
  }
  // "Did you mean": safe where `word` can be nothing but a slip.
  void misspelt(Span where, std::string_view word, std::string_view meant,
                const std::vector<std::string_view>& candidates);
  // A hint with an edit that only its author can judge.
  template <typename... Args>
  Diagnostic& suggest(Edit edit, fmt::format_string<const Args&...> text, const Args&... args) {
    hints.push_back({fmt::format(text, args...), std::move(edit), false});
    return *this;
  }
};

class Diagnostics {
 public:
  // More are only counted: a file with a million mistakes is no layout.
  static constexpr std::size_t kept_max = 10000;

  // The reference is valid until the next report.
  template <typename Rule, typename... Args>
  Diagnostic& report(Span span, const Args&... args) {
    constexpr fmt::format_string<const Args&...> text(Rule::text);
    return add({&Rule::info, Rule::info.severity, span, fmt::format(text, args...), {}, {}});
  }
  Diagnostic& add(Diagnostic diagnostic);

  // Each warning becomes what `judge` makes of its rule, or, with nullopt, is forgotten.
  void judge_warnings(const std::function<std::optional<Severity>(const RuleInfo&)>& judge);

  // Adds notes on what the texts were read for: which value a loop had, where a file was included
  // again. What is wrong in the same way in several readings is told once. Call it last.
  void tell_origins(const Sources& sources);

  const std::vector<Diagnostic>& all() const { return all_; }
  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  std::size_t warnings() const { return warnings_; }

 private:
  std::size_t& count_of(Severity severity) {
    return severity == Severity::error ? errors_ : warnings_;
  }

  std::vector<Diagnostic> all_;
  Diagnostic unkept_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

// All that are kept, in the order of the text.
std::vector<const Diagnostic*> by_place(const Diagnostics& diagnostics, const Sources& sources);

// The candidate nearest to `word`, if it is near enough to be meant: "did you mean".
std::string_view nearest(std::string_view word,
                         const std::vector<std::string_view>& candidates);
// Can `word` have been meant to be nothing else than `meant`, its nearest candidate?
bool is_slip(std::string_view word, std::string_view meant,
             const std::vector<std::string_view>& candidates);

}  // namespace mountc
