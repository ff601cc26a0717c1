// compiler/tool/propagate.cc - `mountc propagate`: where a mount made at a path would appear.
#include <fmt/format.h>

#include <cstring>

#include "compiler/diag/json_string.h"
#include "compiler/preview/graph.h"
#include "compiler/preview/reach.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/world.h"

namespace mountc::tool {
namespace {

const char* word(Relation relation) {
  switch (relation) {
    case Relation::here: return "here";
    case Relation::peer: return "peer";
    case Relation::slave: return "slave";
  }
  return "";
}

std::string as_json(const Reach& reach, const ModelWorld& world) {
  std::string text = "[";
  for (size_t i = 0; i < reach.places.size(); ++i) {
    const Reached& place = reach.places[i];
    text +=
        fmt::format("{}\n  {{\"namespace\": {}, \"path\": {}, \"as\": \"{}\", \"from\": {}}}",
                    i ? "," : "", json_string(world.spaces[place.space].name),
                    json_string(place.path), word(place.relation), place.from);
  }
  return text + "\n]\n";
}

// A place each, in the order in which they receive.
std::string as_dot(const Reach& reach, const ModelWorld& world, size_t number) {
  std::string text = fmt::format(
      "digraph propagation_{} {{\n  rankdir=LR;\n  node [shape=box, "
      "fontname=\"sans-serif\"];\n",
      number);
  for (size_t i = 0; i < reach.places.size(); ++i) {
    const Reached& place = reach.places[i];
    text += fmt::format("  p{} [label={}];\n", i,
                        dot_string(place.path + "\n" + world.spaces[place.space].name));
    if (i > 0) {
      text += fmt::format("  p{} -> p{} [label={}{}];\n", place.from, i, word(place.relation),
                          place.relation == Relation::slave ? ", style=dotted" : "");
    }
  }
  return text + "}\n";
}

// Each place below the one that it receives from.
void print_below(const Reach& reach, const ModelWorld& world, size_t from, size_t depth,
                 std::string& text) {
  for (size_t i = 0; i < reach.places.size(); ++i) {
    const Reached& place = reach.places[i];
    const bool top = i == 0;
    if (top ? depth != 0 : depth == 0 || place.from != from) continue;
    text += fmt::format("{:{}}{} in {}{}\n", "", depth * 2, place.path,
                        world.spaces[place.space].name,
                        top ? "" : fmt::format(" ({})", word(place.relation)));
    print_below(reach, world, i, depth + 1, text);
    if (top) break;
  }
}

std::string as_text(const Reach& reach, const ModelWorld& world, const std::string& path) {
  const bool one = reach.places.size() == 1;
  std::string text = fmt::format("a mount at {} appears at {} place{}{}\n", path,
                                 reach.places.size(), one ? "" : "s",
                                 reach.is_shared ? ", and its unmount takes all of them away:"
                                                 : ": the mount below is not shared");
  print_below(reach, world, 0, 0, text);
  return text;
}

// PATH, or NAME:PATH for one in the namespace NAME, as `clone` spells it.
struct Asked {
  size_t space = 0;
  std::string path;
};

std::optional<Asked> find_asked(const std::string& operand, const ModelWorld& world,
                                std::string& error) {
  const size_t colon = operand[0] == '/' ? std::string::npos : operand.find(":/");
  if (operand[0] != '/' && colon == std::string::npos) {
    error = fmt::format("`{}` is neither an absolute path nor NAME:PATH", operand);
    return std::nullopt;
  }
  if (colon == std::string::npos) return Asked{0, operand};
  const std::string name = operand.substr(0, colon);
  for (size_t s = 0; s < world.spaces.size(); ++s) {
    const std::string& space = world.spaces[s].name;
    const bool same = name.empty() ? space == callers_namespace
                                   : space == name || space == "namespace " + name ||
                                         space == "process " + name ||
                                         space.starts_with("process " + name + " (");
    if (same) return Asked{s, operand.substr(colon + 1)};
  }
  error = name.empty() ? fmt::format("`{}`: `:PATH` is for layouts", operand)
                       : fmt::format("`{}`: there is no namespace `{}`", operand, name);
  return std::nullopt;
}

}  // namespace

Exit propagate_command(const Arguments& arguments) {
  Exit exit = Exit::done;
  const auto world = world_of_any(arguments.input(), arguments, exit);
  if (!world) return exit;
  std::string text;
  for (size_t i = 1; i < arguments.operands().size(); ++i) {
    std::string error;
    const std::string& path = arguments.operands()[i];
    const auto asked = find_asked(path, *world, error);
    if (!asked) return usage_error(error, "propagate");
    const Reach reach = reach_of(*world, asked->space, asked->path);
    if (reach.answer.refused()) {
      print_error(fmt::format("`{}`: {}: {}", path, strerror(reach.answer.error()),
                              reach.answer.info().text));
      return Exit::failed;
    }
    text += arguments.has(Option::json)  ? as_json(reach, *world)
            : arguments.has(Option::dot) ? as_dot(reach, *world, i)
                                         : as_text(reach, *world, path);
  }
  return write_text(text, "-");
}

}  // namespace mountc::tool
