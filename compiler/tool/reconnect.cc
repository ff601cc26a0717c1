// compiler/tool/reconnect.cc - `mountc reconnect`: a live private mount back into its group.
#include "compiler/import/reconnect.h"

#include <fmt/format.h>

#include <string_view>

#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"

namespace mountc::tool {
namespace {

// [PID:]PATH
Spot spot_of(std::string_view text) {
  const size_t colon = text.find(":/");
  if (colon == std::string_view::npos) return {"self", std::string(text)};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

}  // namespace

Exit reconnect_command(const Arguments& arguments) {
  const char* const peer = arguments.value(Option::peer_of);
  const char* const master = arguments.value(Option::slave_of);
  if (!peer && !master)
    return usage_error("one of --peer-of and --slave-of is needed", "reconnect");
  const char* const pid = arguments.value(Option::pid);
  const Reconnection wanted{{pid ? pid : "self", arguments.input()},
                            spot_of(peer ? peer : master), master != nullptr};
  for (const Spot* spot : {&wanted.target, &wanted.source}) {
    if (!spot->path.starts_with('/'))
      return usage_error(fmt::format("`{}` is not absolute", spot->path), "reconnect");
  }
  const bool dry = arguments.has(Option::dry_run);
  Sources sources;
  Diagnostics diagnostics;
  const Connected connected = reconnect(wanted, dry, sources, diagnostics);
  print(diagnostics, sources);
  if (!connected.error.empty()) print_error(connected.error);
  if (connected.failed) return Exit::failed;
  std::string text;
  for (const std::string& effect : connected.effects) text += effect + "\n";
  return dry ? write_text(text, "-") : Exit::done;
}

}  // namespace mountc::tool
