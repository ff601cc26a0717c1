// test/tools/apply_in_process.cc - runs a plan by libmountrun in a process that lives on, and
// prints each file descriptor that the call has left open, closed or replaced.
//
// getppid(2) is called right before and right after mountrun_apply, and nowhere else: it marks
// in a list of system calls which ones are the library's.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "runtime/mountrun.h"

namespace {

constexpr int status_usage = 2;
constexpr int status_leak = 99;
constexpr int fds_watched = 1024;

struct File {
  bool open = false;
  dev_t device = 0;
  ino_t inode = 0;

  bool operator==(const File&) const = default;
};

using Files = std::array<File, fds_watched>;

Files open_files() {
  Files files;
  for (int fd = 0; fd < fds_watched; ++fd) {
    struct stat status{};
    if (fstat(fd, &status) != 0) continue;
    files[static_cast<size_t>(fd)] = {true, status.st_dev, status.st_ino};
  }
  return files;
}

bool report_changes(const Files& before, const Files& after) {
  bool changed = false;
  for (size_t fd = 0; fd < before.size(); ++fd) {
    if (before[fd] == after[fd]) continue;
    const char* what = !before[fd].open ? "left open" : after[fd].open ? "replaced" : "closed";
    std::fprintf(stderr, "apply_in_process: fd %zu was %s\n", fd, what);
    changed = true;
  }
  return changed;
}

// 64-bit words, because a plan is 8-byte aligned.
std::vector<uint64_t> read_file(const char* path, size_t& size) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status{};
  if (fd < 0 || fstat(fd, &status) != 0) {
    std::perror(path);
    std::exit(status_usage);
  }
  size = static_cast<size_t>(status.st_size);
  std::vector<uint64_t> words(size / sizeof(uint64_t) + 1);
  if (read(fd, words.data(), size) != static_cast<ssize_t>(size)) {
    std::perror(path);
    std::exit(status_usage);
  }
  close(fd);
  return words;
}

void write_text(void*, const char* text, size_t size) {
  while (size > 0) {
    const ssize_t written = write(STDERR_FILENO, text, size);
    if (written <= 0) return;
    text += written;
    size -= static_cast<size_t>(written);
  }
}

void mark() { syscall(SYS_getppid); }

}  // namespace

int main(int argc, char** argv) {
  mountrun_options options{};
  options.write = write_text;
  if (argc == 4 && std::strcmp(argv[2], "--at") == 0) {
    options.at = argv[3];
  } else if (argc == 4 && std::strcmp(argv[2], "--root") == 0) {
    options.root = argv[3];
  } else if (argc != 2) {
    std::fputs("usage: apply_in_process PLAN [--at DIR | --root DIR]\n", stderr);
    return status_usage;
  }
  size_t size = 0;
  const std::vector<uint64_t> plan = read_file(argv[1], size);
  std::vector<uint64_t> workspace(mountrun_workspace(plan.data(), size) / sizeof(uint64_t) + 1);
  const Files before = open_files();
  mark();
  const int status = mountrun_apply(plan.data(), size, &options, workspace.data(),
                                    workspace.size() * sizeof(uint64_t));
  mark();
  return report_changes(before, open_files()) ? status_leak : status;
}
