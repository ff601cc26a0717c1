// runtime/main.cc - the program `mountrun`: arguments, the plan's bytes, and where text goes.
// Static, without a libc; start.S calls it.
#include "runtime/machine.h"
#include "runtime/report.h"

using namespace mountc;

namespace {

static_assert(plan::format_version == 1);  // Text::version names it

struct Program {
  const char* plan = nullptr;
  mountrun_options options{};
  int fd = 2;  // where text goes
  long lost = 0;  // the errno of a result that could not be written
  run::Output out{options};

  template <typename... Args>
  int wrong(Text text, Args... args) {
    run::report_problem(out, Text::see_help, text, args...);
    return run::Exit::usage;
  }

  int ended(int status) {
    if (!lost) return status;
    fd = 2;
    run::report_problem(out, Text::error, lost);
    return run::Exit::usage;
  }
};

void write_all(void* context, const char* text, size_t size) {
  Program& program = *static_cast<Program*>(context);
  while (size > 0) {
    const long done = sys::write(program.fd, text, size);
    if (done == -sys::EINTR) continue;
    if (done <= 0) {
      // A report that cannot be told changes nothing, but a result that is lost is none.
      if (program.fd == 1) program.lost = -done;
      return;
    }
    text += done;
    size -= static_cast<size_t>(done);
  }
}

enum Argument { dry_run, trace, remove, replace, force, allow_gap, at, root, in, help, version, probe, command };
constexpr char arguments[] = "--dry-run\0--trace\0--remove\0--replace\0--force\0--allow-gap\0"
                             "--at\0--root\0--in\0--help\0--version\0--probe\0--";

// An Argument, or -1.
int find_argument(const char* name) {
  const char* known = arguments;
  for (int i = 0; i <= Argument::command; ++i) {
    if (plan::equal(known, name)) return i;
    known += plan::length_until(known, 0) + 1;
  }
  return -1;
}

// Exit::done, and then `finished` when nothing is left to do.
int parse(char** argv, Program& program, bool& finished) {
  mountrun_options& options = program.options;
  while (*++argv && !options.command) {
    const int argument = find_argument(*argv);
    if (argument < 0) {
      if ((*argv)[0] == '-' && (*argv)[1]) return program.wrong(Text::unknown_option, *argv);
      // COMMAND without `--`: the kernel's command line can hold only one, which ends the
      // kernel's own arguments (Linux 6.18, kernel/params.c parse_args()).
      if (program.plan)
        options.command = argv;
      else
        program.plan = *argv;
    } else if (argument < Argument::at) {
      (&options.dry_run)[argument] = 1;
    } else if (argument >= Argument::help && argument <= Argument::probe) {
      program.fd = 1;
      if (argument == Argument::probe) {
        mountrun_probe(&options);
      } else {
        program.out.say(argument == Argument::help ? Text::usage : Text::version);
      }
      finished = true;
      return run::Exit::done;
    } else if (!argv[1]) {
      return program.wrong(Text::value_missing, *argv);
    } else if (argument == Argument::command) {
      options.command = argv + 1;
    } else {
      const char*& value = argument == Argument::at     ? options.at
                           : argument == Argument::root ? options.root
                                                        : options.in;
      value = *++argv;
    }
  }
  if (!program.plan) return program.wrong(Text::no_plan);
  return run::Exit::done;
}

// Pages that are not touched cost nothing. A negative errno, or the address.
[[gnu::noinline]] long map(size_t size) {
  const int read_write = 3, private_anonymous = 0x22;
  return sys::call(sys::Call::mmap, 0, size, read_write, private_anonymous, -1, 0);
}

// Reads all of it into memory of its own: the verified bytes must not change, and it may be a
// pipe. As map().
long read_plan(int fd, size_t& size) {
  size_t room = 1u << 20;
  const int may_move = 1;
  long bytes = map(room);
  for (size = 0; bytes > 0;) {
    const long got = sys::read(fd, reinterpret_cast<char*>(bytes) + size, room - size);
    if (got == -sys::EINTR) continue;
    if (got <= 0) return got < 0 ? got : bytes;
    size += static_cast<size_t>(got);
    if (size < room) continue;
    bytes = room > plan::file_size_max
                ? -sys::EFBIG
                : sys::call(sys::Call::mremap, bytes, room, room * 2, may_move);
    room *= 2;
  }
  return bytes;
}

// As the lowest free fd: where 0, 1 or 2 is closed it stays there, for a mount that got this fd
// would be taken for standard output. COMMAND does not get it.
int open_plan(const char* path) {
  int fd = 0;
  do fd = plan::equal(path, "-") ? sys::dup(0) : sys::open(sys::at_fdcwd, path, sys::o_rdonly);
  while (fd >= 0 && fd <= 2);
  return fd;
}

// A plan holds few descriptors at once, but a forest of groups may need more than the usual
// 1024.
void raise_descriptor_limit(size_t slots) {
  sys::Limit limit;
  const long known = sys::call(sys::Call::prlimit64, 0, sys::limit_nofile, 0, &limit);
  if (known < 0 || slots + 64 < limit.soft) return;
  limit.soft = limit.hard;
  sys::call(sys::Call::prlimit64, 0, sys::limit_nofile, &limit, 0);
}

}  // namespace

extern "C" int mountrun_main(char** argv, char** envp) {
  Program program;
  mountrun_options& options = program.options;
  options.write = write_all;
  options.context = &program;
  options.environment = envp;
  bool finished = false;
  const int status = parse(argv, program, finished);
  if (status != 0 || finished) return program.ended(status);

  size_t size = 0;
  const int fd = open_plan(program.plan);
  const long bytes = fd < 0 ? fd : read_plan(fd, size);
  const long workspace = bytes < 0 ? bytes : map(MOUNTRUN_WORKSPACE_MAX);
  if (workspace < 0) {
    run::report_problem(program.out, Text::cannot_read, program.plan, -workspace);
    return run::Exit::usage;
  }
  sys::close(fd);
  // Bytes that are no plan are refused afterwards; there is room for a header.
  raise_descriptor_limit(reinterpret_cast<const plan::Header*>(bytes)->slots);
  if (options.dry_run) program.fd = 1;
  return program.ended(mountrun_apply(reinterpret_cast<const void*>(bytes), size, &options,
                                      reinterpret_cast<void*>(workspace),
                                      MOUNTRUN_WORKSPACE_MAX));
}
