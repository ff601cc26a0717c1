// compiler/tool/translate.cc - `mountc translate`: mount commands, or a trace, as a layout.
#include "compiler/import/translate.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/import/describe.h"
#include "compiler/import/fstab.h"
#include "compiler/import/unset.h"
#include "compiler/syntax/print.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

// Without the host's own, that a new namespace shows as its root.
bool is_host_root(const snapshot::Snapshot& snapshot, const snapshot::Mount& mount) {
  return mount.full_target == "/" && mount.root.empty() && mount.may_have_more &&
         snapshot.superblocks[mount.superblock].of_host;
}

size_t mounts_of(const snapshot::Snapshot& snapshot) {
  size_t count = 0;
  for (const snapshot::Namespace& ns : snapshot.namespaces) {
    count += static_cast<size_t>(std::ranges::count_if(
        ns.mounts, [&](const snapshot::Mount& m) { return !is_host_root(snapshot, m); }));
  }
  return count;
}

// Where nothing was mounted there is nothing to say; the script's own namespace has no name.
void keep_what_changed(snapshot::Snapshot& result) {
  snapshot::Namespace& own = result.namespaces.front();
  if (!own.has_root()) own.name.clear();
  std::erase_if(result.namespaces, [&](const snapshot::Namespace& ns) {
    return std::ranges::all_of(
        ns.mounts, [&](const snapshot::Mount& m) { return is_host_root(result, m); });
  });
}

}  // namespace

Exit translate_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const std::string& text = sources.file(*file).text;
  const bool commands = !looks_like_strace(text);
  std::vector<std::string> remarks;
  const bool fstab = commands && looks_like_fstab(text);
  const Translation done = !commands ? run_calls(read_strace(text))
                           : fstab   ? run_commands(commands_of_fstab(text, remarks))
                                     : run_commands(text);
  StoreOptions form;
  form.host = done.host;
  form.bound = &done.bound;
  form.left_out = &done.supposed;
  form.propagated = arguments.has(Option::all);
  snapshot::Snapshot result = store(done.world, form);
  keep_what_changed(result);
  std::string layout = describe(result, {});
  std::vector<std::string> unset;
  if (commands && !fstab) layout = with_params(layout, unset);
  for (const std::string& name : unset) {
    remarks.push_back(fmt::format("`${}` is not set here: it becomes a `param`", name));
  }
  if (layout.find("$(") != std::string::npos) {
    remarks.push_back("what a `$(...)` prints is not known: it stands in the layout as it is");
  }
  remarks.insert(remarks.end(), done.remarks.begin(), done.remarks.end());
  for (const std::string& remark : remarks) {
    write_to(2, fmt::format("{}: {}\n", sources.file(*file).name, remark));
  }
  write_to(2, fmt::format("this script makes {} mount{}, the layout {}", done.mounts,
                          done.mounts == 1 ? "" : "s", mounts_of(result)));
  write_to(2, done.propagated && !form.propagated
                  ? fmt::format(": {} {} propagation makes (--all keeps {})\n", done.propagated,
                                done.propagated == 1 ? "is a copy that" : "are copies that",
                                done.propagated == 1 ? "it" : "them")
                  : "\n");
  const char* const output = arguments.value(Option::output);
  return write_text(formatted(layout), output ? output : "-");
}

}  // namespace mountc::tool
