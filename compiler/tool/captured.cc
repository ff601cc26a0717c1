// compiler/tool/captured.cc - snapshots from what the command line names.
#include "compiler/tool/captured.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "compiler/import/coherence.h"
#include "compiler/import/mountinfo.h"
#include "compiler/import/running.h"
#include "compiler/layout/paths.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {
namespace {

std::string name_of_process(const std::string& pid) {
  if (pid == "self") return "here";
  Sources sources;
  const auto file = sources.read("/proc/" + pid + "/comm");
  if (!file) return pid;
  const std::string& text = sources.file(*file).text;
  return text.substr(0, text.find('\n'));
}

// What `/proc/N/...` is of.
std::string process_of(const std::string& path) {
  constexpr std::string_view proc = "/proc/";
  if (!path.starts_with(proc)) return "";
  const std::string name = path.substr(proc.size(), path.find('/', proc.size()) - proc.size());
  return name.find_first_not_of("0123456789") == std::string::npos ? name : "";
}

// "/tmp/web.mountinfo" -> "web"
std::string name_of_file(const std::string& path) {
  if (const std::string pid = process_of(path); !pid.empty()) return name_of_process(pid);
  const std::string name(path == "-" ? "recorded" : name_of(path));
  const size_t dot = name.find('.', 1);
  return name.substr(0, dot);
}

// One of its name is there already: `web`, `web_2`.
std::string unused(const std::string& name, const snapshot::Snapshot& snapshot) {
  const auto taken = [&](const std::string& candidate) {
    for (const auto& ns : snapshot.namespaces) {
      if (ns.name == candidate) return true;
    }
    return false;
  };
  std::string candidate = name;
  for (int n = 2; taken(candidate); ++n) candidate = fmt::format("{}_{}", name, n);
  return candidate;
}

Exit add_running(std::string text, const std::string& path, const std::string& name,
                 Captured& captured) {
  const uint32_t file = captured.sources.add(path, std::move(text));
  const Exit exit = add_recording(file, name, captured);
  if (exit == Exit::done) captured.snapshot.namespaces.back().file = path;
  return exit;
}

// A process that has left all mounts behind sees none of them, but there they are.
bool shows_nothing(const snapshot::Namespace& ns) {
  return ns.mounts.empty() && ns.out_of_reach == 0;
}

}  // namespace

bool is_recording(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with("# namespace ")) return true;
    if (!line.empty() && line[0] != '#') return line[0] >= '0' && line[0] <= '9';
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return false;
}

Exit add_recording(uint32_t file, const std::string& name, Captured& captured) {
  Diagnostics diagnostics;
  const bool good =
      read_mountinfo(captured.sources, file, name, captured.snapshot, diagnostics);
  print(diagnostics, captured.sources);
  return good ? Exit::done : Exit::rejected;
}

Exit add_recording(const std::string& path, const std::string& name, Captured& captured) {
  const auto file = captured.sources.read(path);
  if (!file) return cannot_read(path);
  const size_t first = captured.snapshot.namespaces.size();
  const Exit exit = add_recording(*file, name, captured);
  const auto added = std::span(captured.snapshot.namespaces).subspan(first);
  if (exit != Exit::done || !std::ranges::all_of(added, shows_nothing)) return exit;
  Diagnostics diagnostics;
  diagnostics.report<rule::mountinfo_tree>({*file, 0, 0}, "there is no mount in it");
  print(diagnostics, captured.sources);
  return Exit::rejected;
}

Exit add_process(const std::string& pid, const std::string& name, Captured& captured) {
  auto running = read_process(pid);
  if (!running) return cannot_read("/proc/" + pid + "/mountinfo");
  return add_running(std::move(*running), "/proc/" + pid + "/ns/mnt", name, captured);
}

Exit add_namespace(const std::string& path, const std::string& name, Captured& captured) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return cannot_read(path);
  const int proc = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  auto text = read_namespace(fd, proc);
  const int error = errno;
  if (proc >= 0) ::close(proc);
  ::close(fd);
  errno = error;
  if (!text && error == EINVAL) {
    print_error(fmt::format("`{}` is not the file of a mount namespace", path));
    return Exit::usage;
  }
  if (!text) return cannot_read(path);
  return add_running(std::move(*text), path, name, captured);
}

Exit check(const Captured& captured) {
  Diagnostics diagnostics;
  const bool good = check_coherence(captured.snapshot, diagnostics);
  print(diagnostics, captured.sources);
  return good ? Exit::done : Exit::rejected;
}

Exit capture(const Arguments& arguments, Captured& captured) {
  bool named = false;
  for (const auto& [option, value] : arguments.given()) {
    Exit exit = Exit::done;
    if (option == Option::pid) {
      named = true;
      exit = add_process(value, unused(name_of_process(value), captured.snapshot), captured);
    } else if (option == Option::ns) {
      named = true;
      exit = add_namespace(value, unused(name_of_file(value), captured.snapshot), captured);
    } else if (option == Option::mountinfo) {
      named = true;
      exit = add_recording(value, unused(name_of_file(value), captured.snapshot), captured);
    }
    if (exit != Exit::done) return exit;
  }
  if (!named) {
    captured.is_caller_alone = true;
    const Exit exit = add_process("self", "here", captured);
    if (exit != Exit::done) return exit;
  }
  return check(captured);
}

}  // namespace mountc::tool
