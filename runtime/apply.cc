// runtime/apply.cc - the public functions: a plan from its bytes to an exit status.
#include "runtime/machine.h"
#include "runtime/mounts.h"
#include "runtime/probe.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

using plan::Op;

// The workspace: scratch, then an fd for each slot, then a mark for each slot.
size_t workspace_size(const plan::View& view) {
  const size_t slots = view.header->slots;
  return child_stack_size + (slots * (sizeof(int) + 1) + 7) / 8 * 8;
}

static_assert(child_stack_size + (sizeof(int) + 1) * plan::slots_max + 8 <=
              MOUNTRUN_WORKSPACE_MAX);

void divide(Machine& m, void* workspace) {
  char* at = static_cast<char*>(workspace);
  const size_t slots = m.view.header->slots;
  m.scratch = at;
  m.fds = reinterpret_cast<int*>(at + child_stack_size);
  m.marks = reinterpret_cast<uint8_t*>(m.fds + slots);
}

void start(Machine& m) {
  for (uint16_t i = 0; i < m.view.header->slots; ++i) {
    m.fds[i] = -1;
    m.marks[i] = Mark::nothing;
  }
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
  const char* directory = m.options.root ? m.options.root : m.options.at;
  if (!directory) return true;
  const int fd = sys::open(sys::at_fdcwd, directory, sys::o_path | sys::o_directory);
  if (fd < 0) {
    report_problem(m.out, Text::bad_base, directory, -fd);
    return false;
  }
  m.target_base = fd;
  if (m.options.root) m.source_base = fd;
  return true;
}

void close_all(Machine& m) {
  for (uint16_t i = 0; i < m.view.header->slots; ++i) {
    m.give_up(i);
  }
  m.close_waiting();
  if (m.entered_fd >= 0) sys::close(m.entered_fd);
  if (m.target_base >= 0) sys::close(m.target_base);
}

[[gnu::noinline]] int run(Machine& m) {
  const uint16_t(&features)[plan::ways_max] = m.view.header->features;
  int missing = missing_feature(features[0]);
  const bool other = missing != no_feature && m.view.header->second;
  m.view.choose(other);
  if (!choose_namespace(m)) return Exit::usage;
  if (other) missing = missing_feature(features[1]);
  if (missing != no_feature) {
    report_feature(m, missing);
    return Exit::unsupported;
  }
  if (!open_bases(m)) return Exit::usage;
  int status = Exit::done;
  if (const int error = run_steps(m)) {
    report_failure(m, -error);
    status = Exit::failed;
  } else if (m.options.command && !m.options.dry_run) {
    status = become_command(m);
  }
  if (status != Exit::done && !undo(m)) status = Exit::left_behind;
  close_all(m);
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
  run::Machine m(*options);
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
