// runtime/apply.cc - the public functions: a plan from its bytes to an exit status.
#include "runtime/machine.h"
#include "runtime/mountinfo.h"
#include "runtime/mounts.h"
#include "runtime/probe.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

using plan::Op;

constexpr size_t round_up(size_t size) { return (size + 7) / 8 * 8; }

size_t slots_size(const plan::View& view) {
  return round_up((view.header->slots + size_t{pseudo_slots}) * (sizeof(int) + 1));
}

// The workspace: scratch, then an fd for each slot, a mark for each slot, and a line of mountinfo
// with what is noted.
size_t workspace_size(const plan::View& view) {
  return child_stack_size + slots_size(view) +
         sizeof(Mountinfo::Room) + (view.header->noted + size_t{1}) * sizeof(Noted);
}

static_assert(child_stack_size + round_up((sizeof(int) + 1) * (plan::slots_max + pseudo_slots)) +
                  sizeof(Mountinfo::Room) + 100'001 * sizeof(Noted) <=
              MOUNTRUN_WORKSPACE_MAX);

void divide(Machine& m, void* workspace) {
  char* at = static_cast<char*>(workspace);
  const size_t slots = m.view.header->slots;
  m.scratch = at;
  at += child_stack_size;
  m.fds = reinterpret_cast<int*>(at) + pseudo_slots;
  m.base(plan::slot_host) = m.base(plan::slot_target) = sys::at_fdcwd;
  m.base(plan::slot_null) = -1;
  m.marks = reinterpret_cast<uint8_t*>(m.fds + slots);
  m.room = reinterpret_cast<Mountinfo::Room*>(at + slots_size(m.view));
  m.noted = reinterpret_cast<Noted*>(m.room + 1);
}

void start(Machine& m) {
  for (int i = 0; i < m.view.header->slots; ++i) {
    m.fds[i] = -1;
    m.marks[i] = Mark::nothing;
  }
  for (uint32_t i = 0; i <= m.view.header->noted; ++i) m.noted[i] = {};
}

// A namespace that is neither pinned nor entered would be gone with the run.
bool choose_namespace(Machine& m) {
  const mountrun_options& options = m.options;
  const char* lost = nullptr;
  for (uint32_t i = 0; i < m.view.steps(); ++i) {
    const Instruction& in = m.view.code[i];
    if (Op{in.op} != Op::namespace_) continue;
    const char* name = m.view.text(in.word[0]);
    const bool wanted = !options.in || plan::equal(options.in, name);
    if (options.command && wanted && !m.entered) {
      m.entered = &in;
    } else if (!(in.word[1] & plan::bit::namespace__PINNED)) {
      lost = name;
    }
  }
  if (options.in && !m.entered) {
    report_problem(m.out, options.command ? Text::no_namespace : Text::in_without_command,
                   options.in);
    return false;
  }
  if (lost) report_problem(m.out, Text::namespace_lost, lost);
  return !lost;
}

bool open_bases(Machine& m) {
  if (m.options.at && m.options.root) {
    report_problem(m.out, Text::at_with_root);
    return false;
  }
  const bool back = m.options.remove || m.options.replace;
  if ((m.options.force && !back) || (m.options.allow_gap && !m.options.replace)) {
    report_problem(m.out, Text::for_the_way_back);
    return false;
  }
  const char* directory = m.options.root ? m.options.root : m.options.at;
  if (!directory) return true;
  const int fd = sys::open(sys::at_fdcwd, directory, sys::o_path | sys::o_directory);
  if (fd < 0) {
    report_problem(m.out, Text::bad_base, directory, -fd);
    return false;
  }
  m.base(plan::slot_target) = fd;
  if (m.options.root) m.base(plan::slot_host) = fd;
  return true;
}

void close_slots(Machine& m) {
  for (uint16_t i = 0; i < m.view.header->slots; ++i) m.give_up(i);
  m.close_waiting();
}

// 0: a signal ends the process, which says enough.
int failed(Machine& m, long error) {
  if (error) report_failure(m, error);
  return undo(m) ? Exit::failed : Exit::left_behind;
}

// Detaches what a replacement has gone beneath, unless that has failed. When the first one does not
// go, all is taken back; later ones stay above what is new.
int retire(Machine& m, int status) {
  uint8_t gone = 0;
  bool stays = status != Exit::done;
  for (const Noted* old = m.noted; old < m.noted + m.noted_count; ++old) {
    const int fd = static_cast<int>(old->id);
    m.step = old->step;
    const int fresh = m.slot(m.view.code[m.step].half[0]);
    const long done = stays ? 0 : take_away(fd, fresh, fd, &gone);
    sys::close(fd);
    if (done == 0) continue;
    stays = !gone;
    const long error = done < 0 ? -done : long{sys::EBUSY};
    if (stays) {
      status = failed(m, error);
    } else {
      report_failure(m, error);
      status = Exit::left_behind;
    }
  }
  return status;
}

// The whole of --remove; of --replace the checks that come first.
int go_back(Machine& m) {
  const mountrun_options& options = m.options;
  if (!m.view.header->back || (options.remove && options.replace) || options.command) {
    report_problem(m.out, Text::cannot_go_back);
    return Exit::usage;
  }
  const int beneath = static_cast<int>(Feature::beneath);
  m.beneath = options.replace && missing_feature(1u << beneath) == no_feature;
  if (options.replace && !m.beneath && !options.allow_gap) {
    report_feature(m, beneath);
    return Exit::unsupported;
  }
  m.view.choose(plan::way_back);
  m.going_back = true;
  if (const int error = run_steps(m)) return failed(m, -error);
  close_slots(m);
  start(m);
  m.going_back = false;
  m.waits = true;
  m.step = m.noted_count = 0;
  return Exit::done;
}

int go_forth(Machine& m) {
  const uint32_t(&features)[plan::ways_max] = m.view.header->features;
  int missing = missing_feature(features[0]);
  const bool other = missing != no_feature && m.view.header->second;
  m.view.choose(other);
  if (!choose_namespace(m)) return Exit::usage;
  if (other) missing = missing_feature(features[1]);
  if (missing != no_feature) {
    report_feature(m, missing);
    return Exit::unsupported;
  }
  int status = Exit::done;
  const int error = run_steps(m);
  if (error || (!m.waits && is_ending(m))) {
    status = failed(m, -error);
  } else if (!m.options.dry_run && (m.new_root || m.options.command)) {
    status = become_command(m);
    if (status != Exit::done && !undo(m)) status = Exit::left_behind;
  }
  if (m.beneath) status = retire(m, status);
  // What was there before is gone.
  return m.options.replace && !m.beneath && status == Exit::failed ? Exit::left_behind : status;
}

[[gnu::noinline]] int run(Machine& m) {
  if (!open_bases(m)) return Exit::usage;
  int status = Exit::done;
  if (m.options.remove || m.options.replace) status = go_back(m);
  if (status == Exit::done && !m.options.remove) status = go_forth(m);
  close_slots(m);
  if (m.entered_fd >= 0) sys::close(m.entered_fd);
  if (m.base(plan::slot_target) >= 0) sys::close(m.base(plan::slot_target));
  hold_signals(m, false);
  return status;
}

}  // namespace
}  // namespace mountc::run

using namespace mountc;

extern "C" size_t mountrun_workspace(const void* plan, size_t size) {
  plan::View view;
  return plan::open(plan, size, view).defect != Text::none ? 0 : run::workspace_size(view);
}

extern "C" int mountrun_apply(const void* plan, size_t size, const mountrun_options* options,
                              void* workspace, size_t workspace_size) {
  run::Output out(*options);
  run::Machine m{*options, out};
  plan::Verdict verdict = plan::open(plan, size, m.view);
  if (verdict.defect == Text::none) {
    if (workspace_size < run::workspace_size(m.view)) {
      run::report_problem(m.out, Text::small_workspace);
      return run::Exit::usage;
    }
    run::divide(m, workspace);
    verdict = plan::verify(m.view, m.marks);
  }
  if (verdict.defect != Text::none) {
    run::report_defect(m.out, verdict);
    return run::Exit::rejected;
  }
  run::start(m);
  return run::run(m);
}

extern "C" int mountrun_print(const void* plan, size_t size, const mountrun_options* options) {
  run::Output out(*options);
  plan::View view;
  plan::Verdict verdict = plan::open(plan, size, view);
  uint8_t slots[plan::slots_max];
  if (verdict.defect == Text::none) verdict = plan::verify(view, slots);
  if (verdict.defect != Text::none) {
    run::report_defect(out, verdict);
    return run::Exit::rejected;
  }
  for (uint32_t i = 0; i < view.steps(); ++i) {
    run::print_step(out, view, view.code[i]);
    out.put('\n');
  }
  return run::Exit::done;
}
