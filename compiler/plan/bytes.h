// compiler/plan/bytes.h - a plan in memory as the runtime wants it, and the runtime's verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/mountrun.h"
#include "runtime/view.h"

namespace mountc {

// Does it begin as a plan does? Tells plans and layouts apart.
bool has_plan_magic(std::string_view bytes);

struct Refusal {
  std::string defect;
  std::optional<uint32_t> step;  // counted from 0, when the defect lies in one instruction

  std::string text() const;
};

// A copy of a plan's bytes, aligned to 8.
class PlanBytes {
 public:
  explicit PlanBytes(std::string_view bytes);

  const void* data() const { return words_.data(); }
  size_t size() const { return size_; }

  // Asks the runtime's verifier; the view is good only when nothing is refused.
  std::optional<Refusal> refusal();
  // Runs it, with a workspace of its own; the exit status.
  int apply(const mountrun_options& options) const;
  const plan::View& view() const { return view_; }

 private:
  std::vector<uint64_t> words_;
  size_t size_;
  plan::View view_;
};

}  // namespace mountc
