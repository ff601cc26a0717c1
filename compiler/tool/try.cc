// compiler/tool/try.cc - `mountc try`: applies a layout for real where nobody sees it.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "compiler/plan/decode.h"
#include "compiler/preview/planned.h"
#include "compiler/preview/rehearsal.h"
#include "compiler/snapshot/declared.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/differences.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {
namespace {

constexpr const char* caller = "(caller)";

void write_to_standard_error(void*, const char* text, size_t size) {
  write_to(STDERR_FILENO, {text, size});
}

// One section for each namespace, as `mountc capture --mountinfo` reads them.
std::string sections(const Rehearsal& rehearsal) {
  std::string text;
  for (const auto& reading : rehearsal.readings) {
    if (reading.name.empty() && reading.mountinfo.empty()) continue;
    text += fmt::format("# namespace {}\n{}", reading.name.empty() ? caller : reading.name,
                        reading.mountinfo);
  }
  return text;
}

bool is_as(snapshot::Snapshot wanted, const std::string& root, const snapshot::Snapshot& made,
           const char* otherwise) {
  place(wanted, root);
  const bool has_caller = !wanted.namespaces.empty() && wanted.namespaces[0].name.empty();
  if (has_caller) wanted.namespaces[0].name = caller;
  if (!has_caller && !made.namespaces.empty() && made.namespaces[0].name == caller) {
    // The guards of a copy that keeps its groups are all that shows there.
    snapshot::Namespace silent;
    silent.name = caller;
    silent.partial = true;
    wanted.namespaces.insert(wanted.namespaces.begin(), std::move(silent));
  }
  const auto differences = compare(wanted, made);
  if (differences.empty()) return true;
  print_error(otherwise);
  write_to(STDERR_FILENO, as_text(differences));
  return false;
}

// What has become of the layout, against what was declared and what the model foretold.
Exit compare_with(const Layout& layout, const std::string& plan, const Rehearsal& rehearsal,
                  const std::string& root, bool show) {
  const std::string text = sections(rehearsal);
  Captured made;
  const uint32_t file = made.sources.add("<kernel>", text);
  if (add_recording(file, caller, made) != Exit::done) return Exit::bug;
  bool good =
      is_as(declared(layout), root, made.snapshot, "the mounts are not what was declared");
  std::string why;
  const auto program = decode(plan, why);
  const auto foretold = program ? planned(*program, why) : std::nullopt;
  if (foretold) {
    good =
        is_as(*foretold, root, made.snapshot, "the mounts are not what the model foretold") &&
        good;
  } else {
    print_error(fmt::format("the model foretells nothing: {}", why));
  }
  const Exit written = show ? write_text(text, "-") : Exit::done;
  return good ? written : Exit::failed;
}

}  // namespace

Exit try_command(const Arguments& arguments) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  auto layout = understood(sources, *file, arguments.definitions());
  if (!layout) return Exit::rejected;

  const Stage stage = Stage::make();
  if (stage.directory.empty()) {
    print_error(fmt::format("no directory for the namespaces: {}", std::strerror(errno)));
    return Exit::failed;
  }
  for (NamespaceId n = 0; n < layout->namespaces.size(); ++n) {
    layout->namespaces[n].pin = stage.pin(n);
  }
  const Compiled compiled = plan_of(*layout, sources, *file);
  Rehearsal rehearsal;
  if (compiled.exit == Exit::done) {
    mountrun_options run{};
    run.root = arguments.value(Option::root);
    run.write = write_to_standard_error;
    raise_descriptor_limit();
    rehearsal = rehearse(*layout, compiled.bytes, run, stage);
  }
  stage.remove();
  if (compiled.exit != Exit::done) return compiled.exit;
  if (!rehearsal.error.empty()) print_error(rehearsal.error);
  if (rehearsal.status != 0) return Exit{rehearsal.status};
  const char* const root = arguments.value(Option::root);
  return compare_with(*layout, compiled.bytes, rehearsal, root ? root : "",
                      arguments.has(Option::show));
}

}  // namespace mountc::tool
