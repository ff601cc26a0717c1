// compiler/front/front.cc - a layout's text to a layout that can work, or all that is wrong
// with it.
#include "compiler/front/front.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "compiler/check/check.h"
#include "compiler/layout/resolve.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/statements.h"
#include "compiler/syntax/value.h"

namespace mountc {

namespace {

using Definitions = std::map<std::string, std::string>;

constexpr int rounds_max = 8;            // more than there are stages
constexpr std::size_t errors_max = 500;  // a text with more has to be mended first

enum class Ending : uint8_t { absence, limit };
struct EndingRow {
  const RuleInfo* rule;
  Ending ending;
};
constexpr EndingRow endings[] = {
#define ABSENCE(name) {&rule::name::info, Ending::absence},
#define LIMIT(name) {&rule::name::info, Ending::limit},
#include "compiler/front/endings.def"
};

bool is(const Diagnostic& each, Ending ending) {
  return std::ranges::any_of(endings, [&](const EndingRow& row) {
    return row.rule == each.rule && row.ending == ending;
  });
}

std::optional<Layout> pass(Sources& sources, uint32_t file, const Definitions& definitions,
                           Diagnostics& diagnostics) {
  auto tree = parse(sources, file, diagnostics);
  if (!tree) return std::nullopt;
  auto layout = resolve(std::move(*tree), sources, definitions, diagnostics);
  if (!layout) return std::nullopt;
  check_all(*layout, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return layout;
}

// Statements that declare no name.
bool declares_nothing(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const auto* const statement =
      syntax::find_statement(line.substr(0, line.find_first_of(" \t")));
  return statement && statement->declares == syntax::Declares::nothing;
}

// All errors, each once, without those that follow from others.
class Collector {
 public:
  Collector(Sources& sources, Diagnostics& told) : sources_(sources), told_(told) {}

  // False when another round would find nothing.
  bool take(const Diagnostics& found, bool first) {
    for (const Diagnostic& each : found.all()) {
      if (is_undeclared(each)) remember(each);
    }
    for (const Diagnostic& each : found.all()) {
      if (is_error(each) && !is_undeclared(each) && !has_no_value(each)) remember(each);
    }
    bool progress = false, ended = false;
    for (const Diagnostic& each : found.all()) {
      ended = ended || is(each, Ending::limit);
      // Without the statements left out, a warning may be wrong.
      if (is_error(each) ? !is_consequence(each, first) : first) tell(each);
      if (is_error(each)) progress = sources_.blame(each.span) || progress;
    }
    return progress && !ended;
  }

 private:
  static bool is_error(const Diagnostic& each) { return each.severity == Severity::error; }

  static bool is_undeclared(const Diagnostic& each) {
    return each.rule == &rule::undeclared::info;
  }

  // A mask is misplaced where the mount that it lies in is not there.
  static bool is_misplaced_mask(const Diagnostic& each) {
    return each.rule == &rule::misplaced::info && each.message.starts_with("`mask ");
  }

  // A line with an error that may have been meant to declare something.
  void remember(const Diagnostic& each) {
    if (is_undeclared(each)) unknown_.insert(sources_.text(each.span));
    const std::string_view line = sources_.line(each.span.file, each.span.begin);
    if (declares_nothing(line)) return;
    const std::string_view unknown = is_undeclared(each) ? sources_.text(each.span) : "";
    broken_.emplace(line.substr(0, line_bytes_max), unknown);
  }

  // What a value with a variable in it is said to be, when the variable has none.
  bool has_no_value(const Diagnostic& each) const {
    const auto names = names_in(sources_.text(each.span));
    return std::ranges::any_of(names, [&](std::string_view name) {
      return unknown_.contains(name) || std::ranges::any_of(broken_, [&](const auto& broken) {
               return !broken.second.empty() &&
                      broken.first.find(name) < broken.first.find(broken.second);
             });
    });
  }

  bool is_consequence(const Diagnostic& each, bool first) const {
    if (!is_undeclared(each)) {
      if (has_no_value(each)) return true;
      return !first && (is_misplaced_mask(each) || is(each, Ending::absence));
    }
    const std::string_view name = sources_.text(each.span);
    const std::string_view own = sources_.line(each.span.file, each.span.begin);
    return !name.empty() && std::ranges::any_of(broken_, [&](const auto& broken) {
      const auto& [line, unknown] = broken;
      // At first the line with an unknown name has declared its own; later it is left out.
      const bool beside_it = first && !unknown.empty() && line.data() == own.data();
      return name != unknown && !beside_it && line.find(name) != std::string_view::npos;
    });
  }

  void tell(const Diagnostic& each) {
    if (seen_
            .emplace(each.rule->id, sources_.text_of(each.span.file), each.span.begin,
                     each.message)
            .second) {
      told_.add(each);
    }
  }

  static constexpr std::size_t line_bytes_max = 1000;

  Sources& sources_;
  Diagnostics& told_;
  // Lines, and where the error is a name that is not declared, that name: it is not from there.
  std::set<std::pair<std::string_view, std::string_view>> broken_;
  std::set<std::string_view> unknown_;
  std::set<std::tuple<int, uint32_t, uint32_t, std::string>> seen_;
};

}  // namespace

std::optional<Layout> understand(Sources& sources, uint32_t file,
                                 const Definitions& definitions, Diagnostics& diagnostics) {
  Diagnostics found;
  auto layout = pass(sources, file, definitions, found);
  if (!found.has_errors() || found.errors() > errors_max) {
    diagnostics = std::move(found);
    return layout;
  }
  const Diagnostics first = found;
  Collector collector(sources, diagnostics);
  for (int round = 0; round < rounds_max; ++round) {
    if (!collector.take(found, round == 0)) break;
    found = {};
    (void)pass(sources, file, definitions, found);
    if (!found.has_errors()) break;
  }
  // Two errors can pass for consequences of each other.
  if (!diagnostics.has_errors()) diagnostics = first;
  return std::nullopt;
}

}  // namespace mountc
