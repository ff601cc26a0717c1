// compiler/diag/policy.h - which warnings are given, and which of them are errors: -W.
#pragma once

#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostics.h"

namespace mountc {

class WarningPolicy {
 public:
  // What follows -W: `NAME`, `no-NAME`, `error`, `no-error`, `error=NAME`, `no-error=NAME`.
  // NAME is that of a rule or of a group; of two that disagree the later one holds, but what
  // names a rule's being an error holds before a mere `error`. False: it names nothing; see
  // meant().
  bool read(std::string_view flag);
  // For a flag that was not read: the nearest name, or empty.
  static std::string_view meant(std::string_view flag);

  void apply(Diagnostics& diagnostics) const;

 private:
  struct Verdict {
    bool shown = true;
    std::optional<bool> is_error;
  };
  std::vector<Verdict> verdicts_ = std::vector<Verdict>(std::size(rules));
  bool all_are_errors_ = false;
};

}  // namespace mountc
