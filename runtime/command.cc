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

// As execvp(3) searches, but without a shell for files of unknown format.
long execute(const Machine& m) {
  char* const* argv = m.options.command;
  char* const nothing[] = {nullptr};
  char* const* envp = m.options.environment ? m.options.environment : nothing;
  const char* name = argv[0];
  const auto become = [&](const char* path) {
    return sys::call(sys::Call::execve, path, argv, envp);
  };
  if (!*name || name[plan::length_until(name, '/')]) return become(name);
  long error = -sys::ENOENT;
  for (const char* at = search_path(envp);; ++at) {
    const size_t length = plan::length_until(at, ':');
    const char* path = m.path(length ? at : ".", ':', name);
    const long answer = path ? become(path) : -sys::ENOENT;
    if (answer == -sys::EACCES) error = answer;
    if (answer != -sys::ENOENT && answer != -sys::ENOTDIR && answer != -sys::EACCES) {
      return answer;
    }
    at += length;
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

  bool known() const { return (ns_ | root_ | cwd_) >= 0; }
  void return_to() const {
    sys::setns(ns_, sys::clone_newns);
    sys::fchdir(root_);
    sys::chroot(".");
    sys::fchdir(cwd_);
  }

 private:
  int ns_, root_, cwd_;
};

// The entered namespace, or what lies over `/`: from a root, `..` steps up to what is mounted on it
// (fs/namei.c follow_dotdot(), step_into()).
long enter(const Machine& m) {
  if (m.entered_fd >= 0) return sys::setns(m.entered_fd, sys::clone_newns);
  const long done = sys::chroot("/..");
  return done < 0 ? done : sys::chdir("/");
}

}  // namespace

int become_command(Machine& m) {
  // COMMAND gets the caller's mask. A signal that comes from here on could as well be for it.
  hold_signals(m, false);
  long error = 0;
  if (m.entered_fd < 0 && !m.new_root) {
    if (!m.options.command) return Exit::done;
    error = execute(m);
  } else {
    const Home home;
    if (!home.known()) {
      report_problem(m.out, Text::no_way_back);
      return Exit::failed;
    }
    const long entered = enter(m);
    if (entered >= 0) {
      if (!m.options.command) return Exit::done;
      error = execute(m);
    }
    home.return_to();
    if (entered < 0) {
      report_problem(m.out, Text::cannot_enter, -entered);
      return Exit::failed;
    }
  }
  report_problem(m.out, Text::cannot_run, m.options.command[0], -error);
  return error == -sys::ENOENT ? Exit::not_found : Exit::not_executable;
}

}  // namespace mountc::run
