// compiler/import/executor.h - the process that runs a script on the model. Internal to
// import/.
#pragma once

#include <fmt/format.h>

#include "compiler/import/translate.h"

namespace mountc {

class Executor {
 public:
  Executor();
  Translation finish();

 protected:
  kernel::Kernel& kernel() { return result_.world.kernel; }
  kernel::Task& task() { return result_.world.spaces[space_].task; }
  bool find(const std::string& path, kernel::Path& found);
  void answer(const kernel::Answer& answer);
  void pass_over(std::string_view why);
  void unshare();
  kernel::SuperblockRef new_superblock(const std::string& type, const std::string& source,
                                       const std::string& options);

  const Command* command_ = nullptr;
  Translation result_;
  size_t space_ = 0;
};

struct MountFlag {
  const char* word;
  uint32_t set, clear;
};

// `ro`, `nosuid`, ...: as mount(8) and layouts write them. nullptr: it is none.
const MountFlag* find_flag(std::string_view word);

}  // namespace mountc
