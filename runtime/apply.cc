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
  return 8 + child_stack_size + (slots * (sizeof(int) + 1) + 7) / 8 * 8;
}

void divide(Machine& m, void* workspace) {
  char* at = static_cast<char*>(workspace);
  at += reinterpret_cast<uintptr_t>(at) % 16;  // 0 or 8
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
  const mountrun_options& options = *m.options;
  const char* first_lost = nullptr;
  for (uint32_t i = 0; i < m.view.steps(); ++i) {
    const Instruction& in = m.view.code[i];
    if (Op{in.op} != Op::namespace_) continue;
    const char* name = m.text(in.word[0]);
    const bool wanted = options.in ? plan::equal(options.in, name) : true;
    if (options.command && wanted && !m.entered) {
      m.entered = &in;
    } else if (!(in.word[1] & plan::bit::namespace__PINNED) && !first_lost) {
      first_lost = name;
    }
  }
  if (options.in && options.command && !m.entered) {
    report_problem(options, "the plan has no namespace", options.in, 0);
    return false;
  }
  if (first_lost) {
    report_problem(options,
                   "neither pinned nor entered, so it would be gone at once: namespace",
                   first_lost, 0);
    return false;
  }
  return true;
}

bool open_bases(Machine& m) {
  const char* directory = m.options->root ? m.options->root : m.options->at;
  if (!directory) return true;
  const int fd = sys::open_path(sys::at_fdcwd, directory, 0);
  if (fd < 0 || !is_directory(fd)) {
    report_problem(*m.options, "cannot look targets up in", directory,
                   fd < 0 ? -fd : sys::ENOTDIR);
    if (fd >= 0) sys::close(fd);
    return false;
  }
  m.target_base = fd;
  if (m.options->root) m.source_base = fd;
  return true;
}

void close_all(Machine& m) {
  for (uint16_t i = 0; i < m.view.header->slots; ++i) {
    if (m.fds[i] >= 0) sys::close(m.fds[i]);
  }
  if (m.entered_fd >= 0) sys::close(m.entered_fd);
  if (m.target_base >= 0) sys::close(m.target_base);
}

int failure_status(const Machine& m, long error) {
  const uint32_t nested = 1u << 3;
  if (error == sys::EINVAL && (m.view.header->features & nested) &&
      !features::nested_detached_by_trying()) {
    report_feature(m, 3);
    return Exit::unsupported;
  }
  report_failure(m, error);
  return Exit::failed;
}

int run(Machine& m) {
  if (!choose_namespace(m)) return Exit::usage;
  const int missing = missing_feature(m.view.header->features);
  if (missing >= 0) {
    report_feature(m, static_cast<uint32_t>(missing));
    return Exit::unsupported;
  }
  if (!open_bases(m)) return Exit::usage;
  int status = Exit::done;
  if (const int error = run_steps(m)) {
    status = failure_status(m, -error);
  } else if (m.options->command && !m.options->dry_run) {
    status = become_command(m);
  }
  if (status != Exit::done && !undo(m, m.step)) status = Exit::left_behind;
  close_all(m);
  return status;
}

}  // namespace
}  // namespace mountc::run

using namespace mountc;

extern "C" size_t mountrun_workspace(const void* plan, size_t size) {
  plan::View view;
  return plan::open(plan, size, view).defect ? 0 : run::workspace_size(view);
}

extern "C" int mountrun_apply(const void* plan, size_t size, const mountrun_options* options,
                              void* workspace, size_t workspace_size) {
  run::Machine m;
  m.options = options;
  if (const plan::Verdict verdict = plan::open(plan, size, m.view); verdict.defect) {
    run::report_defect(*options, verdict);
    return run::Exit::rejected;
  }
  if (workspace_size < run::workspace_size(m.view) || (options->at && options->root)) {
    run::report_problem(*options, "wrong use of mountrun_apply", nullptr, 0);
    return run::Exit::usage;
  }
  run::divide(m, workspace);
  if (const plan::Verdict verdict = plan::verify(m.view, m.marks); verdict.defect) {
    run::report_defect(*options, verdict);
    return run::Exit::rejected;
  }
  run::start(m);
  return run::run(m);
}

extern "C" int mountrun_print(const void* plan, size_t size, const mountrun_options* options) {
  plan::View view;
  plan::Verdict verdict = plan::open(plan, size, view);
  uint8_t slots[plan::slots_max];
  if (!verdict.defect) verdict = plan::verify(view, slots);
  if (verdict.defect) {
    run::report_defect(*options, verdict);
    return run::Exit::rejected;
  }
  run::Output out(*options);
  for (uint32_t i = 0; i < view.steps(); ++i) {
    run::print_step(out, view, view.code[i]);
    out.put('\n');
  }
  return run::Exit::done;
}
