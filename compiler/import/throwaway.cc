// compiler/import/throwaway.cc - a mount namespace to be thrown away.
#include "compiler/import/throwaway.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "compiler/import/mountinfo_line.h"

namespace mountc {
namespace {

// The targets of the caller's shared mounts.
std::vector<std::string> shared_targets() {
  std::string text;
  std::vector<std::string> targets;
  if (!read_whole(AT_FDCWD, "/proc/self/mountinfo", text)) return targets;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string defect;
    const auto line = read_mountinfo_line(std::string_view(text).substr(at, end - at), defect);
    if (line && line->mount.group != 0) targets.push_back(line->mount.full_target);
    at = end + 1;
  }
  return targets;
}

}  // namespace

int enter_throwaway_namespace() {
  const auto shared = shared_targets();
  if (::unshare(CLONE_NEWNS) < 0) return errno;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) < 0) return errno;
  for (const std::string& target : shared) {
    // A covered one is out of reach by its path, for a plan as well.
    ::mount(nullptr, target.c_str(), nullptr, MS_SHARED, nullptr);
  }
  return 0;
}

bool read_whole(int directory, const char* path, std::string& text) {
  const int fd = ::openat(directory, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  // What is not written to costs nothing; growing does.
  text.reserve(text.size() + (size_t{1} << 20));
  char buffer[65536];
  ssize_t count;
  do {
    count = ::read(fd, buffer, sizeof buffer);
    if (count > 0) text.append(buffer, static_cast<size_t>(count));
  } while (count > 0 || (count < 0 && errno == EINTR));
  const int error = errno;
  ::close(fd);
  errno = error;
  return count == 0;
}

bool inside(int namespace_file, const std::function<bool(std::string&)>& read,
            std::string& text) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    std::string said;
    const bool good = ::setns(namespace_file, CLONE_NEWNS) == 0 && read(said) &&
                      write_whole(ends[1], said);
    ::_exit(good ? 0 : errno & 0xff);
  }
  ::close(ends[1]);
  char buffer[65536];
  ssize_t count;
  while ((count = ::read(ends[0], buffer, sizeof buffer)) > 0 ||
         (count < 0 && errno == EINTR)) {
    if (count > 0) text.append(buffer, static_cast<size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) < 0) return false;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  return errno == 0;
}

bool write_whole(int fd, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t count = ::write(fd, text.data() + at, text.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    at += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace mountc
