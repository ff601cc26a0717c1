// runtime/report.h - what is said when a plan is refused, fails, or cannot be undone.
#pragma once

#include "runtime/machine.h"
#include "runtime/verify.h"

namespace mountc::run {

void report_defect(const mountrun_options& options, const plan::Verdict& verdict);
void report_problem(const mountrun_options& options, const char* what, const char* name,
                    long error);  // error 0: `what` says it all
void report_feature(const Machine& m, uint32_t bit);
void report_failure(const Machine& m, long error);
void report_left(const Machine& m, uint32_t step, const char* why);

// The last instruction before `step` that fills the slot, or no_step.
uint32_t definition(const plan::View& view, uint32_t step, uint16_t half);

// The row of reasons.def that explains the failure, or null.
struct Reason {
  int id;
  const char* text;
};
const Reason* find_reason(const Args& a, long error);

}  // namespace mountc::run
