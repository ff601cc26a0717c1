// test/kernel/validation_cost.cc - what proving a plan costs, beside the rest of a compilation.
//
//   validation_cost LAYOUT [NAME=VALUE...]
//
// Compiles the layout in this process, a few times, and prints the least processor time of
// validation and of all other stages, in microseconds: `VALIDATION REST`.
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <map>

#include "compiler/check/check.h"
#include "compiler/front/front.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/encode.h"
#include "compiler/validate/validate.h"

namespace mountc {
namespace {

constexpr int runs = 3;

double now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

struct Cost {
  double validation = std::numeric_limits<double>::max(), rest = validation;
};

// As `mountc compile` does, from reading the file to the bytes.
bool measure(const char* path, const std::map<std::string, std::string>& definitions,
             Cost& cost) {
  const double begin = now();
  Sources sources;
  Diagnostics diagnostics;
  const auto file = sources.read(path);
  if (!file) return false;
  const auto layout = understand(sources, *file, definitions, diagnostics);
  if (!layout) return false;
  const Strategies strategies = check_strategies(*layout, {}, diagnostics);
  Program program = lower(*layout, sources, strategies);
  if (!allocate_slots(program)) return false;
  const double lowered = now();
  if (defect_of(program, *layout)) return false;
  const double proven = now();
  std::string excess;
  const auto bytes = encode(program, false, excess);
  if (!bytes || PlanBytes(*bytes).refusal()) return false;
  cost.validation = std::min(cost.validation, proven - lowered);
  cost.rest = std::min(cost.rest, lowered - begin + now() - proven);
  return true;
}

}  // namespace
}  // namespace mountc

int main(int argc, char** argv) {
  std::map<std::string, std::string> definitions;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    definitions[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  }
  mountc::Cost cost;
  for (int i = 0; argc > 1 && i < mountc::runs; ++i) {
    if (!mountc::measure(argv[1], definitions, cost)) return 1;
  }
  fmt::print("{:.0f} {:.0f}\n", cost.validation, cost.rest);
  return argc > 1 ? 0 : 2;
}
