// runtime/report.cc - the report: the layout's place, the step, the kernel's own words, and the
// rule behind the errno.
#include "runtime/report.h"

namespace mountc::run {
namespace {

using namespace plan;

void put_place(Output& out, const Place* place, const View& view) {
  if (!place || place->line == 0) {
    out.text("mountrun: ");
    return;
  }
  out.text(view.text(place->file)).put(':').decimal(place->line).put(':');
  out.decimal(place->column).text(": ");
}

void put_statement_and_step(Output& out, const Machine& m, uint32_t step) {
  const Place* place = m.view.place(step);
  if (place && *m.view.text(place->statement)) {
    out.text("    ").text(m.view.text(place->statement)).put('\n');
  }
  out.text("  step ").decimal(step).text(": ");
  print_step(out, m.view, m.view.code[step]);
  out.put('\n');
}

// The messages that a superblock's context has gathered. One read(2) gives one of them:
// "e tmpfs: Bad value for 'size'" (fs/fsopen.c fscontext_read()).
void put_log(Output& out, int ctx) {
  char line[256];
  for (;;) {
    const long got = sys::read(ctx, line, sizeof line - 1);
    if (got <= 0) return;
    line[got] = 0;
    if (line[got - 1] == '\n') line[got - 1] = 0;
    const bool marked = got > 2 && line[1] == ' ';
    out.text("  kernel: ").text(line + (marked ? 2 : 0)).put('\n');
  }
}

void put_reason(Output& out, const Reason& reason) {
  out.text(reason.text).text(" [M").decimal(static_cast<uint64_t>(reason.id)).text("]\n");
}

void put_other_place(Output& out, const Machine& m, const Instruction& in) {
  if (Op{in.op} != Op::set_group && Op{in.op} != Op::check_superblock) return;
  const uint32_t origin = definition(m.view, m.step, in.half[0]);
  if (origin == no_step) return;
  const Place* other = m.view.place(origin);
  if (!other || other->line == 0) return;
  put_place(out, other, m.view);
  out.text("note: the other mount is here\n");
}

}  // namespace

uint32_t definition(const View& view, uint32_t step, uint16_t half) {
  while (step-- > 0) {
    const Instruction& in = view.code[step];
    if (row_of(in).kinds[0] == Kind::def && in.half[0] == (half & slot_mask)) return step;
  }
  return no_step;
}

void report_defect(const mountrun_options& options, const Verdict& verdict) {
  Output out(options);
  out.text("mountrun: error: the plan is refused: ");
  if (verdict.step != no_step) out.text("step ").decimal(verdict.step).text(": ");
  out.text(verdict.defect).put('\n');
}

void report_problem(const mountrun_options& options, const char* what, const char* name,
                    long error) {
  Output out(options);
  out.text("mountrun: error: ").text(what);
  if (name) out.text(" `").text(name).put('`');
  if (error) {
    out.text(": ");
    print_errno(out, error);
    out.text(": ").text(errno_text(error));
  }
  out.put('\n');
}

void report_feature(const Machine& m, uint32_t bit) {
  Output out(*m.options);
  const char* name = "";
  unsigned release = 0;
#define FEATURE(number, feature, since, what) \
  if (bit == number) name = what, release = since;
#include "runtime/features.def"
  out.text("mountrun: error: this kernel lacks ").text(name).text(" (Linux ");
  out.decimal(release / 100).put('.').decimal(release % 100).text(" has it)\n");
}

void report_failure(const Machine& m, long error) {
  Output out(*m.options);
  const Instruction& in = m.view.code[m.step];
  const bool refusal = error == -refused;
  const Args a(m, in);
  const Reason* reason = find_reason(a, refusal ? 0 : error);
  put_place(out, m.view.place(m.step), m.view);
  out.text("error: ");
  if (refusal && reason) {
    put_reason(out, *reason);
  } else {
    out.text(name_of(in)).text(": ");
    if (m.part) out.text(m.part).text(": ");
    print_errno(out, error);
    out.text(": ").text(errno_text(error)).put('\n');
  }
  put_statement_and_step(out, m, m.step);
  if (in.op >= uint16_t(Op::fsconfig_flag) && in.op <= uint16_t(Op::fsmount)) {
    put_log(out, a.fd[Op{in.op} == Op::fsmount ? 1 : 0]);
  }
  if (reason && !refusal) {
    out.text("  note: ");
    put_reason(out, *reason);
  }
  put_other_place(out, m, in);
}

void report_left(const Machine& m, uint32_t step, const char* why) {
  Output out(*m.options);
  put_place(out, m.view.place(step), m.view);
  out.text("error: this is left behind: ").text(why).put('\n');
  put_statement_and_step(out, m, step);
}

}  // namespace mountc::run
