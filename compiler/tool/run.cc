// compiler/tool/run.cc - `mountc run`: compiles a layout where needed, and runs the plan.
#include <fmt/format.h>
#include <unistd.h>

#include "compiler/plan/bytes.h"
#include "compiler/tool/commands.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"
#include "compiler/tool/target.h"
#include "runtime/mountrun.h"

namespace mountc::tool {
namespace {

struct Channel {
  int fd;
  int error = 0;  // of a result that could not be written
};

void write_to_channel(void* context, const char* text, size_t size) {
  Channel& channel = *static_cast<Channel*>(context);
  const int error = write_to(channel.fd, {text, size});
  // A report that cannot be told changes nothing.
  if (error != 0 && channel.fd == STDOUT_FILENO) channel.error = error;
}

Exit apply(const PlanBytes& plan, const Arguments& arguments) {
  Channel channel{arguments.has(Option::dry_run) ? STDOUT_FILENO : STDERR_FILENO};
  mountrun_options options{};
  options.at = arguments.value(Option::at);
  options.root = arguments.value(Option::root);
  options.in = arguments.value(Option::in);
  options.command = arguments.command();
  options.environment = environ;
  options.dry_run = arguments.has(Option::dry_run);
  options.trace = arguments.has(Option::trace);
  options.remove = arguments.has(Option::remove);
  options.replace = arguments.has(Option::replace);
  options.force = arguments.has(Option::force);
  options.allow_gap = arguments.has(Option::allow_gap);
  options.write = write_to_channel;
  options.context = &channel;
  const bool is_plan = mountrun_workspace(plan.data(), plan.size()) > 0;
  if (is_plan) raise_descriptor_limit(static_cast<const plan::Header*>(plan.data())->slots);
  const Exit exit{plan.apply(options)};
  return channel.error == 0 ? exit : cannot_write("-", channel.error);
}

}  // namespace

Exit run_command(const Arguments& arguments) {
  const std::string kernel = arguments.value_or(Option::target_kernel, "running");
  const auto strategies = strategies_for(kernel);
  if (!strategies) return usage_error(fmt::format(unknown_kernel, kernel), "run");

  const bool goes_back = arguments.has(Option::remove) || arguments.has(Option::replace);
  Sources sources;
  const auto file = sources.read(arguments.input());
  if (!file) return cannot_read(arguments.input());
  const std::string& text = sources.file(*file).text;
  if (has_plan_magic(text)) {
    if (has_unused(Input::plan, arguments)) return Exit::usage;
    return apply(PlanBytes(text), arguments);
  }

  const Compiled compiled = compile(sources, *file,
                                    {.warnings = false,
                                     .definitions = arguments.definitions(),
                                     .strategies = *strategies,
                                     .way_back = goes_back});
  if (compiled.exit != Exit::done) return compiled.exit;
  return apply(PlanBytes(compiled.bytes), arguments);
}

}  // namespace mountc::tool
