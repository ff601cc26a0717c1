// compiler/explain/explain.cc - what a diagnostic means, as text for people.
#include "compiler/explain/explain.h"

#include <fmt/format.h>

#include <iterator>

#include "compiler/diag/text.h"
#include "compiler/front/front.h"
#include "compiler/syntax/print.h"

namespace mountc {
namespace {

constexpr std::size_t columns_max = 96;

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += end == 0 ? "\n" : fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string wrapped(std::string_view text) {
  std::string out, line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (!line.empty() && line.size() + 1 + end > columns_max) {
      out += line + "\n";
      line.clear();
    }
    line += fmt::format("{}{}", line.empty() ? "" : " ", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + line + "\n";
}

// A rule's text with `...` for its arguments; its reason where nothing else is left.
std::string summary(const Explanation& one) {
  std::string text;
  bool says = false;
  for (std::size_t at = 0; at < one.summary.size(); ++at) {
    const bool argument = one.summary.substr(at, 2) == "{}";
    text += argument ? std::string_view("...") : one.summary.substr(at, 1);
    says = says || (!argument && std::isalpha(static_cast<unsigned char>(one.summary[at])));
    at += argument ? 1 : 0;
  }
  return says ? text : std::string(one.why.substr(0, one.why.find_first_of(".;")));
}

bool is_layout(std::string_view text) {
  return !text.starts_with("mountc-plan ") && !text.starts_with("# namespace ") &&
         !text.starts_with("{");  // a configuration for `translate`
}

// An example as `mountc fmt` would write it; where the parser refuses it, as it is.
std::string canonical(std::string_view text) {
  if (!is_layout(text)) return std::string(text);
  Sources sources;
  Diagnostics ignored;
  return format(sources, sources.add("", std::string(text)), ignored)
      .value_or(std::string(text));
}

// What the compiler says of a layout, by the compiler.
std::string said_of(std::string_view layout) {
  Sources sources;
  Diagnostics diagnostics;
  const uint32_t file = sources.add("bad.mnt", std::string(layout));
  (void)understand(sources, file, {}, diagnostics);
  diagnostics.tell_origins(sources);
  return render_text(diagnostics, sources);
}

std::string shown(const Explanation& one) {
  switch (one.shown.how) {
    case Shown::How::language: return "";
    case Shown::How::since: return fmt::format("it takes {}", one.shown.since);
    case Shown::How::harm:
      return fmt::format(
          "a plan in docs/kernel.md [M{}] does it all the same: the kernel says "
          "nothing, and the mounts show what came of it",
          one.id);
    case Shown::How::answer:
      if (one.kind == "run") return "the example is run by a test";
      return fmt::format(
          "a plan in docs/kernel.md [M{}] does it all the same: the kernel "
          "answers {}",
          one.id, one.answer);
  }
  return "";
}

}  // namespace

std::string explain(const Explanation& one) {
  std::string out = fmt::format("M{} {}: {}{}{}\n", one.id, one.name,
                                one.kind == "run" ? "found when a plan runs" : one.kind,
                                one.answer.empty() ? "" : ", ", one.answer);
  const auto section = [&out](std::string_view title, const std::string& text) {
    if (!text.empty()) out += fmt::format("\n{}:\n{}", title, text);
  };
  out += '\n' + wrapped(summary(one));
  if (!one.why.empty() && !one.why.starts_with(summary(one))) out += '\n' + wrapped(one.why);
  section("on a machine where", indented(one.before));
  const std::string bad = canonical(one.bad);
  section("bad", indented(bad));
  if (one.kind != "run" && is_layout(bad)) section("says", indented(said_of(bad)));
  section("repair", indented(canonical(one.repair)));
  if (const std::string where = shown(one); !where.empty()) {
    out += '\n' + wrapped(fmt::format("shown: {}", where));
  }
  return out;
}

std::string explain_all() {
  std::string out;
  for (const Explanation& one : explanations()) {
    fmt::format_to(std::back_inserter(out), "M{} {:<8} {:<23} {}\n", one.id, one.kind, one.name,
                   summary(one));
  }
  return out;
}

}  // namespace mountc
