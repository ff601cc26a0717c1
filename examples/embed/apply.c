/* apply.c - a program that has a plan linked in and applies it: what an init system would do.
 *
 *   mountc compile layout.mnt --emit=c -o layout_plan.c
 *   cc apply.c layout_plan.c $(pkg-config --cflags --libs mountrun)
 *
 * No memory is allocated: the workspace is static. Reports go to standard error.
 */
#include <mountrun.h>
#include <stdint.h>
#include <unistd.h>

extern const uint64_t layout_plan[];
extern const size_t layout_plan_size;

static uint64_t workspace[MOUNTRUN_WORKSPACE_MAX / sizeof(uint64_t)];

static void write_report(void* context, const char* text, size_t size) {
  const int* fd = context;
  while (size > 0) {
    const ssize_t written = write(*fd, text, size);
    if (written <= 0) return;
    text += written;
    size -= (size_t)written;
  }
}

int main(void) {
  int fd = STDERR_FILENO;
  struct mountrun_options options = {0};
  options.write = write_report;
  options.context = &fd;
  return mountrun_apply(layout_plan, layout_plan_size, &options, workspace, sizeof workspace);
}
