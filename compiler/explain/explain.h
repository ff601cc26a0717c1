// compiler/explain/explain.h - what a diagnostic means, with a text that earns it, and one
// mended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

// How a running kernel shows the rule behind a diagnostic.
struct Shown {
  enum class How : uint8_t { language, answer, harm, since };
  How how;
  std::string_view since = "";  // the kernel that it takes
};

struct Explanation {
  int id;
  std::string_view name;
  std::string_view kind;     // error, warning or run
  std::string_view answer;   // the errno's name, or empty
  std::string_view summary;  // of the text, `...` for what differs
  std::string_view why;      // empty for rules of a run: the text says it
  Shown shown;
  std::string_view before;  // what the machine must be like, as shell commands
  std::string_view bad;
  std::string_view repair;
};

// All of them, by number: rules.def with examples.def, reasons.def with runs.def.
const std::vector<Explanation>& explanations();

// By `M301`, `301`, `group_cycle` or `group-cycle`; nullptr: there is none.
const Explanation* find_explanation(std::string_view name);

// What `mountc explain` prints of one; the errors that its example earns are worked out.
std::string explain(const Explanation& explanation);
// One line of each.
std::string explain_all();

}  // namespace mountc
