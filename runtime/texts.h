// runtime/texts.h - the number of every text that the runtime says; Output::say prints it.
// What belongs to instructions and flags is not among them: a plan brings the names that it needs
// (plan.h Name).
#pragma once

#include <stdint.h>

namespace mountc {

enum class Text : uint16_t {
  none,
#define TEXT(name, text) name,
#include "runtime/texts.def"
#define ERRNO(number, name, text) errno_##name,
#include "runtime/errnos.def"
#define FEATURE(bit, name, since, what) feature_##name,
#include "runtime/features.def"
};

constexpr Text operator+(Text text, int places) {
  return Text(static_cast<int>(text) + places);
}

// The errnos begin here, and the features, in the order of their bits.
inline constexpr Text first_errno = Text::errno_EPERM;
inline constexpr Text first_feature = Text::feature_mount_setattr;

}  // namespace mountc
