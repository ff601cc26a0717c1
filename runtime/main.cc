// runtime/main.cc - the program `mountrun`: arguments, the plan's bytes, and where text goes.
// Static, without a libc; start.S calls it.
#include "runtime/machine.h"

using namespace mountc;

namespace {

constexpr char usage_text[] =
    "usage: mountrun PLAN [--at DIR | --root DIR] [--in NAME] [--trace] [--dry-run]\n"
    "                [-- COMMAND...]\n"
    "  PLAN       a compiled plan, or - for standard input\n"
    "  --at DIR   look topmost targets up inside DIR\n"
    "  --root DIR look targets and sources up inside DIR\n"
    "  --in NAME  run COMMAND in the namespace NAME, not in the first one\n"
    "  --trace    print each step with its result and time\n"
    "  --dry-run  print the steps and make the checks that change nothing\n";

constexpr char version_text[] = "mountrun 1.0, plan format 1\n";
static_assert(plan::format_version == 1);

// Enough for most plans; more is mapped.
alignas(16) char static_workspace[7168];

void write_all(void* context, const char* text, size_t size) {
  const int fd = *static_cast<const int*>(context);
  while (size > 0) {
    const long done = sys::write(fd, text, size);
    if (done <= 0) return;
    text += done;
    size -= static_cast<size_t>(done);
  }
}

struct Arguments {
  const char* plan = nullptr;
  mountrun_options options{};
  int fd = 2;  // where text goes
};

int wrong(Arguments& arguments, const char* what, const char* name) {
  run::Output out(arguments.options);
  out.text("mountrun: error: ").text(what);
  if (name) out.text(" `").text(name).put('`');
  out.text("; see --help\n");
  return run::Exit::usage;
}

// Exit::done, and then `finished` when nothing is left to do.
int parse(char** argv, Arguments& arguments, bool& finished) {
  mountrun_options& options = arguments.options;
  for (char** at = argv + 1; *at; ++at) {
    const auto is = [&](const char* name) { return plan::equal(*at, name); };
    if (is("--")) {
      if (!at[1]) return wrong(arguments, "no command after", "--");
      options.command = at + 1;
      break;
    }
    const char** value = is("--at")     ? &options.at
                         : is("--root") ? &options.root
                         : is("--in")   ? &options.in
                                        : nullptr;
    if (value) {
      if (!*++at) return wrong(arguments, "a value is missing after", at[-1]);
      *value = *at;
    } else if (is("--trace")) {
      options.trace = 1;
    } else if (is("--dry-run")) {
      options.dry_run = 1;
    } else if (is("--help") || is("--version")) {
      arguments.fd = 1;
      run::Output(options).text(is("--help") ? usage_text : version_text);
      finished = true;
      return run::Exit::done;
    } else if ((*at)[0] == '-' && (*at)[1]) {
      return wrong(arguments, "unknown option", *at);
    } else if (arguments.plan) {
      return wrong(arguments, "a second plan", *at);
    } else {
      arguments.plan = *at;
    }
  }
  if (!arguments.plan) return wrong(arguments, "no plan", nullptr);
  if (options.at && options.root) return wrong(arguments, "--at together with", "--root");
  if (options.in && !options.command) return wrong(arguments, "no command for", "--in");
  return run::Exit::done;
}

void* map(size_t size, int fd) {
  const int read_only = 1, read_write = 3, private_mapping = 2, anonymous = 0x20;
  const long at = sys::call(sys::Call::mmap, 0, size, fd < 0 ? read_write : read_only,
                            fd < 0 ? private_mapping | anonymous : private_mapping, fd, 0);
  return at < 0 && at > -4096 ? nullptr : reinterpret_cast<void*>(at);
}

// Standard input may be a pipe: read into memory that grows by doubling.
const void* read_plan(int fd, size_t& size) {
  size_t room = 1u << 16;
  char* bytes = static_cast<char*>(map(room, -1));
  size = 0;
  while (bytes) {
    const long got = sys::read(fd, bytes + size, room - size);
    if (got < 0) return nullptr;
    if (got == 0) break;
    size += static_cast<size_t>(got);
    if (size < room) continue;
    if (room >= plan::file_size_max) return nullptr;
    char* larger = static_cast<char*>(map(room * 2, -1));
    if (larger) __builtin_memcpy(larger, bytes, size);
    bytes = larger;
    room *= 2;
  }
  return bytes;
}

const void* load_plan(const char* path, size_t& size) {
  if (plan::equal(path, "-")) return read_plan(0, size);
  const int fd = sys::open(sys::at_fdcwd, path, sys::o_rdonly);
  if (fd < 0) return nullptr;
  sys::Statx found;
  const void* bytes = nullptr;
  if (sys::statx(fd, "", sys::statx_size, &found) == 0) {
    size = found.size;
    bytes = size ? map(size, fd) : read_plan(fd, size);
  }
  sys::close(fd);
  return bytes;
}

// A plan holds few descriptors at once, but a forest of groups may need more than the usual
// 1024.
void raise_descriptor_limit(size_t slots) {
  sys::Limit limit{};
  sys::call(sys::Call::prlimit64, 0, sys::limit_nofile, nullptr, &limit);
  if (slots + 64 < limit.soft) return;
  limit.soft = limit.hard;
  sys::call(sys::Call::prlimit64, 0, sys::limit_nofile, &limit, nullptr);
}

}  // namespace

extern "C" int mountrun_main(char** argv, char** envp) {
  Arguments arguments;
  mountrun_options& options = arguments.options;
  options.write = write_all;
  options.context = &arguments.fd;
  options.environment = envp;
  bool finished = false;
  if (const int status = parse(argv, arguments, finished); status != 0 || finished)
    return status;
  if (options.dry_run) arguments.fd = 1;

  size_t size = 0;
  const void* bytes = load_plan(arguments.plan, size);
  if (!bytes) {
    arguments.fd = 2;
    return wrong(arguments, "cannot read", arguments.plan);
  }
  const size_t needed = mountrun_workspace(bytes, size);
  void* workspace = static_workspace;
  if (needed > sizeof static_workspace) workspace = map(needed, -1);
  if (!workspace) return wrong(arguments, "not enough memory for", arguments.plan);
  if (needed > 0) {
    raise_descriptor_limit(static_cast<const plan::Header*>(bytes)->slots);
  }
  return mountrun_apply(bytes, size, &options, workspace, needed);
}
