// test/kernel/differential.cc - random sequences of mount operations, on the model and on
// Linux.
//
//   differential [--seed N] [--sequences N] [--operations N] [--kernel N]
//
// After every operation the errno and the mounts of all namespaces must agree; at the end also
// with a model that begins with what mountinfo says then, after one mount more. A sequence that
// does not is made as short as it can be, and printed. The model is that of the running kernel,
// or of another release: 612 is Linux 6.12. The last line is `N passed, N failed`. Needs
// CAP_SYS_ADMIN; each sequence has a process and mount namespaces of its own.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "test/kernel/side.h"

namespace mountc::differential {
namespace {

struct Outcome {
  size_t agreed = 0;   // operations that went the same way
  std::string report;  // empty: all did
};

std::string compare(Side& model, Side& real, const Operation& operation) {
  const int expected = model.run(operation);
  const int answered = real.run(operation);
  if (expected != answered) {
    return fmt::format("the model answers {}, the kernel {}\n{}", strerror(expected),
                       strerror(answered), canonical(model.look()));
  }
  const std::string modelled = canonical(model.look()), seen = canonical(real.look());
  if (modelled == seen) return "";
  return fmt::format("--- the model\n{}--- the kernel\n{}", modelled, seen);
}

Outcome run(const std::vector<Operation>& operations) {
  const auto model = model_side();
  const auto real = real_side();
  Outcome outcome;
  for (const Operation& each : operations) {
    outcome.report = compare(*model, *real, each);
    if (!outcome.report.empty()) break;
    ++outcome.agreed;
  }
  if (outcome.report.empty()) outcome.report = after_import(*model, *real);
  return outcome;
}

std::vector<Operation> sequence(uint64_t seed, int count) {
  std::mt19937_64 random(seed);
  const auto model = model_side();
  std::vector<Operation> operations;
  Hints hints;
  const auto add = [&](const Operation& operation) {
    operations.push_back(operation);
    model->run(operation);
  };
  for (int i = 0; i < count; ++i) {
    model->hint(hints);
    add(random_operation(random, hints));
    if (i % 16 != 12) continue;
    model->hint(hints);
    for (const Operation& each : receivers(random, hints)) add(each);
  }
  return operations;
}

bool disagrees(const std::vector<Operation>& operations) {
  return !apart([&] { return run(operations).report; }).empty();
}

// Without what does not matter: first the end, then one operation after the other.
std::vector<Operation> shortened(std::vector<Operation> operations) {
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (size_t i = operations.size(); i-- > 0;) {
      std::vector<Operation> without = operations;
      without.erase(without.begin() + static_cast<ptrdiff_t>(i));
      if (!disagrees(without)) continue;
      operations = std::move(without);
      shorter = true;
    }
  }
  return operations;
}

void explain(uint64_t seed, const std::vector<Operation>& operations) {
  fmt::print("seed {}:\n", seed);
  for (const Operation& each : operations) fmt::print("    {}\n", text(each));
  fmt::print("{}\n", apart([&] { return run(operations).report; }));
  std::fflush(stdout);
}

int main_of(uint64_t seed, int sequences, int count) {
  int failed = 0;
  for (int i = 0; i < sequences; ++i, ++seed) {
    const std::vector<Operation> operations = sequence(seed, count);
    if (!disagrees(operations)) continue;
    explain(seed, shortened(operations));
    if (++failed == 10) break;
  }
  fmt::print("{} passed, {} failed\n", sequences - failed, failed);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace mountc::differential

int main(int argc, char** argv) {
  uint64_t seed = 1;
  int sequences = 2000, operations = 40;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    const long long value = atoll(argv[i + 1]);
    if (option == "--seed") seed = static_cast<uint64_t>(value);
    if (option == "--sequences") sequences = static_cast<int>(value);
    if (option == "--operations") operations = static_cast<int>(value);
    if (option == "--kernel") mountc::differential::model_of(static_cast<int>(value));
  }
  return mountc::differential::main_of(seed, sequences, operations);
}
