// compiler/foreign/mount_command.h - what a command line of mount(8) says. Internal to
// foreign/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/kernel/kernel.h"

namespace mountc {

struct PropagationChange {
  kernel::Propagation type;
  bool recursive;
};

// `rshared`, with or without `--make-`.
std::optional<PropagationChange> propagation_called(std::string_view word);

// `size=1m,mode=755`: what lies between the commas.
std::vector<std::string> split_options(std::string_view list);

struct MountCommand {
  std::vector<std::string> operands;  // what is mounted, and where
  std::string type, fs_options;
  bool bind = false, rbind = false, move = false, remount = false, all = false, mkdir = false;
  uint32_t set = 0, clear = 0;  // flags that are named
  std::vector<PropagationChange> changes;
  std::string unknown;  // an option that mount(8) does not have
  std::string loop;     // `loop=...`: a device is to be made of a file
  bool nofail = false;

  bool names_flags() const { return (set | clear) != 0; }
};

MountCommand parse_mount(const std::vector<std::string>& words);

// What it means beside the calls that it makes.
std::vector<std::string> mount_remarks(const MountCommand& command);

}  // namespace mountc
