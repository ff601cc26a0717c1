// compiler/tool/capture.cc - `mountc capture`: running or recorded namespaces as a layout.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "compiler/import/describe.h"
#include "compiler/import/kinds.h"
#include "compiler/import/subtree.h"
#include "compiler/syntax/print.h"
#include "compiler/tool/captured.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

// The message about a wrong option; empty: there is none.
std::string read_options(const Arguments& arguments, DescribeOptions& form, bool& live) {
  // Recordings show filesystems that are elsewhere, or gone.
  const bool recorded = arguments.has(Option::mountinfo);
  if (const char* const type = arguments.value(Option::stand_in)) form.stand_in = type;
  const char* const subtree = arguments.value(Option::subtree);
  if (subtree && *subtree != '/') return "--root takes an absolute path";
  if (form.stand_in && *form.stand_in != "tmpfs" && *form.stand_in != "ramfs") {
    return "only tmpfs and ramfs can stand in for any filesystem";
  }
  live = !recorded && !form.stand_in;
  const char* const sources = arguments.value(Option::sources);
  if (!sources) return "";
  live = std::string_view(sources) == "live";
  if (!live && std::string_view(sources) != "new") {
    return fmt::format("unknown sources `{}`", sources);
  }
  if (live && (form.stand_in || recorded)) {
    return "a recording has no live sources, and neither has a stand-in";
  }
  return "";
}

// The namespace that the layout will be run in: among those that were captured, or beside them.
Exit find_host(Captured& captured, bool changes, std::optional<snapshot::Namespace>& own,
               DescribeOptions& form) {
  if (captured.is_caller_alone && !changes) {
    form.host = &captured.snapshot.namespaces[0];
    return Exit::done;
  }
  const Exit exit = add_process("self", "(caller)", captured);
  if (exit != Exit::done) return exit;
  own = std::move(captured.snapshot.namespaces.back());
  captured.snapshot.namespaces.pop_back();
  form.host = &*own;
  return Exit::done;
}

}  // namespace

Exit capture_command(const Arguments& arguments) {
  DescribeOptions form;
  bool live = false;
  const std::string wrong = read_options(arguments, form, live);
  if (!wrong.empty()) return usage_error(wrong, "capture");

  Captured captured;
  if (const Exit exit = capture(arguments, captured); exit != Exit::done) return exit;
  std::optional<snapshot::Namespace> own;
  const char* const subtree = arguments.value(Option::subtree);
  if (live) {
    const Exit exit = find_host(captured, subtree, own, form);
    if (exit != Exit::done) return exit;
  }
  learn_kinds(captured.snapshot, form.host);
  const auto is_empty = [](const snapshot::Namespace& ns) { return ns.mounts.empty(); };
  if (subtree) {
    for (auto& ns : captured.snapshot.namespaces) keep_subtree(ns, subtree);
  }
  if (subtree && std::ranges::all_of(captured.snapshot.namespaces, is_empty)) {
    write_to(STDERR_FILENO, fmt::format("nothing is mounted at or below `{}`\n", subtree));
  }
  const std::string output = arguments.value_or(Option::output, "-");
  if (is_input(captured.sources, output)) return Exit::usage;
  return write_text(formatted(describe(captured.snapshot, form)), output);
}

}  // namespace mountc::tool
