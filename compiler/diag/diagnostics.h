// compiler/diag/diagnostics.h - collects what is wrong with a layout; text.h prints it.
//
//   diags.report<rule::group_cycle>(span, name, via).note(other, "`{}` is a slave of `{}` here", a, b)
//        .hint("...");
// The arguments are checked against the rule's text at compile time.
#pragma once

#include <fmt/format.h>

#include <cerrno>
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
#define RULE(id_, name_, severity_, errno_, text_, why_)                                     \
  struct name_ {                                                                             \
    static constexpr std::string_view text = text_;                                          \
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

struct Diagnostic {
  const RuleInfo* rule = nullptr;
  Span span;
  std::string message;
  std::vector<Note> notes;
  std::vector<std::string> hints;  // how to mend it, a sentence each

  template <typename... Args>
  Diagnostic& note(Span where, fmt::format_string<const Args&...> text, const Args&... args) {
    notes.push_back({where, fmt::format(text, args...)});
    return *this;
  }
  template <typename... Args>
  Diagnostic& hint(fmt::format_string<const Args&...> text, const Args&... args) {
    hints.push_back(fmt::format(text, args...));
    return *this;
  }
};

class Diagnostics {
 public:
  // The reference is valid until the next report.
  template <typename Rule, typename... Args>
  Diagnostic& report(Span span, const Args&... args) {
    constexpr fmt::format_string<const Args&...> text(Rule::text);
    all_.push_back({&Rule::info, span, fmt::format(text, args...), {}, {}});
    if (Rule::info.severity == Severity::error) ++errors_;
    return all_.back();
  }

  // Adds notes on what the texts were read for: which value a loop had, where a file was included
  // again. What is wrong in the same way in several readings is told once. Call it last.
  void tell_origins(const Sources& sources);

  const std::vector<Diagnostic>& all() const { return all_; }
  bool has_errors() const { return errors_ > 0; }

 private:
  std::vector<Diagnostic> all_;
  int errors_ = 0;
};

// The candidate nearest to `word`, if it is near enough to be meant: "did you mean".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace mountc
