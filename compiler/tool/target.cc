// compiler/tool/target.cc - `--target-kernel`: which ways a plan must have for a kernel.
#include "compiler/tool/target.h"

#include <charconv>
#include <string>

#include "compiler/plan/bytes.h"
#include "compiler/plan/encode.h"

namespace mountc::tool {
namespace {

constexpr int oldest = 515, detached_since = 615;  // major * 100 + minor

constexpr Strategies only_detached{true, false}, only_staging{false, true};

// A plan without a step, run for nothing: its features are probed.
bool runs_detached() {
  Program program;
  program.features[0] = feature::nested_detached;
  std::string excess;
  const PlanBytes plan(*encode(program, true, excess));
  return plan.apply({}) == 0;
}

// Major * 100 + minor, or 0.
int release_of(std::string_view text) {
  const char* const end = text.data() + text.size();
  int major = 0, minor = 0;
  const auto [dot, error] = std::from_chars(text.data(), end, major);
  if (error != std::errc() || dot == end || *dot != '.') return 0;
  if (std::from_chars(dot + 1, end, minor).ec != std::errc()) return 0;
  return major > 0 && major < 1000 && minor >= 0 && minor < 100 ? major * 100 + minor : 0;
}

}  // namespace

std::optional<Strategies> strategies_for(std::string_view kernel) {
  if (kernel == "any") return Strategies{};
  if (kernel == "running") return runs_detached() ? only_detached : only_staging;
  const int release = release_of(kernel);
  if (release < oldest) return std::nullopt;
  Strategies strategies = release >= detached_since ? only_detached : only_staging;
  strategies.release = release;
  return strategies;
}

}  // namespace mountc::tool
