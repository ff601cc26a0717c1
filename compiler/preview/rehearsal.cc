// compiler/preview/rehearsal.cc - runs a layout for real where it cannot be seen.
//
// A child leaves for a throw-away namespace, applies the plan, and sends back what mountinfo
// says there and in each namespace that the plan has made. With the child all mounts are gone;
// mount points that were made on the host are removed by the parent.
#include "compiler/preview/rehearsal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>

#include "compiler/import/running.h"
#include "compiler/import/throwaway.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/root.h"
#include "compiler/plan/bytes.h"

namespace mountc {
namespace {

// -- what a plan makes on the host ----------------------------------------------------------

// The paths that are missing now and that the plan will make, the deepest one first.
std::vector<std::string> missing_mount_points(const Layout& layout, const std::string& prefix) {
  std::vector<std::string> missing;
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (mount.make == Make::nothing || made_with_superblock(layout, m)) continue;
    std::string path = mount.target;
    if (mount.parent != none) {
      const Root& root = layout.mounts[mount.parent].root;
      if (root.superblock != none) continue;  // gone with the filesystem, or kept by its disk
      path = "/" + join(root.path, path);
    }
    path = normalise(prefix + path);
    while (path != "/" && ::access(path.c_str(), F_OK) < 0 && errno == ENOENT) {
      missing.push_back(path);
      if (!mount.make_parents) break;
      path = parent_of(path);
    }
  }
  std::ranges::sort(missing, std::greater(),
                    [](const std::string& path) { return path.size(); });
  return missing;
}

void remove_made(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    struct stat file {};
    if (::lstat(path.c_str(), &file) < 0) continue;
    if (S_ISDIR(file.st_mode)) {
      ::rmdir(path.c_str());
    } else if (S_ISREG(file.st_mode) && file.st_size == 0) {
      ::unlink(path.c_str());
    }
  }
}

// -- the child ------------------------------------------------------------------------------

// The field of a line of mountinfo, counted from 0.
std::string_view field(std::string_view line, int n) {
  for (; n > 0; --n) line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
  return line.substr(0, line.find(' '));
}

template <typename Each>
void for_each_line(std::string_view text, Each each) {
  while (!text.empty()) {
    const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    each(text.substr(0, size));
    text.remove_prefix(size);
  }
}

// The lines of `after` that are of new mounts, without the pins on the stage.
std::string new_lines(const std::string& after, const std::string& before, const Stage& stage) {
  std::set<std::string_view> old;
  for_each_line(before, [&](std::string_view line) { old.insert(field(line, 0)); });
  std::string text;
  for_each_line(after, [&](std::string_view line) {
    const bool pin = field(line, 4).starts_with(stage.directory + "/");
    if (!pin && !old.contains(field(line, 0))) text += line;
  });
  return text;
}

// What a child and its parent say to each other: sizes before texts.
void send(int fd, const std::string& text) {
  const uint64_t size = text.size();
  write_whole(fd, std::string(reinterpret_cast<const char*>(&size), sizeof size) + text);
}

[[noreturn]] void fail(int fd, const std::string& what, int error) {
  send(fd, fmt::format("{}: {}", what, std::strerror(error)));
  ::_exit(EXIT_FAILURE);
}

[[noreturn]] void perform(const Layout& layout, const std::string& plan,
                          const mountrun_options& options, const Stage& stage, int fd) {
  if (const int error = enter_throwaway_namespace()) {
    fail(fd, "cannot leave for a mount namespace of its own", error);
  }
  // The pins' own filesystem is private, as pins need it.
  if (::mount("mountc", stage.directory.c_str(), "tmpfs", 0, nullptr) < 0 ||
      ::mount(nullptr, stage.directory.c_str(), nullptr, MS_PRIVATE, nullptr) < 0) {
    fail(fd, "cannot mount over `" + stage.directory + "`", errno);
  }
  const int pins = ::open(stage.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int proc = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  std::string before, after;
  if (!read_whole(proc, "self/mountinfo", before)) fail(fd, "cannot read /proc", errno);

  const int status = PlanBytes(plan).apply(options);
  send(fd, "");
  send(fd, std::to_string(status));
  if (status != 0) ::_exit(0);

  if (!read_whole(proc, "self/mountinfo", after)) fail(fd, "cannot read /proc", errno);
  send(fd, new_lines(after, before, stage));
  for (NamespaceId n = 0; n < layout.namespaces.size(); ++n) {
    const int pin = ::openat(pins, std::to_string(n).c_str(), O_RDONLY | O_CLOEXEC);
    const auto inside = pin < 0 ? std::nullopt : read_namespace(pin, proc);
    if (inside) {
      send(fd, *inside);
    } else {
      fail(fd, "cannot read the mounts of `" + layout.namespaces[n].name + "`", errno);
    }
    ::close(pin);
  }
  ::_exit(0);
}

// The next text of the child; nullopt at the end.
bool receive(int fd, std::string& text) {
  const auto read_all = [fd](char* to, size_t size) {
    while (size > 0) {
      const ssize_t count = ::read(fd, to, size);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      to += count;
      size -= static_cast<size_t>(count);
    }
    return true;
  };
  uint64_t size = 0;
  if (!read_all(reinterpret_cast<char*>(&size), sizeof size)) return false;
  text.resize(size);
  return read_all(text.data(), size);
}

Rehearsal listen(const Layout& layout, int fd) {
  Rehearsal result;
  std::string text;
  if (!receive(fd, result.error)) result.error = "it ended without a word";
  if (!result.error.empty() || !receive(fd, text)) {
    result.status = 4;
    return result;
  }
  result.status = std::stoi(text);
  if (result.status != 0) return result;
  for (size_t n = 0; n <= layout.namespaces.size(); ++n) {
    const std::string name = n == 0 ? "" : layout.namespaces[n - 1].name;
    if (!receive(fd, text)) {
      result.status = 4;
      result.error = fmt::format("nothing was read back of namespace `{}`", name);
      return result;
    }
    result.readings.push_back({name, text});
  }
  return result;
}

}  // namespace

Stage Stage::make() {
  for (const char* parent : {"/tmp", "/run", "/var/tmp", "/dev/shm"}) {
    std::string path = std::string(parent) + "/mountc-try-XXXXXX";
    if (::mkdtemp(path.data())) return {path};
  }
  return {};
}

void Stage::remove() const { ::rmdir(directory.c_str()); }

Rehearsal rehearse(const Layout& layout, const std::string& plan,
                   const mountrun_options& options, const Stage& stage) {
  const char* const prefix = options.root ? options.root : options.at ? options.at : "";
  const auto missing = missing_mount_points(layout, prefix);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return {4, std::strerror(errno), {}};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    perform(layout, plan, options, stage, ends[1]);
  }
  ::close(ends[1]);
  if (child < 0) return {4, std::strerror(errno), {}};
  Rehearsal result = listen(layout, ends[0]);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  remove_made(missing);
  return result;
}

}  // namespace mountc
