// compiler/kernel/answer.h - what a mount operation answers: done, or the rule that refuses it.
#pragma once

#include <cerrno>
#include <cstdint>

namespace mountc::kernel {

enum class Refusal : uint8_t {
  none,
#define KERNEL_RULE(name, error, function, text) name,
#include "compiler/kernel/rules.def"
};

struct RefusalInfo {
  const char* name;
  int error;
  const char* function;
  const char* text;
};

inline constexpr RefusalInfo refusals[] = {
    {"none", 0, "", "done"},
#define KERNEL_RULE(name, error, function, text) {#name, error, function, text},
#include "compiler/kernel/rules.def"
};

// `if (unbindable) return Refusal::clone_unbindable;` reads as the kernel's check does.
struct [[nodiscard]] Answer {
  Refusal refusal = Refusal::none;

  constexpr Answer() = default;
  constexpr Answer(Refusal r) : refusal(r) {}  // NOLINT: meant to be implicit

  bool refused() const { return refusal != Refusal::none; }
  const RefusalInfo& info() const { return refusals[static_cast<uint8_t>(refusal)]; }
  int error() const { return info().error; }
};

inline constexpr Answer done;

}  // namespace mountc::kernel
