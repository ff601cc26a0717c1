// compiler/tool/world.cc - the machine that a command asks the model about.
#include "compiler/tool/world.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "compiler/lower/lower.h"
#include "compiler/tool/captured.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"
#include "compiler/validate/simulator.h"

namespace mountc::tool {
namespace {

bool is_number(const std::string& text) {
  return text == "self" || (!text.empty() && std::ranges::all_of(text, [](char c) {
           return c >= '0' && c <= '9';
         }));
}

// One process of each mount namespace that can be read, beside those of `known`.
std::vector<std::string> other_processes(const std::string& pid) {
  std::vector<std::string> found;
  std::set<ino_t> known;
  struct stat info {};
  const auto is_new = [&](const std::string& process) {
    const std::string file = "/proc/" + process + "/ns/mnt";
    return stat(file.c_str(), &info) == 0 && known.insert(info.st_ino).second;
  };
  is_new(pid);
  DIR* const proc = opendir("/proc");
  if (!proc) return found;
  while (const dirent* entry = readdir(proc)) {
    const std::string name = entry->d_name;
    if (is_number(name) && is_new(name)) found.push_back(name);
  }
  closedir(proc);
  std::ranges::sort(found);
  return found;
}

// `process 12 (sshd)`
std::string named(const std::string& pid) {
  std::string command;
  std::ifstream comm("/proc/" + pid + "/comm");
  if (pid == "self" || !std::getline(comm, command)) return "process " + pid;
  return "process " + pid + " (" + command + ")";
}

// Groups keep their names where a member can be seen.
void name_groups(const Layout& layout, ModelWorld& world) {
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    const auto covers = [&](MountId c) { return layout.mounts[c].target.empty(); };
    if (mount.group == none || std::ranges::any_of(mount.children, covers)) continue;
    kernel::Path found;
    const kernel::Task& task = world.spaces[mount.ns == none ? 0 : mount.ns + 1].task;
    if (world.kernel.look_up(task, task.root, mount.full_target, found).refused()) continue;
    const kernel::MountTable& mounts = world.kernel.mounts();
    const kernel::Mount& made = mounts[found.mount];
    const bool member = mount.propagation == Propagation::shared;
    const kernel::MountRef of = member ? found.mount : made.master;
    if (of == kernel::nothing || !mounts[of].shared) continue;
    world.group_names.try_emplace(mounts[of].group, "group " + layout.groups[mount.group].name);
  }
}

// What the layout makes of a host on which nothing is shared.
std::optional<ModelWorld> world_made_by(const Layout& layout, const Sources& sources) {
  World made = make_world(layout, Scenario::all_there);
  const Program program = lower(layout, sources);
  Simulator simulator(made, program);
  if (simulator.run()) return std::nullopt;
  simulator.close_all();
  ModelWorld world{std::move(made.kernel), {}, {}};
  world.spaces.push_back({callers_namespace, made.task.ns, world.kernel.enter(made.task.ns)});
  for (NamespaceId n = 0; n < layout.namespaces.size(); ++n) {
    const kernel::NamespaceRef ns = simulator.namespaces()[n];
    world.spaces.push_back(
        {"namespace " + layout.namespaces[n].name, ns, world.kernel.enter(ns)});
  }
  name_groups(layout, world);
  const bool outside =
      std::ranges::any_of(layout.mounts, [](const Mount& mount) { return mount.ns == none; });
  if (!outside && world.spaces.size() > 1) {
    std::rotate(world.spaces.begin(), world.spaces.begin() + 1, world.spaces.end());
  }
  return world;
}

}  // namespace

uint32_t mount_max() {
  uint32_t most = 100'000;
  std::ifstream("/proc/sys/fs/mount-max") >> most;
  return most;
}

std::optional<ModelWorld> world_of(const std::string& pid_or_file, Exit& exit) {
  Captured captured;
  if (is_number(pid_or_file)) {
    exit = add_process(pid_or_file, named(pid_or_file), captured);
    for (const std::string& other : other_processes(pid_or_file)) {
      const std::string path = "/proc/" + other + "/mountinfo";
      const auto file = captured.sources.read(path);
      if (!file) continue;  // it has ended meanwhile
      if (exit == Exit::done) exit = add_recording(*file, named(other), captured);
    }
  } else {
    exit = add_recording(pid_or_file, "recorded", captured);
  }
  if (exit != Exit::done) return std::nullopt;
  return load(captured.snapshot, mount_max());
}

std::optional<ModelWorld> world_of_any(const std::string& operand, const Arguments& arguments,
                                       Exit& exit) {
  Captured named;
  const bool of_process = is_number(operand);
  const auto file = of_process ? std::optional<uint32_t>() : named.sources.read(operand);
  if (!of_process && !file) {
    exit = cannot_read(operand);
    return std::nullopt;
  }
  const bool recorded = file && is_recording(named.sources.file(*file).text);
  if ((of_process || recorded) && has_unused(Input::machine, arguments)) {
    exit = Exit::usage;
    return std::nullopt;
  }
  if (of_process) return world_of(operand, exit);
  if (recorded) {  // standard input can be read once
    exit = add_recording(*file, "recorded", named);
    if (exit != Exit::done) return std::nullopt;
    return load(named.snapshot, mount_max());
  }
  const auto layout = understood(named.sources, *file, arguments.definitions());
  if (!layout) {
    exit = Exit::rejected;
    return std::nullopt;
  }
  auto world = world_made_by(*layout, named.sources);
  if (!world) print_error("what the layout needs is not sure to be there");
  exit = world ? Exit::done : Exit::failed;
  return world;
}

}  // namespace mountc::tool
