// compiler/foreign/entries.h - what a command of a script makes where mounts are made: files
// and directories.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/kernel/dentries.h"

namespace mountc {

// One entry that a command makes, moves or removes: then nothing is known of it any more.
struct MadeEntry {
  std::string path;
  kernel::DentryKind kind = kernel::DentryKind::any;
  std::string like = {};  // of `any`: it becomes what this is
  bool inside = false;    // `path` is the directory in which it gets the name of `like`
  bool removed = false;
  bool all = false;        // of `removed`: with what is in it
  bool moved = false;      // it is what `like` was
  bool sets_mode = false;  // of a directory that is there, too
  bool relative = false;   // a link whose text is the way to `like`
  // As a layout makes it, where it does: `node`, and `c 1:3 666`.
  std::string keyword = {}, rest = {};
};

// `c 1:3 MODE` of a node.
std::string node_text(std::string_view type, const std::string& major, const std::string& minor,
                      const std::string& mode);

// touch(1), mkdir(1), cp(1), install(1), ln(1), mv(1), rm(1) and their like; in order.
std::vector<MadeEntry> made_entries(const std::vector<std::string>& words);

}  // namespace mountc
