// runtime/report.cc - the report: the layout's place, the step, the kernel's own words, and the
// rule behind the errno.
#include "runtime/report.h"

namespace mountc::run {
namespace {

using namespace plan;

// False when it is not known.
bool say_place(Machine& m, uint32_t step) {
  const Place* place = m.view.place(step);
  if (!place || place->line == 0) return false;
  m.out.say(Text::place, m.view.text(place->file), place->line, place->column);
  return true;
}

void say_place_or_program(Machine& m, uint32_t step) {
  if (!say_place(m, step)) m.out.say(Text::no_place);
}

void say_statement_and_step(Machine& m, uint32_t step) {
  const Place* place = m.view.place(step);
  if (place && place->statement) m.out.say(Text::statement, m.view.text(place->statement));
  m.out.say(Text::step, step);
  print_step(m.out, m.view, m.view.code[step]);
  m.out.put('\n');
}

// The messages that a superblock's context has gathered. One read(2) gives one of them:
// "e tmpfs: Bad value for 'size'" (fs/fsopen.c fscontext_read()).
void say_log(Output& out, int ctx) {
  char line[256];
  for (;;) {
    const long got = sys::read(ctx, line, sizeof line - 1);
    if (got <= 0) return;
    line[got] = 0;
    if (line[got - 1] == '\n') line[got - 1] = 0;
    const bool marked = got > 2 && line[1] == ' ';
    out.say(Text::kernel_says, line + (marked ? 2 : 0));
  }
}

void say_reason(Machine& m, int id) {
  const char* text = m.view.name(name_reason, static_cast<uint32_t>(id));
  if (text) m.out.say(Text::reason, text);
  m.out.say(Text::rule, id);
}

void say_other_place(Machine& m, const Args& a) {
  const Op op{a.op};
  if (op != Op::set_group && op != Op::widen) return;
  const uint32_t origin = definition(m.view, m.step, a.half[0]);
  if (origin != no_step && say_place(m, origin)) m.out.say(Text::other_mount);
}

}  // namespace

uint32_t definition(const View& view, uint32_t step, uint32_t half) {
  while (step-- > 0) {
    const Instruction& in = view.code[step];
    if (row_of(in).fills() && in.half[0] == (half & slot_mask)) break;
  }
  return step;  // no_step follows on 0
}

void report_defect(Output& out, const Verdict& verdict) {
  if (verdict.step == no_step) return report_problem(out, Text::refused, verdict.defect);
  report_problem(out, Text::refused_step, verdict.step, verdict.defect);
}

void report_feature(Machine& m, int bit) {
  m.out.say(Text::lacking);
  print_name(m.out, m.view, name_feature, static_cast<uint32_t>(bit));
  m.out.put('\n');
}

void report_failure(Machine& m, long error) {
  Output& out = m.out;
  const Args a(m, m.view.code[m.step]);
  const bool refusal = error == -refused;
  const int reason = m.reason ? m.reason : find_reason(m, a, refusal ? 0 : error);

  say_place_or_program(m, m.step);
  out.say(Text::failed);
  if (refusal) {
    say_reason(m, reason);
  } else {
    print_name(out, m.view, name_op, a.op);
    out.say(Text::colon);
    if (m.part != Part::none) {
      print_name(out, m.view, name_part, static_cast<uint32_t>(m.part));
      out.say(Text::colon);
    }
    out.say(Text::answer, error);
  }
  say_statement_and_step(m, m.step);
  if (a.op >= uint16_t(Op::fsconfig_flag) && a.op <= uint16_t(Op::fsmount)) {
    say_log(out, a.fd(Op{a.op} == Op::fsmount ? 1 : 0));
  }
  if (m.found) out.say(Text::kernel_says, m.found);
  if (reason && !refusal) {
    out.say(Text::note);
    say_reason(m, reason);
  }
  say_other_place(m, a);
}

void report_left(Machine& m, uint32_t step, Text why, long error) {
  say_place_or_program(m, step);
  m.out.say(Text::left_behind, why, error);
  say_statement_and_step(m, step);
}

}  // namespace mountc::run
