// compiler/tool/diff.cc - `mountc diff`, `mountc verify`: in what two sets of mounts differ.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "compiler/preview/bound.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/differences.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

// Status 1 says that the two differ, so every error is 2.
Exit diff(const std::string& a, const std::string& b, const Arguments& arguments) {
  Captured first, second;
  for (const auto& [name, side] : {std::pair(&a, &first), std::pair(&b, &second)}) {
    if (add_side(*name, arguments.definitions(), *side) != Exit::done) return Exit::usage;
  }
  const bool layouts = first.is_layout || second.is_layout;
  if (!layouts && has_unused(Input::no_layout, arguments)) return Exit::usage;
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

// Puts in what the layout's binds show, as process `pid` sees it. An error is printed.
Exit look_sources_up(const std::string& pid, const std::string& root,
                     snapshot::Snapshot& wanted) {
  const auto binds = [](const snapshot::Mount& mount) { return !mount.bound.empty(); };
  const bool any = std::ranges::any_of(wanted.namespaces, [&](const snapshot::Namespace& ns) {
    return std::ranges::any_of(ns.mounts, binds);
  });
  if (!any) return Exit::done;
  Captured seen;
  if (add_process(pid, "", seen) != Exit::done) return Exit::usage;
  mountc::look_sources_up(wanted, root, seen.snapshot);
  return Exit::done;
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
  if (!wanted.is_layout && has_unused(Input::no_layout, arguments)) return Exit::usage;
  // Without a namespace of its own the layout was run in that of the process.
  const bool is_all_pid = pid && wanted.snapshot.namespaces.size() == 1;
  const std::string root = is_all_pid ? fmt::format("/proc/{}/root", pid) : "";
  place(wanted.snapshot, root);
  // What a namespace of its own shows was looked up by the caller that made it.
  const bool is_in_pid = is_all_pid && wanted.snapshot.namespaces[0].name.empty();
  if (look_sources_up(is_in_pid ? pid : "self", is_in_pid ? root : "", wanted.snapshot) !=
      Exit::done) {
    return Exit::usage;
  }
  if (add_running(wanted.snapshot, pid, there) != Exit::done) return Exit::usage;
  return report_differences(wanted, there, arguments);
}

}  // namespace mountc::tool
