// compiler/kernel/version.h - which kernel the model behaves like.
#pragma once

#include <cstdint>

namespace mountc::kernel {

enum class Change : uint8_t {
#define CHANGE(name, since, function, what) name,
#include "compiler/kernel/changes.def"
};

struct Version {
  uint16_t number = 618;  // major * 100 + minor

  bool has(Change change) const {
    constexpr uint16_t since_of[] = {
#define CHANGE(name, since, function, what) since,
#include "compiler/kernel/changes.def"
    };
    return number >= since_of[static_cast<uint8_t>(change)];
  }
};

}  // namespace mountc::kernel
