// runtime/command.cc - becomes COMMAND, or comes back from the namespace it should have run in.
#include "runtime/machine.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

const char* search_path(char* const* environment) {
  for (; environment && *environment; ++environment) {
    const char* entry = *environment;
    const char* wanted = "PATH=";
    while (*wanted && *entry == *wanted) ++entry, ++wanted;
    if (!*wanted) return entry;
  }
  return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

// Appends to `path`; false when it gets too long for the kernel.
bool append(char* path, size_t& used, const char* from, size_t length) {
  if (used + length >= child_stack_size) return false;
  for (size_t i = 0; i < length; ++i) path[used++] = from[i];
  path[used] = 0;
  return true;
}

size_t length_until(const char* text, char end) {
  size_t length = 0;
  while (text[length] && text[length] != end) ++length;
  return length;
}

// As execvp(3) searches, but without a shell for files of unknown format.
long execute(const Machine& m) {
  char* const* argv = m.options->command;
  char* const nothing[] = {nullptr};
  char* const* envp = m.options->environment ? m.options->environment : nothing;
  const size_t length = length_until(argv[0], 0);
  if (length_until(argv[0], '/') != length || length == 0) {
    return sys::call(sys::Call::execve, argv[0], argv, envp);
  }
  long error = -sys::ENOENT;
  for (const char* at = search_path(envp);; ++at) {
    const size_t part = length_until(at, ':');
    size_t used = 0;
    if (append(m.scratch, used, part ? at : ".", part ? part : 1) &&
        append(m.scratch, used, "/", 1) && append(m.scratch, used, argv[0], length)) {
      const long answer = sys::call(sys::Call::execve, m.scratch, argv, envp);
      const bool goes_on =
          answer == -sys::ENOENT || answer == -sys::ENOTDIR || answer == -sys::EACCES;
      if (!goes_on) return answer;
      if (answer == -sys::EACCES) error = answer;
    }
    at += part;
    if (!*at) return error;
  }
}

// Where the process was: setns(2) moves its root and working directory, too.
class Home {
 public:
  Home()
      : ns_(sys::mount_namespace()),
        root_(sys::open(sys::at_fdcwd, "/", sys::o_path)),
        cwd_(sys::open(sys::at_fdcwd, ".", sys::o_path)) {}
  ~Home() {
    const int fds[] = {ns_, root_, cwd_};
    for (const int fd : fds) {
      if (fd >= 0) sys::close(fd);
    }
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  bool known() const { return ns_ >= 0 && root_ >= 0 && cwd_ >= 0; }
  void return_to() const {
    sys::setns(ns_, sys::clone_newns);
    sys::fchdir(root_);
    sys::chroot(".");
    sys::fchdir(cwd_);
  }

 private:
  int ns_, root_, cwd_;
};

int status_of(long error) {
  return error == -sys::ENOENT ? Exit::not_found : Exit::not_executable;
}

}  // namespace

int become_command(Machine& m) {
  const char* name = m.options->command[0];
  if (m.entered_fd < 0) {
    const long error = execute(m);
    report_problem(*m.options, "cannot run", name, -error);
    return status_of(error);
  }
  const Home home;
  if (!home.known()) {
    report_problem(*m.options, "the way back from the namespace is not known", nullptr, 0);
    return Exit::failed;
  }
  const long entered = sys::setns(m.entered_fd, sys::clone_newns);
  if (entered < 0) {
    report_problem(*m.options, "cannot enter the namespace for", name, -entered);
    return Exit::failed;
  }
  const long error = execute(m);
  home.return_to();
  report_problem(*m.options, "cannot run", name, -error);
  return status_of(error);
}

}  // namespace mountc::run
