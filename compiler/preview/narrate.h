// compiler/preview/narrate.h - what a plan does, step by step in words, on a machine of the
// model.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/program.h"
#include "compiler/preview/model.h"

namespace mountc {

struct Appearance {
  std::string space;  // a namespace
  uint32_t count = 0;
  std::vector<std::string> paths;  // the first of them
};

struct Narrated {
  size_t step = 0;
  std::string words;
  std::string failure;  // why it fails, and the errno
  bool skipped = false;
  std::vector<Appearance> appears;
  std::vector<std::string> warnings;
};

// A failure is the last one.
std::vector<Narrated> narrate(const Program& program, ModelWorld world);

}  // namespace mountc
