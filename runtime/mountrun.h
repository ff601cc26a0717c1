// runtime/mountrun.h - runs a compiled plan in the calling process. Plain C, Linux only.
//
// libmountrun allocates nothing, keeps no global state, and makes raw system calls; it needs no
// libc. Linux 5.15 or newer; which features a plan needs is in its header, and they are probed.
#ifndef MOUNTRUN_H
#define MOUNTRUN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Everything is borrowed for the duration of the call. All-zero is the default of every field;
// a pointer to such a struct is always passed, never NULL.
struct mountrun_options {
  const char* at;           // directory beneath which topmost targets are looked up, or NULL
  const char* root;         // the same for targets and sources, or NULL; not both
  const char* in;           // namespace that COMMAND runs in, or NULL: the first declared one
  char* const* command;     // argv of COMMAND, NULL-terminated, or NULL: run none
  char* const* environment; // envp of COMMAND; its PATH is searched
  int dry_run;              // print the steps, make the checks that change nothing
  int trace;                // print each step with its result and time
  int remove;               // take away what an earlier run has made
  int replace;              // put new mounts in the place of those that an earlier run has made
  int force;                // both of them without checking what is there
  int allow_gap;            // replace: where nothing can go beneath, remove all first
  void (*write)(void* context, const char* text, size_t size);  // receives what is printed and
                                                                 // the report; NULL: nothing
  void* context;
};

// Enough workspace for every plan of up to 100,000 mounts.
#define MOUNTRUN_WORKSPACE_MAX (3 * 1024 * 1024)

// The number of bytes of workspace that mountrun_apply needs for this plan,
// or 0 when the plan is refused (mountrun_apply then says why and needs no workspace).
size_t mountrun_workspace(const void* plan, size_t size);

// Verifies the plan and runs it. `plan` is read-only, 8-byte aligned, `size` bytes; `workspace`
// is 8-byte aligned. Returns an exit status of exits.def; 0 when everything is in place. On any
// other status, except 5, the namespace is as it was before. All file descriptors the call
// opened are closed when it returns. With `command` it returns only on failure: else the
// process has become COMMAND.
// From the first visible step until it returns, the calling thread has all signals blocked that
// would end the process, but for those of faults. Then its mask is as before. When such a signal
// has come that has no handler, is not ignored and was not blocked before, everything is taken
// back, and the process dies of it; but `remove`, `replace` and a layout with `beneath`, which
// cannot be taken back, are completed first. A handler runs right before the call returns; the
// layout stays.
// Not safe while another thread of the process changes the working directory or the root.
int mountrun_apply(const void* plan, size_t size, const struct mountrun_options* options,
                   void* workspace, size_t workspace_size);

// Asks the running kernel for everything that a plan may need, and writes a line for each,
// `NAME: yes` or `NAME: no`, through `write`. Nothing is changed.
void mountrun_probe(const struct mountrun_options* options);

// Writes the plan as text assembly (without the places), one line per step, through `write`.
int mountrun_print(const void* plan, size_t size, const struct mountrun_options* options);

#ifdef __cplusplus
}
#endif
#endif
