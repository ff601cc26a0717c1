// runtime/run.cc - executes instructions: nulls, dry runs, dispatch, and closing after last
// uses.
#include "runtime/machine.h"

namespace mountc::run {
namespace {

using plan::Kind;
using plan::Op;

bool defines(const Instruction& in) { return plan::row_of(in).kinds[0] == Kind::def; }

bool is_pretended(const Machine& m, uint16_t half) {
  return half != plan::slot_null && m.slot(half) < 0 && m.mark(half) == Mark::pretended;
}

// A dry run leaves out whatever could be seen from outside, or needs what it has left out.
bool changes_nothing(const Machine& m, const Instruction& in) {
  switch (Op{in.op}) {
    case Op::open_tree:
    case Op::openat2:
    case Op::fsopen:
    case Op::fsconfig_flag:
    case Op::fsconfig_string:
    case Op::fsconfig_source:
    case Op::close:
    case Op::if_shared:
    case Op::check_shared:
    case Op::check_superblock: return true;
    case Op::open_tree_attr: return in.word[1] & plan::bit::tree_CLONE;
    case Op::mount_setattr: return m.mark(in.half[0]) == Mark::ours;
    case Op::set_group: return m.mark(in.half[1]) == Mark::ours;
    case Op::only_if: return !is_pretended(m, in.half[1]);
    case Op::required: return !is_pretended(m, in.half[0]);
    case Op::fsconfig_create:
    case Op::fsmount:
    case Op::move_mount:
    case Op::mkdirat:
    case Op::mknodat:
    case Op::symlinkat:
    case Op::fchownat:
    case Op::fchmodat:
    case Op::mask:
    case Op::make:
    case Op::publish:
    case Op::namespace_: break;
  }
  return false;
}

// In the order of the codes, which are dense (ops.h).
constexpr int (*functions[])(Machine&, const Args&) = {
#define OP(code, name, since, effect, summary, ...) exec::name,
#include "runtime/ops.def"
};

void mark_for_dry_run(Machine& m, const Instruction& in, int result, bool skipped) {
  if (Op{in.op} == Op::make) m.making_skipped = true;
  if (!defines(in)) return;
  const bool clone = (Op{in.op} == Op::open_tree || Op{in.op} == Op::open_tree_attr) &&
                     (in.word[1] & plan::bit::tree_CLONE);
  const bool pretended = skipped || (result == null_result && m.making_skipped);
  m.mark(in.half[0]) = pretended ? Mark::pretended : clone ? Mark::ours : Mark::nothing;
}

void settle(Machine& m, const Instruction& in, int result) {
  const plan::OpRow& row = plan::row_of(in);
  const plan::Values values(in);
  for (int i = 0; i < row.count; ++i) {
    if (!plan::is_slot(row.kinds[i]) || !(values.value[i] & plan::slot_last_use)) continue;
    int& fd = m.slot(values.value[i]);
    if (fd >= 0) sys::close(fd);
    fd = -1;
  }
  if (defines(in)) m.slot(in.half[0]) = result == null_result ? -1 : result;
}

void trace(const Machine& m, const Instruction& in, int result, bool skipped, uint64_t time) {
  Output out(*m.options);
  out.decimal(m.step, 5).text("  ");
  print_step(out, m.view, in);
  if (m.options->trace) {
    out.text("  = ");
    if (skipped) {
      out.text("skipped");
    } else if (result == null_result) {
      out.text("null");
    } else if (result == refused) {
      out.text("refused");
    } else if (result < 0) {
      print_errno(out, -result);
    } else {
      out.decimal(static_cast<uint64_t>(result));
    }
    out.text("  ").decimal(time).text(" us");
  }
  out.put('\n');
}

int step(Machine& m, const Instruction& in) {
  const bool talks = m.options->trace || m.options->dry_run;
  const uint64_t began = m.options->trace ? sys::microseconds() : 0;
  const Args a(m, in);
  const bool skipped = a.null_use || (m.options->dry_run && !changes_nothing(m, in));
  const int result = skipped ? null_result : functions[in.op - 1](m, a);
  if (talks) {
    trace(m, in, result, skipped, m.options->trace ? sys::microseconds() - began : 0);
  }
  if (result < 0 && result != null_result) return result;
  if (m.options->dry_run) mark_for_dry_run(m, in, result, skipped);
  settle(m, in, result);
  return 0;
}

}  // namespace

Args::Args(const Machine& m, const Instruction& instruction) : in(instruction) {
  const plan::OpRow& row = plan::row_of(in);
  const plan::Values values(in);
  int half = 0, word = 0;
  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.kinds[i];
    const uint32_t value = values.value[i];
    const uint32_t slot = value & plan::slot_mask;
    if (!plan::is_half(kind)) {
      text[word++] = plan::is_string(kind) ? m.text(value) : nullptr;
      continue;
    }
    int& to = fd[half++];
    to = -1;
    if (!plan::is_slot(kind) || slot == plan::slot_null) continue;
    if (plan::is_pseudo(value)) {
      pseudo = true;
      to = slot == plan::slot_host ? m.source_base : m.target_base;
    } else {
      to = m.slot(slot);
      if (to < 0 && kind == Kind::use) null_use = true;
    }
  }
}

int run_steps(Machine& m) {
  for (m.step = 0; m.step < m.view.steps(); ++m.step) {
    m.part = nullptr;
    if (const int error = step(m, m.view.code[m.step])) return error;
  }
  return 0;
}

}  // namespace mountc::run
