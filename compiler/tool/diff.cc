// compiler/tool/diff.cc - `mountc diff`, `mountc verify`: in what two sets of mounts differ.
#include <fmt/format.h>

#include <string_view>

#include "compiler/tool/commands.h"
#include "compiler/tool/differences.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

// Status 1 says that the two differ, so every error is 2.
Exit diff(const std::string& a, const std::string& b, const Arguments& arguments) {
  Captured first, second;
  for (const auto& [name, side] : {std::pair(&a, &first), std::pair(&b, &second)}) {
    if (add_side(*name, arguments.definitions(), *side) != Exit::done) return Exit::usage;
  }
  for (const auto& [name, other] : {std::pair(&a, &second), std::pair(&b, &first)}) {
    if (name->starts_with("pid:")) place(other->snapshot, "/proc/" + name->substr(4) + "/root");
  }
  return report_differences(first, second, arguments);
}

// The namespaces that run: of process `pid`, whose namespace is the first one that the layout
// makes, as that of a command would be; of the pins; and the caller's. An error is printed.
Exit add_running(const snapshot::Snapshot& wanted, const char* pid, Captured& there) {
  bool is_first = true;
  for (const snapshot::Namespace& ns : wanted.namespaces) {
    Exit exit = Exit::done;
    const bool is_callers = ns.name.empty();
    if (is_callers && (!pid || wanted.namespaces.size() > 1)) {
      exit = add_process("self", ns.name, there);
    } else if (pid && is_first) {
      exit = add_process(pid, ns.name, there);
      is_first = false;
    } else if (!ns.file.empty()) {
      exit = add_namespace(ns.file, ns.name, there);
    } else {
      print_error(
          fmt::format("namespace `{}` has no `pin` that it could be found by{}", ns.name,
                      pid ? "" : ": name a process in it, by --pid (`self` is the caller)"));
      exit = Exit::usage;
    }
    if (exit != Exit::done) return Exit::usage;
  }
  return check(there) == Exit::done ? Exit::done : Exit::usage;
}

bool is_known_format(const Arguments& arguments) {
  const char* const format = arguments.value(Option::format);
  return !format || std::string_view(format) == "text" || std::string_view(format) == "json";
}

}  // namespace

Exit diff_command(const Arguments& arguments) {
  if (!is_known_format(arguments)) return usage_error("unknown format", "diff");
  return diff(arguments.operands()[0], arguments.operands()[1], arguments);
}

Exit verify_command(const Arguments& arguments) {
  if (!is_known_format(arguments)) return usage_error("unknown format", "verify");
  Captured wanted, there;
  const char* const pid = arguments.value(Option::pid);
  if (add_side(arguments.input(), arguments.definitions(), wanted) != Exit::done) {
    return Exit::usage;
  }
  const bool is_all_pid = pid && wanted.snapshot.namespaces.size() <= 1;
  place(wanted.snapshot, is_all_pid ? fmt::format("/proc/{}/root", pid) : "");
  if (add_running(wanted.snapshot, pid, there) != Exit::done) return Exit::usage;
  return report_differences(wanted, there, arguments);
}

}  // namespace mountc::tool
