// compiler/tool/output.cc - where results and messages go.
#include "compiler/tool/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace mountc::tool {
namespace {

// 0, or the errno.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return 0;
}

// What is no regular file (a device, a pipe) is written, not replaced.
int write_in_place(const std::string& path, std::string_view bytes, bool& terminal) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    terminal = false;
    return errno;
  }
  terminal = terminal && ::isatty(fd);
  const int error = terminal ? 0 : write_all(fd, bytes);
  return ::close(fd) < 0 && error == 0 ? errno : error;
}

// `path` shall be replaced, not the symbolic link that it may be.
std::string behind_links(const std::string& path) {
  char* const real = ::realpath(path.c_str(), nullptr);
  if (!real) return path;
  std::string result = real;
  std::free(real);
  return result;
}

// Owner and permissions of the file that is replaced; whoever may not give a file away keeps
// it.
int take_after(int fd, const struct stat& old) {
  if (::fchown(fd, old.st_uid, old.st_gid) < 0 && errno != EPERM) return errno;
  return ::fchmod(fd, old.st_mode & 07777) < 0 ? errno : 0;
}

int replace(const std::string& path, std::string_view bytes, const struct stat* old) {
  const std::string target = old ? behind_links(path) : path;
  const size_t slash = target.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : target.substr(0, slash + 1);
  const std::string beside = fmt::format("{}.mountc-{}.tmp", directory, ::getpid());
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return errno;
  int error = write_all(fd, bytes);
  if (error == 0 && old) error = take_after(fd, *old);
  if (::close(fd) < 0 && error == 0) error = errno;
  if (error == 0 && ::rename(beside.c_str(), target.c_str()) < 0) error = errno;
  if (error != 0) ::unlink(beside.c_str());
  return error;
}

Exit write_file(const std::string& path, std::string_view bytes, bool terminal_refused) {
  bool terminal = terminal_refused;
  int error = 0;
  struct stat old {};
  if (path == "-") {
    terminal = terminal && ::isatty(STDOUT_FILENO);
    if (!terminal) error = write_all(STDOUT_FILENO, bytes);
  } else if (const bool exists = ::stat(path.c_str(), &old) == 0;
             exists && !S_ISREG(old.st_mode)) {
    error = write_in_place(path, bytes, terminal);
  } else {
    terminal = false;
    error = replace(path, bytes, exists ? &old : nullptr);
  }
  if (terminal) {
    print_error("a plan is not written to a terminal; name a file with -o");
  } else if (error != 0) {
    return cannot_write(path, error);
  }
  return terminal ? Exit::usage : Exit::done;
}

}  // namespace

Exit write_text(std::string_view text, const std::string& path) {
  return write_file(path, text, false);
}

Exit write_plan(std::string_view bytes, const std::string& path) {
  return write_file(path, bytes, true);
}

bool is_input(const std::string& read, const std::string& path) {
  struct stat in {
  }, out{};
  if (path == "-" || read == "-" || ::stat(path.c_str(), &out) < 0) return false;
  if (::stat(read.c_str(), &in) < 0 || !S_ISREG(in.st_mode)) return false;
  if (in.st_dev != out.st_dev || in.st_ino != out.st_ino) return false;
  print_error(fmt::format("`{}` is what was read: it would be lost", path));
  return true;
}

bool is_input(const Sources& sources, const std::string& path) {
  uint32_t next = 0;  // text: some are read again and again
  for (uint32_t each = 0; each < sources.size(); ++each) {
    if (sources.text_of(each) < next) continue;
    next = sources.text_of(each) + 1;
    if (is_input(sources.file(each).name, path)) return true;
  }
  return false;
}

std::string default_output(const std::string& input, std::string_view from,
                           std::string_view to) {
  if (input == "-") return "-";
  const bool has_ending = input.ends_with(from);
  return input.substr(0, input.size() - (has_ending ? from.size() : 0)).append(to);
}

int write_to(int fd, std::string_view text) { return write_all(fd, text); }

void raise_descriptor_limit(size_t slots) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) < 0 || slots + 64 < limit.rlim_cur) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void print_error(std::string_view message) {
  write_to(STDERR_FILENO, fmt::format("mountc: error: {}\n", message));
}

Exit usage_error(std::string_view message, std::string_view command) {
  print_error(
      fmt::format("{}; see `mountc help{}{}`", message, command.empty() ? "" : " ", command));
  return Exit::usage;
}

Exit cannot_read(const std::string& path) {
  print_error(fmt::format("cannot read `{}`: {}", path, std::strerror(errno)));
  return Exit::usage;
}

Exit cannot_write(const std::string& path, int error) {
  print_error(fmt::format("cannot write `{}`: {}", path, std::strerror(error)));
  return Exit::usage;
}

}  // namespace mountc::tool
