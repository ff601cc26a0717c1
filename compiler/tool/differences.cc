// compiler/tool/differences.cc - the sides of a comparison, and what is printed of it.
#include "compiler/tool/differences.h"

#include <fmt/format.h>

#include "compiler/diag/json_string.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/decode.h"
#include "compiler/preview/follow.h"
#include "compiler/preview/planned.h"
#include "compiler/snapshot/declared.h"
#include "compiler/syntax/value.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {
namespace {

constexpr const char* kinds[] = {"missing", "extra", "moved", "changed"};

Exit add_plan(const std::string& name, const std::string& bytes, Captured& side) {
  std::string defect;
  const auto program = decode(bytes, defect);
  if (!program) {
    print_error(fmt::format("`{}` is refused: {}", name, defect));
    return Exit::rejected;
  }
  auto made = planned(*program, defect);
  if (!made) {
    print_error(fmt::format("`{}`: {}", name, defect));
    return Exit::rejected;
  }
  side.snapshot = std::move(*made);
  return Exit::done;
}

}  // namespace

Exit add_side(const std::string& name, const std::map<std::string, std::string>& definitions,
              Captured& side) {
  if (name.starts_with("pid:")) {
    const Exit exit = add_process(name.substr(4), "", side);
    return exit == Exit::done ? check(side) : exit;
  }
  const auto file = side.sources.read(name);
  if (!file) return cannot_read(name);
  const std::string& text = side.sources.file(*file).text;
  if (has_plan_magic(text)) {
    return add_plan(name, text, side);
  }
  if (is_recording(text)) {
    const Exit exit = add_recording(*file, "", side);
    return exit == Exit::done ? check(side) : exit;
  }
  const auto layout = understood(side.sources, *file, definitions);
  if (!layout) return Exit::rejected;
  side.snapshot = declared(*layout);
  side.is_layout = true;
  return Exit::done;
}

void place(snapshot::Snapshot& wanted, const std::string& root) {
  if (wanted.namespaces.empty()) wanted.namespaces.emplace_back().partial = true;
  for (snapshot::Namespace& ns : wanted.namespaces) {
    if (ns.partial) follow_links(root, ns);
  }
}

std::string as_text(const std::vector<Difference>& differences) {
  std::string text;
  for (const Difference& one : differences) {
    if (!one.ns.empty()) text += fmt::format("{}: ", one.ns);
    if (!one.place.empty()) text += quote(one.place);
    if (one.level > 1) text += fmt::format(" ({})", one.level);  // of a stack
    if (!one.place.empty()) text += ": ";
    switch (one.kind) {
      case Difference::Kind::missing:
      case Difference::Kind::extra:
        text += fmt::format("{} ({})\n", kinds[static_cast<int>(one.kind)], one.first);
        break;
      case Difference::Kind::moved:
        text += fmt::format("moved to {}\n", quote(one.second));
        break;
      case Difference::Kind::changed:
        text += fmt::format("{}: {}, not {}\n", one.property,
                            one.second.empty() ? "none" : one.second,
                            one.first.empty() ? "none" : one.first);
        break;
    }
  }
  return text;
}

std::string as_json(const std::vector<Difference>& differences) {
  std::string text = "[";
  for (const Difference& one : differences) {
    text += fmt::format("{}\n  {{\"kind\": \"{}\"", text.size() > 1 ? "," : "",
                        kinds[static_cast<int>(one.kind)]);
    const auto add = [&text](std::string_view key, std::string_view value) {
      text += fmt::format(", \"{}\": {}", key, json_string(value));
    };
    add("namespace", one.ns);
    add("place", one.place);
    text += fmt::format(", \"level\": {}", one.level);
    if (one.kind == Difference::Kind::changed) add("property", one.property);
    if (one.kind == Difference::Kind::missing || one.kind == Difference::Kind::extra) {
      add("mount", one.first);
    } else {
      add("first", one.first);
      add("second", one.second);
    }
    text += "}";
  }
  return text + (differences.empty() ? "]\n" : "\n]\n");
}

Exit report_differences(const Captured& first, const Captured& second,
                        const Arguments& arguments) {
  const char* const format = arguments.value(Option::format);
  const bool json = format && std::string_view(format) == "json";
  const auto differences = compare(first.snapshot, second.snapshot);
  const Exit written = write_text(json ? as_json(differences) : as_text(differences), "-");
  if (written != Exit::done) return Exit::usage;
  return differences.empty() ? Exit::done : Exit::rejected;
}

}  // namespace mountc::tool
