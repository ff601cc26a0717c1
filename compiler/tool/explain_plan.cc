// compiler/tool/explain_plan.cc - `mountc explain LAYOUT|PLAN`: what each step does, and where
// it shows.
#include "compiler/tool/explain_plan.h"

#include <fmt/format.h>

#include <map>

#include "compiler/diag/json_string.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/decode.h"
#include "compiler/preview/graph.h"
#include "compiler/preview/narrate.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"
#include "compiler/tool/world.h"
#include "compiler/validate/scenario.h"

namespace mountc::tool {
namespace {

struct Explained {
  Program program;
  ModelWorld world{
      kernel::Kernel(), {}, {}};  // without --on: a host on which nothing is shared
};

ModelWorld private_host(const Layout& layout) {
  World made = make_world(layout, Scenario::all_there);
  ModelWorld world{std::move(made.kernel), {}, {}};
  world.spaces.push_back({"the caller's namespace", made.task.ns, made.task});
  return world;
}

Exit read(const Arguments& arguments, Explained& explained) {
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const std::string& text = sources.file(*file).text;
  Layout layout;
  if (has_plan_magic(text)) {
    if (has_unused(Input::plan, arguments)) return Exit::usage;
    std::string defect;
    auto program = decode(text, defect);
    if (!program) {
      print_error(fmt::format("`{}` is refused: {}", arguments.input(), defect));
      return Exit::rejected;
    }
    explained.program = std::move(*program);
    // The way that newer kernels take, or the only one.
    explained.program.steps.resize(explained.program.first_way().size());
  } else {
    auto read = understood(sources, *file, arguments.definitions());
    if (!read) return Exit::rejected;
    layout = std::move(*read);
    explained.program = lower(layout, sources);
    if (!allocate_slots(explained.program)) return Exit::rejected;
  }
  explained.world = private_host(layout);
  return Exit::done;
}

constexpr char assumed_host[] =
    "on a host on which nothing is shared; --on=PID or --on=MOUNTINFO takes another one\n";

std::string as_text(const Program& program, const std::vector<Narrated>& told,
                    std::string text) {
  uint32_t place = UINT32_MAX;
  for (const Narrated& each : told) {
    const Step& step = program.steps[each.step];
    if (step.place != place && !program.places.empty()) {
      place = step.place;
      const Place& where = program.places[place];
      text += fmt::format("{}:{}: {}\n", program.strings[where.file], where.line,
                          program.strings[where.statement]);
    }
    text +=
        fmt::format("{:5}  {}{}\n", each.step, each.words, each.skipped ? " (skipped)" : "");
    if (!each.failure.empty()) text += fmt::format("       FAILS: {}\n", each.failure);
    for (const Appearance& appears : each.appears) {
      text += fmt::format("       visible in {}: {} mount{}:", appears.space, appears.count,
                          appears.count == 1 ? "" : "s");
      for (const std::string& path : appears.paths) text += " " + path;
      text += appears.count > appears.paths.size() ? " ...\n" : "\n";
    }
    for (const std::string& warning : each.warnings)
      text += "       warning: " + warning + "\n";
  }
  return text;
}

// Arrows lead from the steps that something becomes visible by to where it does, a frame for
// each namespace.
std::string as_dot(const Program& program, const std::vector<Narrated>& told) {
  std::map<std::string, std::string> frames;
  std::string steps, arrows;
  size_t places = 0;
  for (const Narrated& each : told) {
    if (each.appears.empty()) continue;
    const Step& step = program.steps[each.step];
    std::string label = each.words;
    if (!program.places.empty()) {
      const Place& where = program.places[step.place];
      label = fmt::format("{}:{}: {}\n", program.strings[where.file], where.line,
                          program.strings[where.statement]) +
              label;
    }
    steps += fmt::format("  s{} [shape=plain, label={}];\n", each.step, dot_string(label));
    for (const Appearance& appears : each.appears) {
      std::string shown;
      for (const std::string& path : appears.paths) shown += path + "\n";
      if (appears.count > appears.paths.size()) {
        shown += fmt::format("... {} mounts\n", appears.count);
      }
      shown.pop_back();
      frames[appears.space] += fmt::format("    p{} [label={}];\n", places, dot_string(shown));
      arrows += fmt::format("  s{} -> p{};\n", each.step, places++);
    }
  }
  std::string text =
      "digraph explained {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n";
  text += steps;
  size_t number = 0;
  for (const auto& [space, nodes] : frames) {
    text += fmt::format("  subgraph cluster_{} {{\n    label={};\n{}  }}\n", number++,
                        dot_string(space), nodes);
  }
  return text + arrows + "}\n";
}

std::string list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& each : texts) out += (out.size() > 1 ? ", " : "") + json_string(each);
  return out + "]";
}

std::string origin(const Program& program, const Step& step) {
  if (program.places.empty()) return "";
  const Place& place = program.places[step.place];
  return fmt::format("\"file\": {}, \"line\": {}, \"statement\": {}, ",
                     json_string(program.strings[place.file]), place.line,
                     json_string(program.strings[place.statement]));
}

std::string as_json(const Program& program, const std::vector<Narrated>& told) {
  std::string text = "[";
  for (const Narrated& each : told) {
    const Step& step = program.steps[each.step];
    text += fmt::format("{}\n  {{\"step\": {}, {}\"op\": {}, \"text\": {}, \"skipped\": {}",
                        text.size() > 1 ? "," : "", each.step, origin(program, step),
                        json_string(step.row().name), json_string(each.words), each.skipped);
    if (!each.failure.empty())
      text += fmt::format(", \"failure\": {}", json_string(each.failure));
    if (!each.warnings.empty()) text += fmt::format(", \"warnings\": {}", list(each.warnings));
    text += ", \"appears\": [";
    for (size_t i = 0; i < each.appears.size(); ++i) {
      const Appearance& appears = each.appears[i];
      text +=
          fmt::format("{}{{\"namespace\": {}, \"count\": {}, \"paths\": {}}}", i ? ", " : "",
                      json_string(appears.space), appears.count, list(appears.paths));
    }
    text += "]}";
  }
  return text + "\n]\n";
}

}  // namespace

Exit explain_plan(const Arguments& arguments) {
  Explained explained;
  Exit exit = read(arguments, explained);
  if (exit != Exit::done) return exit;
  if (const char* const on = arguments.value(Option::on)) {
    auto world = world_of(on, exit);
    if (!world) return exit;
    explained.world = std::move(*world);
  }
  const auto told = narrate(explained.program, std::move(explained.world));
  const std::string host = arguments.has(Option::on) ? "" : assumed_host;
  const bool failed = !told.empty() && !told.back().failure.empty();
  const Program& program = explained.program;
  exit = write_text(arguments.has(Option::json)  ? as_json(program, told)
                    : arguments.has(Option::dot) ? as_dot(program, told)
                                                 : as_text(program, told, host),
                    "-");
  return exit == Exit::done && failed ? Exit::failed : exit;
}

}  // namespace mountc::tool
