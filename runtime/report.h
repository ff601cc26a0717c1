// runtime/report.h - what is said when a plan is refused, fails, or cannot be undone.
#pragma once

#include "runtime/machine.h"
#include "runtime/verify.h"

namespace mountc::run {

// "mountrun: error: ", and the text with its arguments.
template <typename... Args>
void report_problem(Output& out, Text text, Args... args) {
  out.say(Text::problem, text, args...);
}

void report_defect(Output& out, const plan::Verdict& verdict);
void report_feature(Machine& m, int bit);
void report_failure(Machine& m, long error);

// `error` is for a `why` that shows it.
void report_left(Machine& m, uint32_t step, Text why, long error);

// The last instruction before `step` that fills the slot, or no_step.
uint32_t definition(const plan::View& view, uint32_t step, uint32_t half);

// The id of the row of reasons.def that explains the failure, or 0.
int find_reason(const Machine& m, const Args& a, long error);

}  // namespace mountc::run
