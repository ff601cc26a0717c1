// compiler/tool/translate.cc - `mountc translate`: what another program mounts, as a layout.
#include "compiler/foreign/translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "compiler/diag/printable.h"
#include "compiler/foreign/bwrap.h"
#include "compiler/foreign/fstab.h"
#include "compiler/foreign/oci.h"
#include "compiler/foreign/unset.h"
#include "compiler/import/describe.h"
#include "compiler/syntax/print.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/foreign_input.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {
namespace {

// Without the host's own, that a new namespace shows as its root.
size_t mounts_of(const snapshot::Snapshot& snapshot) {
  size_t count = 0;
  for (const snapshot::Namespace& ns : snapshot.namespaces) {
    count += static_cast<size_t>(std::ranges::count_if(
        ns.mounts, [&](const snapshot::Mount& m) { return !snapshot::is_host_root(snapshot, m); }));
  }
  return count;
}

// Where nothing was mounted there is nothing to say; the script's own namespace has no name.
void keep_what_changed(snapshot::Snapshot& result) {
  snapshot::Namespace& own = result.namespaces.front();
  if (!own.has_root()) own.name.clear();
  std::erase_if(result.namespaces, [&](const snapshot::Namespace& ns) {
    return std::ranges::all_of(
        ns.mounts, [&](const snapshot::Mount& m) { return snapshot::is_host_root(result, m); });
  });
}

struct Result : Foreign {
  std::string count;  // of the mounts
};

// What a script uses and does not say.
void name_parameters(Result& result) {
  std::vector<std::string> unset;
  result.layout = with_params(result.layout, unset);
  for (const std::string& name : unset) {
    result.remarks.push_back(fmt::format("`${}` is not set here: it becomes a `param`", name));
  }
  if (result.layout.find("$(") != std::string::npos) {
    result.remarks.push_back(
        "what a `$(...)` prints is not known: it stands in the layout as it is");
  }
}

// Commands, an fstab or a trace, run on the model.
Result of_script(const std::string& text, bool all) {
  Result result;
  const bool commands = !looks_like_strace(text);
  const bool fstab = commands && looks_like_fstab(text);
  const Translation done = !commands ? run_calls(read_strace(text))
                           : fstab   ? run_commands(commands_of_fstab(text, result.remarks))
                                     : run_commands(text);
  StoreOptions form;
  form.host = done.host;
  form.bound = &done.bound;
  form.left_out = &done.supposed;
  form.propagated = all;
  snapshot::Snapshot snapshot = store(done.world, form);
  keep_what_changed(snapshot);
  result.layout = describe(snapshot, {});
  if (commands && !fstab) name_parameters(result);
  result.remarks.insert(result.remarks.end(), done.remarks.begin(), done.remarks.end());
  result.count = fmt::format("this script makes {} mount{}, the layout {}", done.mounts,
                             done.mounts == 1 ? "" : "s", mounts_of(snapshot));
  if (done.propagated && !all) {
    result.count += fmt::format(": {} {} propagation makes (--all keeps {})", done.propagated,
                                done.propagated == 1 ? "is a copy that" : "are copies that",
                                done.propagated == 1 ? "it" : "them");
  }
  return result;
}

bool is_json(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == text.find('{') && text.find('{') != text.npos;
}

// The configuration of an OCI runtime; its paths begin where it lies.
std::optional<Result> of_configuration(const Sources& sources, uint32_t file,
                                       const std::string& path) {
  Diagnostics diagnostics;
  std::optional<Foreign> made;
  if (const auto config = parse_json(sources, file, diagnostics)) {
    const auto bundle = std::filesystem::absolute(path).parent_path();  // of `-`, where we are
    made = layout_of_oci(*config, bundle.string(), diagnostics);
  }
  print(diagnostics, sources);
  if (!made) return std::nullopt;
  return Result{std::move(*made), ""};
}

}  // namespace

Exit translate_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const std::string& text = sources.file(*file).text;
  const auto refused = [&](std::string_view what) {
    print_error(
        fmt::format("`{}` is {}; translate reads mount scripts, fstab, logs of strace, "
                    "command lines of bwrap and config.json",
                    sources.file(*file).name, what));
    return Exit::rejected;
  };
  if (const std::string what = looks_otherwise(sources, *file); !what.empty())
    return refused(what);
  std::optional<Result> result;
  if (is_json(text)) {
    if (has_unused(Input::configuration, arguments)) return Exit::usage;
    result = of_configuration(sources, *file, arguments.input());
  } else if (const auto command = bwrap_command(text)) {
    if (has_unused(Input::bwrap, arguments)) return Exit::usage;
    result = Result{layout_of_bwrap(*command), ""};
    name_parameters(*result);
  } else if (says_nothing(text) && !looks_like_fstab(text)) {
    return refused("nothing that mounts anything");
  } else {
    result = of_script(text, arguments.has(Option::all));
  }
  if (!result) return Exit::rejected;
  for (const std::string& remark : result->remarks) {
    write_to(2, fmt::format("{}: {}\n", sources.file(*file).name, printable(remark)));
  }
  if (!result->count.empty()) write_to(2, result->count + "\n");
  const std::string output = arguments.value_or(Option::output, "-");
  if (is_input(sources, output)) return Exit::usage;
  return write_text(formatted(result->layout), output);
}

}  // namespace mountc::tool
