// compiler/explain/table.cc - the four tables, brought together.
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <string>

#include "compiler/diag/diagnostics.h"
#include "compiler/explain/explain.h"

namespace mountc {
namespace {

struct Example {
  std::string_view name;
  Shown shown;
  std::string_view before;
  std::string_view bad;
  std::string_view repair;
};

constexpr Shown language{Shown::How::language};
constexpr Shown answer{Shown::How::answer};
constexpr Shown harm{Shown::How::harm};
constexpr Shown since(std::string_view kernel) { return {Shown::How::since, kernel}; }

// A raw string begins with a newline, so that its lines stand below each other in the table.
constexpr std::string_view lines(std::string_view text) {
  return text.starts_with('\n') ? text.substr(1) : text;
}

constexpr Example examples[] = {
#define EXAMPLE(name, shown, bad, repair) {#name, shown, "", lines(bad), lines(repair)},
#include "compiler/explain/examples.def"
};
constexpr Example runs[] = {
#define RUN(name, shown, before, bad, repair) \
  {#name, shown, lines(before), lines(bad), lines(repair)},
#include "compiler/explain/runs.def"
};

struct Reason {
  int id;
  std::string_view name;
  int error_number;
  std::string_view text;
};
constexpr Reason reasons[] = {
#define REASON(id, name, op, errno, text) {id, #name, errno, text},
#include "runtime/reasons.def"
};

std::string_view errno_name(int number) {
  const char* const name = number == 0 ? nullptr : strerrorname_np(number);
  return name ? name : "";
}

template <typename Table>
Example example_of(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Example::name);
  return found == std::end(table) ? Example{name, language, "", "", ""} : *found;
}

std::vector<Explanation> collect() {
  std::vector<Explanation> all;
  for (const RuleInfo& rule : rules) {
    const Example example = example_of(examples, rule.name);
    all.push_back({rule.id, rule.name, rule.severity == Severity::error ? "error" : "warning",
                   errno_name(rule.error_number), rule.text, rule.why, example.shown, "",
                   example.bad, example.repair});
  }
  for (const Reason& reason : reasons) {
    const Example example = example_of(runs, reason.name);
    all.push_back({reason.id, reason.name, "run", errno_name(reason.error_number), reason.text,
                   "", example.shown, example.before, example.bad, example.repair});
  }
  std::ranges::stable_sort(all, {}, &Explanation::id);
  return all;
}

}  // namespace

const std::vector<Explanation>& explanations() {
  static const std::vector<Explanation> all = collect();
  return all;
}

const Explanation* find_explanation(std::string_view name) {
  std::string wanted(name);
  std::ranges::replace(wanted, '-', '_');
  std::string_view number = name;
  if (number.starts_with('M') || number.starts_with('m')) number.remove_prefix(1);
  int id = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), id);
  const bool is_number = read.ec == std::errc() && read.ptr == number.data() + number.size();
  const auto found = std::ranges::find_if(explanations(), [&](const Explanation& one) {
    return is_number ? one.id == id : one.name == wanted;
  });
  return found == explanations().end() ? nullptr : &*found;
}

}  // namespace mountc
