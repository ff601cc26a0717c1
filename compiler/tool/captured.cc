// compiler/tool/captured.cc - snapshots from what the command line names.
#include "compiler/tool/captured.h"

#include <fmt/format.h>

#include "compiler/import/coherence.h"
#include "compiler/import/mountinfo.h"
#include "compiler/layout/paths.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {
namespace {

// "/tmp/web.mountinfo" -> "web"
std::string name_of_file(const std::string& path) {
  const std::string name(path == "-" ? "recorded" : name_of(path));
  const size_t dot = name.find('.', 1);
  return name.substr(0, dot);
}

std::string name_of_process(const std::string& pid) {
  if (pid == "self") return "here";
  Sources sources;
  const auto file = sources.read("/proc/" + pid + "/comm");
  if (!file) return pid;
  const std::string& text = sources.file(*file).text;
  return text.substr(0, text.find('\n'));
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

Exit add_mountinfo(const std::string& path, const std::string& name, Captured& captured) {
  const auto file = captured.sources.read(path);
  if (!file) return cannot_read(path);
  Diagnostics diagnostics;
  const bool good =
      read_mountinfo(captured.sources, *file, name, captured.snapshot, diagnostics);
  print(diagnostics, captured.sources);
  return good ? Exit::done : Exit::rejected;
}

}  // namespace

Exit add_process(const std::string& pid, const std::string& name, Captured& captured) {
  const Exit exit = add_mountinfo("/proc/" + pid + "/mountinfo", name, captured);
  if (exit == Exit::done) captured.snapshot.namespaces.back().file = "/proc/" + pid + "/ns/mnt";
  return exit;
}

Exit add_recording(const std::string& path, const std::string& name, Captured& captured) {
  return add_mountinfo(path, name, captured);
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
    } else if (option == Option::mountinfo) {
      named = true;
      exit = add_recording(value, unused(name_of_file(value), captured.snapshot), captured);
    }
    if (exit != Exit::done) return exit;
  }
  if (!named) {
    const Exit exit = add_process("self", "here", captured);
    if (exit != Exit::done) return exit;
  }
  return check(captured);
}

}  // namespace mountc::tool
